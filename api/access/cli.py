"""`caseloop report unusual-access`: accesses of a week that are worth a second look."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.dates import day_of
from api.cli.store_session import open_services


def unusual_access(
    week: Annotated[
        str | None, typer.Option(help="A day of the week, YYYY-MM-DD; else the last whole week.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="A CSV file to write.")] = None,
) -> None:
    """Which accesses of a week are worth a second look: by rule, with what was counted."""
    from api.access.schemas import UnusualAccessOut
    from api.access.unusual import unusual_access as report_of
    from api.access.unusual import unusual_listing, week_of
    from api.documents.text import as_csv
    from api.web import access_notes
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    services = open_services()
    monday = week_of(services, day_of(week, "--week"))
    with services.store.reading() as connection:
        found = report_of(services, connection, monday)
        head = services.store.head(connection)
    detail = f"unusual access, week of {monday.isoformat()}"
    what = What.EXPORT if csv_file else What.VIEW
    access_notes.note(services, OPERATOR, what, "access-log", detail=detail)
    if csv_file is not None:
        listing = unusual_listing(services, found, by="operator", head=head)
        csv_file.write_bytes(as_csv(listing))
        output.line(f"Wrote {csv_file}.")
    if as_json:
        output.as_json(UnusualAccessOut.of(found).model_dump())
    elif csv_file is None:
        rows = [
            [
                one.rule,
                found.names.get(one.person, one.person),
                str(one.numerator),
                str(one.denominator),
            ]
            for one in found.findings
        ]
        output.table(
            f"Unusual access, {found.first} to {found.last}",
            ["Rule", "Person", "How many", "Of"],
            rows,
        )
        output.line(f"{found.accesses} accesses of {found.persons} people were looked through.")


COMMANDS = CliCommand("unusual-access", unusual_access, "report")
