"""An inspector's own room: what it shows them, their notes and questions, what they opened."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.disclosure.reading import evaluations_given
from api.inspections.answers_document import AnswersFileKind, send_answers
from api.inspections.reading import (
    cases_words,
    opened_by,
    opened_lines,
    room_words,
    with_names,
)
from api.navigation import NavigationItem, NavigationSection
from api.web.changes import Trouble, key_of, new_key, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from projections.inspections import queries
from projections.inspections.tables import RoomRow
from qa.authorisation.policy import can, require
from qa.core.errors import Conflict, Fault, NotFound
from qa.core.fields import field_words
from qa.core.words import Resource
from qa.inspections import handlers
from qa.inspections.commands import AskInInspectorRoom
from qa.inspections.events import inspection_stream
from qa.security import drafts
from qa.security.drafts import DraftMovedOn
from qa.store.unit import Receipt

router = PageRouter(prefix="/room")
NAVIGATION = NavigationItem("Your room", "/room", 5, NavigationSection.HOME, "ask-in-inspection")

DONE = {"asked": "Your question is with the council.", "kept": "Your notes are saved."}


def _own(reading: Reading, verb: str) -> RoomRow:
    require(reading.actor, verb, Resource(person=reading.actor.person, somewhere=True))
    found = queries.room_of(reading.connection, reading.actor.person, reading.today)
    if found is None:
        raise NotFound("You have no room that is open.")
    return found


@router.get("")
def show_own_room(request: Request, reading: PresentReader) -> Response:
    found = _own(reading, "ask-in-inspection")
    notice = reading.notice(DONE)
    return _page(reading, found, {}, Errors(), notice=notice)


@router.get("/questions.{kind}")
def take_out_own_questions(reading: PresentReader, kind: AnswersFileKind) -> Response:
    """Questions and answers of the inspector's own room, as a document."""
    found = _own(reading, "ask-in-inspection")
    return send_answers(reading, found, kind)


def _page(
    reading: Reading,
    found: RoomRow,
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
    notice: str = "",
    stored: str | None = None,
) -> Response:
    connection, room = reading.connection, found.room
    before = reading.request.query_params.get("after", "")
    lines, next_page = opened_by(reading, found, before=before)
    notes = drafts.load(
        connection,
        reading.desk.vault,
        subject=inspection_stream(room),
        person=reading.actor.person,
    )
    kept = "" if notes is None else notes.fields.get("notes", "")
    return reading.page(
        "inspections/own.html",
        status=status,
        title="Your room",
        wide=True,
        errors=errors,
        said=notice,
        as_at=None,
        room={**found._asdict(), **room_words(found, reading.today)},
        about=cases_words(connection, reading.actor, found),
        inspector=reading.actor.display_name,
        may_pack=can(reading.actor, "make-pack").allowed,
        fields=field_words(AskInInspectorRoom),
        questions=with_names(connection, queries.questions(connection, room), reading.at.position),
        evaluations=evaluations_given(connection, reading.actor),
        lines=opened_lines(reading, "/account/accesses", lines),
        more=f"/room?after={next_page}" if next_page else "",
        typed=typed,
        notes=typed.get("notes", kept),
        stored=stored,
        revision=0 if notes is None else notes.revision,
        key=new_key(),
        subject=typed.get("subject", reading.request.query_params.get("about", "")),
    )


@router.post("/notes")
def keep_notes(reading: Reader, form: Posted) -> Response:
    """Keep the inspector's own notes. Nobody else reads them through Caseloop."""
    found = _own(reading, "keep-inspection-notes")
    notes = text(form, "notes")
    given = text(form, "seen")
    try:
        with reading.services.store.writing() as connection:
            drafts.save(
                connection,
                reading.desk.vault,
                reading.services.clock,
                subject=inspection_stream(found.room),
                person=reading.actor.person,
                about=f"person:{reading.actor.person}",
                fields={"notes": notes},
                seen=int(given) if given.isdecimal() and len(given) < 9 else 0,
            )
    except DraftMovedOn as moved:
        sentence = "Your notes were saved on another device meanwhile. Both are shown below."
        errors = Errors([Fault("notes", moved.code, sentence)])
        stored = moved.current.fields.get("notes", "")
        return _page(reading, found, {"notes": notes}, errors, 409, stored=stored)
    except Conflict as conflict:
        errors = Errors([Fault("notes", conflict.code, conflict.sentence)])
        return _page(reading, found, {"notes": notes}, errors, 409)
    return RedirectResponse("/room?done=kept", status_code=303)


@router.post("/questions")
def ask(reading: Reader, form: Posted) -> Response:
    found = _own(reading, "ask-in-inspection")
    typed = {"asked": text(form, "asked"), "subject": text(form, "subject")}

    def do() -> Receipt:
        command = AskInInspectorRoom(room=found.room, **typed)
        return handlers.ask(reading.desk, command, by=reading.actor, key=key_of(form))

    done = tried(do, ("asked", "subject"))
    if isinstance(done, Trouble):
        return _page(reading, found, typed, done.errors, done.status)
    return RedirectResponse("/room?done=asked", status_code=303)
