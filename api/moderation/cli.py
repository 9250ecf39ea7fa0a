"""`caseloop import moderations|audit-outcomes`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.imports.import_command import Given, bring_in, import_command

Tool = Annotated[str, typer.Option("--tool", help="The audit tool whose domains are meant.")]
Contradicted = Annotated[
    bool,
    typer.Option(help="Keep rows whose stated agreement contradicts the two grades."),
]


def import_moderations(
    given: Given, tool: Tool = "whole-case-file", keep_contradicted: Contradicted = False
) -> None:
    """Import moderations of audits that are on record."""
    bring_in("moderations", given, tool=tool, keep_contradicted=keep_contradicted)


def import_outcomes(given: Given, tool: Tool = "whole-case-file") -> None:
    """Say which grades of imported audits are final, and which audits do not count."""
    bring_in("audit-outcomes", given, tool=tool)


COMMANDS = (
    CliCommand("moderations", import_command(import_moderations), "import"),
    CliCommand("audit-outcomes", import_command(import_outcomes), "import"),
)
