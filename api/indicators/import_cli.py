"""`caseloop import indicators|observations`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of
from api.imports.import_command import Given, bring_in, import_command


def import_indicators(
    given: Given,
    since: Annotated[
        str | None, typer.Option(help="From which day definitions hold, where no column says it.")
    ] = None,
) -> None:
    """Define indicators, with their targets: one row an indicator."""
    from api.imports.about import AboutPlan

    bring_in("indicators", given, about=AboutPlan(since=day_of(since, "--since")))


def import_observations(
    given: Given,
    year: Annotated[
        str, typer.Option(help="The financial year of headings such as Q1: 2026/27.")
    ] = "",
    source: Annotated[
        str, typer.Option(help="Whose values they are; left out, the council’s own.")
    ] = "",
) -> None:
    """Import values of indicators: one row a period, or one column a period."""
    from api.imports.about import AboutPlan

    bring_in("observations", given, about=AboutPlan(year=year, source=source))


COMMANDS = (
    CliCommand("indicators", import_command(import_indicators), "import"),
    CliCommand("observations", import_command(import_observations), "import"),
)
