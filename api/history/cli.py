"""`caseloop compare`: what changed between two dates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.dates import renamed
from api.cli.options import with_options
from api.cli.store_session import open_services, operator_as_lead
from api.history.two_dates import TwoDates
from qa.core.errors import Refused


@with_options(TwoDates)
def compare(
    dates: TwoDates,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind of record. Repeatable.")
    ] = None,
    report: Annotated[
        list[str] | None, typer.Option(help="Only figures of this report. Repeatable.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A file to write: .csv, .xlsx, .json, .docx or .pdf."),
    ] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="A CSV file to write.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    old_from: Annotated[str | None, typer.Option("--from", hidden=True)] = None,
    old_to: Annotated[str | None, typer.Option("--to", hidden=True)] = None,
) -> None:
    """Name every record and figure that is not the same at two dates, and what moved it."""
    from api.history import comparison
    from api.history.asked_comparison import NOWHERE, asked_comparison
    from api.history.comparison_files import comparison_file
    from api.history.schemas import ComparisonOut

    renamed(old_from, "--from", "--from-as-at")
    renamed(old_to, "--to", "--to-as-at")
    if dates.before == NOWHERE and not (dates.since_meeting or dates.since_report):
        raise Refused("Give the date to compare with: --from-as-at.", field="--from-as-at")
    if (dates.first is None) != (dates.last is None):
        raise Refused("Give --first and --last together.", field="--first")
    services = open_services()
    with services.store.reading() as connection:
        operator = operator_as_lead(services, connection)
        one = asked_comparison(services, connection, operator, dates, kind or (), report or ())
        sides = one.before, one.after
        file = out or csv_file
        if file is not None:
            ends = "csv" if out is None else file.suffix.lstrip(".").lower()
            body = comparison_file(
                services, connection, operator, *sides, ends, one.wanted, one.title
            )
            file.write_bytes(body)
            output.line(f"Wrote {file}.")
            return
        found = comparison.compare(services, connection, operator, *sides, one.wanted)
    if as_json:
        output.as_json(ComparisonOut.model_validate(found).model_dump(by_alias=True))
        return
    if found.nothing:
        output.line("Nothing moved.")
        return
    moved = (*found.audits, *found.records)
    for group in found.kinds:
        output.table(
            group.label,
            ["Record", "How", "Field", "Was", "Is"],
            [
                [each.name, comparison.HOW[each.how], f.label, f.old or "", f.new or ""]
                for each in moved
                if each.kind == group.kind
                for f in each.fields
            ],
        )
    output.table(
        "Figures",
        ["Report", "Figure", "Row", "Was", "Is", "Because of"],
        [
            [
                each.of,
                each.figure.label,
                each.row,
                each.figure.old or "",
                each.figure.new or "",
                ", ".join(each.audits),
            ]
            for each in found.figures
        ],
    )
    for event in found.others:
        output.line(f"{event['position']}: {event['title']}")


COMMANDS = CliCommand("compare", compare)
