"""`caseloop import open-cases`: the cases that were open at the end of a day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of


def open_cases(
    file: Annotated[Path, typer.Argument(help="CSV with case,team,supervised_on.")],
    on: Annotated[str, typer.Option("--on", help="Open at the end of this day, YYYY-MM-DD.")],
    source: Annotated[str, typer.Option("--source", help="Where the list comes from.")],
) -> None:
    """Bring in the open cases, against which the supervision of cases is counted."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.supervision.open_cases import read_open_cases
    from qa.core.errors import Refused
    from qa.people.commands import OPERATOR
    from qa.supervision.commands import ListOpenCases
    from qa.supervision.handlers import list_open_cases

    day = day_of(on, "--on")
    if day is None:
        raise Refused("Give the day of the list.", field="--on", code="date-missing")
    cases = tuple(read_open_cases(file.read_text("utf-8-sig")))
    command = ListOpenCases(counted_on=day, source=source, cases=cases)
    done = list_open_cases(open_services().desk, command, by=OPERATOR)
    output.line(f"{done.response['cases']} open cases are taken in.")


COMMANDS = CliCommand("open-cases", open_cases, "import")
