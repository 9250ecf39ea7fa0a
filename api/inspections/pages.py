"""Inspectors' rooms as the council sees them: the list, opening one, what was opened, answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from api.inspections.answers_document import AnswersFileKind, send_answers
from api.inspections.listing import room_list
from api.inspections.reach_forms import REACH, reach_boxes, reach_typed
from api.inspections.reading import (
    cases_words,
    done_words,
    left_out_words,
    opened_by,
    opened_lines,
    resource_of,
    room_words,
    with_names,
)
from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.web.boxes import FormValues, drawn
from api.web.changes import Trouble, key_of, new_key, seen, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input
from api.web.forms import Errors, flat, text
from api.web.late_routes import PageRouter
from projections.inspections import queries as inspection_queries
from projections.inspections.tables import RoomRow
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.errors import Fault, NotFound, Refused
from qa.core.fields import field_words
from qa.inspections import handlers
from qa.inspections.commands import (
    AnswerInInspectorRoom,
    CloseInspectorRoom,
    ExtendInspectorRoom,
    OpenInspectorRoom,
)
from qa.store.unit import Receipt

router = PageRouter(prefix="/inspections")
NAVIGATION = NavigationItem(
    "Inspections", "/inspections", 230, NavigationSection.SET_UP, "run-inspection"
)

RoomId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
ORDER = ("inspector", "title", *REACH, "since", "until", "pinned_on", "reason")
DAYS = ("since", "until", "pinned_on")
DONE = {
    "opened": "The room is open.",
    "reach": "What the room opens is changed.",
    "extended": "The last day is moved.",
    "closed": "The room is closed.",
    "answered": "The answer is given.",
}


def _rooms(reading: Reader) -> RecordList[RoomRow]:
    require(reading.actor, "run-inspection")
    at = reading.at
    return room_list(reading.connection, reading.actor, at.on, at.position)


@router.get("")
def list_rooms(request: Request, reading: Reader) -> Response:
    return list_page(
        reading,
        _rooms(reading),
        said=reading.notice(DONE),
        button=("Open a room", "/inspections/new"),
        intro="A room lets somebody from outside the council read its records: for a time, within "
        "a scope, and if you wish only the records of one day. You and the inspector both see what "
        "they opened.",
    )


list_files(router, "", _rooms)


@router.get("/new")
def new_room(reading: PresentReader) -> Response:
    require(reading.actor, "run-inspection")
    return _new(reading, {}, Errors())


def _new(reading: Reading, typed: Mapping[str, str], errors: Errors, status: int = 200) -> Response:
    connection = reading.connection
    offered = [
        {"value": one.person, "text": one.name}
        for one in people_queries.everybody(connection)
        if not any(
            grant.until is None or grant.until >= reading.today
            for grant in people_queries.grants(connection, one.person)
        )
    ]
    fields = field_words(OpenInspectorRoom)
    return reading.page(
        "inspections/new.html",
        status=status,
        title="Open an inspector room",
        errors=errors,
        back="/inspections",
        as_at=None,
        key=new_key(),
        typed=typed,
        inspectors=offered,
        may_add=can(reading.actor, "manage-people").allowed,
        fields=fields,
        reach=drawn(reach_boxes(reading, OpenInspectorRoom), typed, errors),
        **{
            name: date_input(typed, name, fields[name].label, errors, fields[name].hint)
            for name in DAYS
        },
    )


@router.post("/new")
def open_room(reading: Reader, form: Posted) -> Response:
    values = FormValues.of(form, reach_boxes(reading, OpenInspectorRoom))

    def do() -> Receipt:
        days = {name: values.day(name) for name in DAYS if name != "until"}
        until = values.day_owed("until", "Enter the last day of the room.")
        command = OpenInspectorRoom(
            inspector=text(form, "inspector"),
            title=text(form, "title"),
            **reach_typed(values),
            until=until,
            **days,
        )
        return handlers.open_room(reading.desk, command, by=reading.actor, key=key_of(form))

    done = tried(do, ORDER)
    if isinstance(done, Trouble):
        return _new(reading, values.typed, done.errors, done.status)
    more = left_out_words(done.response)
    there = f"/inspections/{done.response['room']}?done=opened{more}"
    return RedirectResponse(there, status_code=303)


def found_room(reading: Reading, room: str) -> RoomRow:
    require(reading.actor, "run-inspection")
    found = inspection_queries.room(reading.connection, room, position=reading.at.position)
    if (
        found is None
        or not can(reading.actor, "run-inspection", resource_of(reading.connection, found)).allowed
    ):
        raise NotFound("There is no such inspector room.")
    return found


@router.get("/{room}")
def show_room(room: RoomId, request: Request, reading: Reader) -> Response:
    found = found_room(reading, room)
    given = request.query_params
    notice = done_words(DONE.get(given.get("done", ""), ""), given.get("left_out", ""))
    return _room(reading, found, {}, Errors(), notice=notice)


@router.get("/{room}/questions.{kind}")
def take_out_questions(room: RoomId, kind: AnswersFileKind, reading: Reader) -> Response:
    """Questions and answers of a room, as a document."""
    return send_answers(reading, found_room(reading, room), kind)


def _room(
    reading: Reading,
    found: RoomRow,
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
    notice: str = "",
) -> Response:
    connection, room, at = reading.connection, found.room, reading.at
    before = reading.request.query_params.get("after", "")
    lines, next_page = opened_by(reading, found, before=before)
    names = people_queries.names(connection, [found.inspector], position=at.position)
    spoken = inspection_queries.questions(connection, room, position=at.position)
    last_day = field_words(ExtendInspectorRoom)["until"]
    return reading.page(
        "inspections/room.html",
        status=status,
        title=found.title,
        wide=True,
        errors=errors,
        said=notice,
        back=reading.link("/inspections"),
        room={**found._asdict(), **room_words(found, at.on)},
        inspector=names.get(found.inspector, ""),
        about=cases_words(connection, reading.actor, found, at.position),
        questions=with_names(connection, spoken, at.position),
        lines=opened_lines(reading, "/access-log", lines),
        more=reading.link(f"/inspections/{room}", {"after": next_page}) if next_page else "",
        typed=typed,
        key=new_key,
        closing=field_words(CloseInspectorRoom)["reason"],
        until=date_input(
            typed or {"until": found.until}, "until", last_day.label, errors, last_day.hint
        ),
    )


def _done(
    reading: Reading,
    room: str,
    typed: Mapping[str, str],
    do: Callable[[], Receipt],
    word: str,
) -> Response:
    found = found_room(reading, room)
    done = tried(do, ORDER)
    if isinstance(done, Trouble):
        return _room(reading, found, typed, done.errors, done.status)
    return RedirectResponse(f"/inspections/{room}?done={word}", status_code=303)


@router.post("/{room}/until")
def extend_room(room: RoomId, reading: Reader, form: Posted) -> Response:
    typed = flat(form)

    def do() -> Receipt:
        until = FormValues.of(form).day_owed("until", "Enter a real date, like 31 3 2027.")
        command = ExtendInspectorRoom(room=room, until=until)
        return handlers.extend_room(
            reading.desk, command, by=reading.actor, seen=seen(form), key=key_of(form)
        )

    return _done(reading, room, typed, do, "extended")


@router.post("/{room}/close")
def close_room(room: RoomId, reading: Reader, form: Posted) -> Response:
    def do() -> Receipt:
        command = CloseInspectorRoom(room=room, reason=text(form, "reason"))
        return handlers.close_room(
            reading.desk, command, by=reading.actor, seen=seen(form), key=key_of(form)
        )

    return _done(reading, room, flat(form), do, "closed")


@router.post("/{room}/answers")
def answer(room: RoomId, reading: Reader, form: Posted) -> Response:
    question = text(form, "question")
    command = AnswerInInspectorRoom(room=room, question=question, answer=text(form, "answer"))

    def do() -> Receipt:
        try:
            return handlers.answer(reading.desk, command, by=reading.actor, key=key_of(form))
        except Refused as refused:
            # There is a box under each question: the fault belongs to this one.
            raise Refused(
                [Fault(f"answer-{question}", f.code, f.sentence) for f in refused.faults]
            ) from None

    typed = {**flat(form), f"answer-{question}": text(form, "answer")}
    return _done(reading, room, typed, do, "answered")
