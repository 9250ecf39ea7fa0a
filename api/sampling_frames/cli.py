"""`caseloop import sampling-frame`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of
from api.imports.import_command import Given, bring_in, import_command


def sampling_frame(
    given: Given,
    cycle: Annotated[str, typer.Option("--cycle", help="The cycle of audits it is for.")] = "",
    on: Annotated[str, typer.Option("--on", help="As at the end of this day, YYYY-MM-DD.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where the list comes from.")] = "",
) -> None:
    """Freeze the cases that audits of a cycle are drawn from: our template, a child-level list of
    Annex A, or a table of the Standard Safeguarding Dataset."""
    from api.imports.about import AboutPlan

    if cycle:
        given = replace(given, set_field=[*(given.set_field or ()), f"cycle={cycle}"])
    about = AboutPlan(as_at=day_of(on or None, "--on"), source=source)
    bring_in("sampling-frame", given, about=about)


COMMANDS = CliCommand("sampling-frame", import_command(sampling_frame), "import")
