"""`caseloop compare`: what changed between two dates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import renamed
from api.cli.options import with_options
from api.history.two_dates import TwoDates


@with_options(TwoDates)
def compare(
    asked: TwoDates,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="A CSV file to write.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    old_from: Annotated[str | None, typer.Option("--from", hidden=True)] = None,
    old_to: Annotated[str | None, typer.Option("--to", hidden=True)] = None,
) -> None:
    """Name every record and figure that is not the same at two dates, and what moved it."""
    from api.cli import output
    from api.cli.store_session import open_services, operator_as_lead
    from api.history import comparison
    from api.history.schemas import ComparisonOut
    from api.lists.files import write_listing
    from api.web.moments import as_at
    from projections.agreement.question import AgreementQuestion
    from qa.core.errors import Refused
    from qa.core.periods import PeriodKind

    renamed(old_from, "--from", "--from-as-at")
    renamed(old_to, "--to", "--to-as-at")
    if asked.before == (None, None, None):
        raise Refused("Give the date to compare with: --from-as-at.", field="--from-as-at")
    start, end = asked.first, asked.last
    if (start is None) != (end is None):
        raise Refused("Give --first and --last together.", field="--first")
    question = None
    if start is not None and end is not None:
        question = AgreementQuestion(start=start, end=end, by=PeriodKind.QUARTER)
    services = open_services()
    store = services.store
    with store.reading() as connection:
        operator = operator_as_lead(services, connection)
        moments = (
            as_at(store, connection, *asked.before),
            as_at(store, connection, *asked.after),
        )
        if csv_file is not None:
            listing = comparison.listing(services, connection, operator, *moments, question)
            write_listing(listing, csv_file)
            output.line(f"Wrote {len(listing.rows)} lines to {csv_file}.")
            return
        found = comparison.compare(services, connection, operator, *moments, question)
    if as_json:
        output.as_json(ComparisonOut.model_validate(found).model_dump(by_alias=True))
        return
    if found.nothing:
        output.line("Nothing moved.")
        return
    output.table(
        "Audits",
        ["Audit", "How", "Field", "Was", "Is"],
        [
            [one.reference, comparison.HOW[one.how], f.label, f.old or "", f.new or ""]
            for one in found.audits
            for f in one.fields
        ],
    )
    output.table(
        "Figures",
        ["Figure", "Row", "Was", "Is", "Audits"],
        [
            [
                one.figure.label,
                one.row,
                one.figure.old or "",
                one.figure.new or "",
                ", ".join(one.audits),
            ]
            for one in found.figures
        ],
    )
    for event in found.others:
        output.line(f"{event['position']}: {event['title']}")


COMMANDS = CliCommand("compare", compare)
