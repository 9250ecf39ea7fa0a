"""The command line: ``caseloop …``."""

from api.cli.main import main

__all__ = ["main"]
