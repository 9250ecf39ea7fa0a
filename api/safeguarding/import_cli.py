"""`caseloop import concerns`."""

from __future__ import annotations

from api.cli.commands import CliCommand
from api.imports.import_command import Given, bring_in, import_command


def import_concerns(given: Given) -> None:
    """Import safeguarding concerns that were raised from audits, and what became of them."""
    bring_in("concerns", given)


COMMANDS = (CliCommand("concerns", import_command(import_concerns), "import"),)
