"""The command line: ``caseloop …``."""
