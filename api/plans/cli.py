"""`caseloop report rag|board`: the ratings of an improvement plan on a day, and its board view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, day_of, renamed
from api.reports.command import report_command
from api.reports.query import AskedPart
from qa.core.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.web import moments
    from qa.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RagQuery:
    plan: Annotated[str, AskedPart("Plan", "The id of the plan, or its title.")]
    day: Annotated[
        date | None, AskedPart("On", "The plan on this day; that of the moment, if not.")
    ] = None


Day = Annotated[
    str | None,
    typer.Option("--day", help="The plan on this day, YYYY-MM-DD; that of the moment, if not."),
]
MEANT = "The plan on another day, by what is known now, is --day."
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
        sentence = f"{refused.sentence} {MEANT}"
        raise Refused(sentence, field="--as-at", code=refused.code) from None


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
    from api.cli import output
    from api.cli.store_session import open_services
    from api.plans import board as plan_board
    from api.plans.board_document import board_document
    from api.plans.board_schemas import BoardViewOut
    from api.plans.lookups import plan_called
    from api.reports.documents import render_report
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


COMMANDS = (
    report_command(
        "rag",
        RagQuery,
        {
            "actions": "Actions",
            "unrated": "Unrated",
            "mean": "Mean",
            "mean_of_themes": "Mean of the means of themes",
        },
        "Counts at each level, means and lateness of an improvement plan, by theme and in all.",
        every="rated_",
        meant=MEANT,
        old_options={"known_on": ("--known-on", "--as-at")},
    ),
    CliCommand("board", board, "report"),
)
