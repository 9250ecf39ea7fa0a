"""`caseloop import moderations`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
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

Tool = Annotated[str, typer.Option("--tool", help="The audit tool whose domains are meant.")]
Contradicted = Annotated[
    bool,
    typer.Option(help="Keep rows whose stated agreement contradicts the two grades."),
]


def import_moderations(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    tool: Tool = "whole-case-file",
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    keep_contradicted: Contradicted = False,
    as_json: Json = False,
) -> None:
    """Bring in moderations of audits that are on record."""
    how = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("moderations", how, tool=tool, keep_contradicted=keep_contradicted)


COMMANDS = CliCommand("moderations", import_moderations, "import")
