"""`caseloop report board`: the board view of an improvement plan, for a terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.dates import day_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def board(
    plan: Annotated[str, typer.Option("--plan", help="The id of the plan, or its title.")],
    meeting: Annotated[
        str | None, typer.Option(help="The id of a meeting, or its day, YYYY-MM-DD.")
    ] = None,
    as_at: Annotated[
        str | None,
        typer.Option("--as-at", help="The plan as at this day, YYYY-MM-DD; today, if not."),
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", help="Of what was known at the end of this day."),
    ] = None,
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
    from api.plans.cli import plan_called
    from api.web import access_notes
    from api.web.moments import as_at as moment
    from qa.core.access import What
    from qa.people.commands.people import OPERATOR

    day, known = day_of(as_at, "--as-at"), day_of(known_on, "--known-on")
    services = open_services()
    with services.store.reading() as connection:
        at = moment(services.store, connection, known)
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
        output.as_json(plan_board.to_json(made))
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
    from qa.core.errors import Refused

    record = queries.read(connection, plan)
    held = () if record is None else record.meetings
    for one in held:
        if wanted in (one.id, one.on.isoformat()) and one.state != "cancelled":
            return one.id
    raise Refused("There is no such meeting.", field="--meeting", code="meeting-unknown")
