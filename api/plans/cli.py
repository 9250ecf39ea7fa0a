"""`caseloop report rag|board`: the ratings of an improvement plan on a day, and its board view."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, day_of, renamed
from qa.core.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.web import moments
    from projections.plans.rag_report import RagReport
    from qa.store.store import Store


Day = Annotated[
    str | None,
    typer.Option("--day", help="The plan on this day, YYYY-MM-DD; that of the moment, if not."),
]
KnownOn = Annotated[str | None, typer.Option("--known-on", hidden=True)]


def _moment(
    store: Store, connection: Connection, as_at: str | None, position: int | None
) -> moments.AsAt:
    """The moment that is asked for. `--as-at` was the day of the plan once: whoever means that is
    told the option for it."""
    from api.web import moments

    try:
        return moments.as_at(store, connection, day_of(as_at, "--as-at"), position)
    except Refused as refused:
        sentence = f"{refused.sentence} The plan on another day, by what is known now, is --day."
        raise Refused(sentence, field="--as-at", code=refused.code) from None


def rag(
    plan: Annotated[str, typer.Option("--plan", help="The id of the plan, or its title.")],
    on: Day = None,
    as_at: AsAt = None,
    position: Position = None,
    known_on: KnownOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write a CSV file.")] = None,
) -> None:
    """Counts at each level, means and lateness of an improvement plan, by theme and in all."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.documents.figures import to_csv
    from api.plans import report as plan_report
    from api.plans.report_schemas import RagReportOut
    from api.web import access_notes
    from api.web.freshness import behind
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    renamed(known_on, "--known-on", "--as-at")
    day = day_of(on, "--day")
    services = open_services()
    with services.store.reading() as connection:
        at = _moment(services.store, connection, as_at, position)
        found = plan_report.make(
            connection,
            plan_called(connection, plan),
            at,
            day=day,
            behind=behind(services, connection, at),
        )
    what = What.EXPORT if csv_file else What.VIEW
    detail = f"report {found.day}"
    access_notes.note(services, OPERATOR, what, f"plan:{found.plan}", detail=detail, at=at)
    if csv_file is not None:
        every = replace(found, rows=(*found.rows, *found.totals))
        csv_file.write_text(to_csv(every), encoding="utf-8-sig", newline="")
        output.line(f"Wrote {csv_file}.")
    if as_json:
        output.as_json(RagReportOut.of(found).model_dump(mode="json"))
    elif csv_file is None:
        _print(found)


def board(
    plan: Annotated[str, typer.Option("--plan", help="The id of the plan, or its title.")],
    meeting: Annotated[
        str | None, typer.Option(help="The id of a meeting, or its day, YYYY-MM-DD.")
    ] = None,
    on: Day = None,
    as_at: AsAt = None,
    position: Position = None,
    known_on: KnownOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    word_file: Annotated[Path | None, typer.Option("--word", help="Write a Word file.")] = None,
    pdf_file: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF file.")] = None,
) -> None:
    """What a board has to know at a meeting, and what changed since the last."""
    from api.agreement.document import render_report
    from api.cli import output
    from api.cli.store_session import open_services
    from api.plans import board as plan_board
    from api.plans.board_document import board_document
    from api.plans.board_schemas import BoardViewOut
    from api.web import access_notes
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    renamed(known_on, "--known-on", "--as-at")
    day = day_of(on, "--day")
    services = open_services()
    with services.store.reading() as connection:
        at = _moment(services.store, connection, as_at, position)
        own = plan_called(connection, plan)
        called = None if meeting is None else _meeting(connection, own, meeting)
        made = plan_board.board(connection, own, at, actor=None, meeting=called, day=day)
    taken = at.taken_out("operator", services.clock.now())
    files = {"docx": word_file, "pdf": pdf_file}
    wanted = {kind: file for kind, file in files.items() if file is not None}
    what = What.EXPORT if wanted else What.VIEW
    access_notes.note(services, OPERATOR, what, f"plan:{own}", detail="board view", at=at)
    for kind, file in wanted.items():
        file.write_bytes(render_report(board_document(made, taken), kind))
        output.line(f"Wrote {file}.")
    if as_json:
        output.as_json(BoardViewOut.of(made).to_json())
    elif not wanted:
        output.line(f"{made.record.plan.title}, {made.day.isoformat()}")
        for sentence in made.headline:
            output.line(f"- {sentence}")


def _meeting(connection: Connection, plan: str, wanted: str) -> str:
    """The id of the meeting with this id or on this day.

    Raises:
        Refused: there is none.
    """
    from projections.plans import queries

    record = queries.read(connection, plan)
    held = () if record is None else record.meetings
    for one in held:
        if wanted in (one.id, one.on.isoformat()) and one.state != "cancelled":
            return one.id
    raise Refused("There is no such meeting.", field="--meeting", code="meeting-unknown")


def plan_called(connection: Connection, plan: str) -> str:
    """The id of the plan with this id or title.

    Raises:
        Refused: no plan is called so, or several are.
    """
    from projections.plans import queries

    held = queries.plans(connection)
    called = [one.id for one in held if plan == one.id or plan.casefold() == one.title.casefold()]
    if len(called) != 1:
        sentence = "Several plans are called so: give the id." if called else "No such plan."
        raise Refused(sentence, field="--plan", code="plan-unknown")
    return called[0]


_MEANS = {"mean": "Mean", "mean_of_themes": "Mean of the means of themes"}


def _print(report: RagReport) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(file=sys.stdout)
    table = Table(title=f"{report.title}, {report.day}")
    rows = [*report.rows, *report.totals]
    # What fits a terminal; JSON and CSV hold every figure.
    names = [
        name
        for name in dict.fromkeys(name for row in rows for name in row.figures)
        if name in ("actions", "unrated", *_MEANS) or name.startswith("rated_")
    ]
    table.add_column("Theme")
    for name in names:
        said = _MEANS.get(name, name.removeprefix("rated_").replace("_", " ").capitalize())
        table.add_column(said, justify="right")
    for row in rows:
        figures = [row.figures.get(name) for name in names]
        label = row.group.get("theme") or row.group.get("total")
        table.add_row(str(label), *("–" if one is None else one.display for one in figures))
    console.print(table)
    console.print(report.cohort_rule)
    for caveat in dict.fromkeys(
        text for row in rows for one in row.figures.values() for text in one.caveats
    ):
        console.print(caveat.partition(": ")[2])
    console.print(f"As known at position {report.position}.")


COMMANDS = (CliCommand("rag", rag, "report"), CliCommand("board", board, "report"))
