"""`caseloop import teams` and `caseloop import people`."""

from __future__ import annotations

from api.cli.commands import CliCommand
from api.imports.import_command import Given, bring_in, import_command


def import_teams(given: Given) -> None:
    """Open the teams that a file names, in their services."""
    bring_in("teams", given)


def import_people(given: Given) -> None:
    """Add people with their roles: one row a person, or one row a role."""
    bring_in("people", given)


COMMANDS = (
    CliCommand("teams", import_command(import_teams), "import"),
    CliCommand("people", import_command(import_people), "import"),
)
