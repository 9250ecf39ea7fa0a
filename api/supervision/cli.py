"""`caseloop report supervision`: sessions held in time, and what checks found."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of

if TYPE_CHECKING:
    from projections.supervision.figures import SupervisionReport


def supervision(
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--to", help="Last day (included), YYYY-MM-DD.")],
    by: Annotated[
        str, typer.Option(help="month, quarter, calendar-quarter, financial-year or calendar-year.")
    ] = "quarter",
    cut: Annotated[str, typer.Option(help="Cut by team, service or standard.")] = "",
    team: Annotated[str, typer.Option(help="Only this team (code).")] = "",
    service: Annotated[str, typer.Option(help="Only this service (code).")] = "",
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write a CSV file.")] = None,
) -> None:
    """Supervision in figures: nobody is named."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.documents.figures import to_csv
    from api.supervision import report as supervision_report
    from api.supervision.schemas import SupervisionReportOut
    from api.web import access_notes
    from api.web.freshness import behind
    from api.web.moments import as_at as moment
    from api.web.moments import looking
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
    first, last = day_of(start, "--from"), day_of(end, "--to")
    services = open_services()
    with services.store.reading() as connection:
        at = moment(services.store, connection, *days)
        asked = supervision_report.question_of(first, last, by, cut, team, service)
        late = behind(services, connection, at)
        with looking(services, connection, at) as shown:
            found = supervision_report.make(shown, asked, at, actor=None, behind=late)
    what = What.EXPORT if csv_file else What.VIEW
    detail = f"{asked.start} to {asked.end}"
    access_notes.note(services, OPERATOR, what, "report:supervision", detail=detail, at=at)
    if csv_file is not None:
        every = replace(found, rows=(*found.rows, *found.totals))
        csv_file.write_text(to_csv(every), encoding="utf-8-sig", newline="")
        output.line(f"Wrote {csv_file}.")
    if as_json:
        output.as_json(SupervisionReportOut.of(found).model_dump(mode="json"))
    elif csv_file is None:
        _print(found)


def _print(report: SupervisionReport) -> None:
    from rich.console import Console
    from rich.table import Table

    from projections.figures.running import labelled

    console = Console(file=sys.stdout)
    table = Table(title=report.title)
    keys = [key for key in report.rows[0].group if key not in ("from", "to")]
    for key in keys:
        table.add_column(key.replace("_", " ").capitalize(), no_wrap=True)
    for name in report.rows[0].figures:
        table.add_column(name.removesuffix("_rate").replace("_", " "), justify="right")
    for row in (*report.rows, *report.totals):
        cells = [
            f"{one.display} ({one.numerator}/{one.denominator})" for one in row.figures.values()
        ]
        period, *rest = (str(row.group.get(key, "Whole range")) for key in keys)
        table.add_row(labelled(period, row.caveats), *rest, *cells)
    console.print(table)
    console.print(report.cohort_rule)
    console.print(f"As known at position {report.position}.")


COMMANDS = CliCommand("supervision", supervision, "report")
