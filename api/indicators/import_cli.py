"""`caseloop import indicators|observations`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of
from api.imports.import_command import (
    DryRun,
    Given,
    Heading,
    Json,
    MapFile,
    Rejects,
    Sheet,
    SkipBad,
    bring_in,
)

File = Annotated[Path, typer.Argument(help="CSV or XLSX.")]


def import_indicators(
    file: File,
    since: Annotated[
        str | None, typer.Option(help="From which day definitions hold, where no column says it.")
    ] = None,
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Define indicators, with their targets: one row an indicator."""
    from api.imports.about import AboutPlan

    given = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("indicators", given, about=AboutPlan(since=day_of(since, "--since")))


def import_observations(
    file: File,
    year: Annotated[
        str, typer.Option(help="The financial year of headings such as Q1: 2026/27.")
    ] = "",
    source: Annotated[
        str, typer.Option(help="Whose values they are; left out, the council’s own.")
    ] = "",
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Bring in values of indicators: one row a period, or one column a period."""
    from api.imports.about import AboutPlan

    given = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("observations", given, about=AboutPlan(year=year, source=source))


COMMANDS = (
    CliCommand("indicators", import_indicators, "import"),
    CliCommand("observations", import_observations, "import"),
)
