"""The command line: ``caseloop …``."""

from api.cli.app import main

__all__ = ["main"]
