"""`caseloop import open-cases`: the cases that were open at the end of a day."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of
from api.imports.import_command import Given, bring_in, import_command


def open_cases(
    given: Given,
    on: Annotated[str, typer.Option("--on", help="Open at the end of this day, YYYY-MM-DD.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where the list comes from.")] = "",
) -> None:
    """Bring in the open cases, against which the supervision of cases is counted: our template, a
    child-level list of Annex A, or a table of the Standard Safeguarding Dataset."""
    from api.imports.about import AboutPlan

    bring_in("open-cases", given, about=AboutPlan(as_at=day_of(on or None, "--on"), source=source))


COMMANDS = CliCommand("open-cases", import_command(open_cases), "import")
