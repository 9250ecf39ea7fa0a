"""What somebody answers for, handed over to others at once: each thing to whom the reader says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.people.pages import PersonId
from api.people.reading import to_choose
from api.tasks.reading import held_by
from api.web.changes import Trouble, key_of, new_key, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, flat
from api.web.late_routes import PageRouter
from api.web.waiting import Task
from projections.people.tables import PlacedPerson
from qa.core.errors import Fault
from qa.store.unit import Receipt
from qa.tasks import handlers
from qa.tasks.commands import HandOverWork, WorkPart

router = PageRouter()


@router.get("/people/{person}/hand-over")
def show_work(person: PersonId, request: Request, reading: Reader) -> Response:
    row, waiting = held_by(reading, person)
    return _page(reading, row, waiting, {}, Errors())


def _page(
    reading: Reading,
    row: PlacedPerson,
    waiting: Sequence[Task],
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    person = row.person
    at = reading.at
    return reading.page(
        "tasks/hand_over.html",
        status=status,
        title=f"Hand over the work of {row.name}",
        back="/team-work",
        key=new_key(),
        person=row,
        typed=typed,
        errors=errors,
        rows=[("" if at.is_past else _box(one), one) for one in waiting],
        others=[
            {"value": other, "text": name} for other, name in to_choose(reading) if other != person
        ],
        done=done if (done := reading.request.query_params.get("done", "")).isdecimal() else "",
    )


def _box(one: Task) -> str:
    """The name of the box that asks to whom a thing goes; empty where it goes alone."""
    return one.thing.replace(":", "-") if one.in_bulk and one.thing else ""


@router.post("/people/{person}/hand-over")
def hand_over(person: PersonId, reading: Reader, form: Posted) -> Response:
    row, waiting = held_by(reading, person)
    typed = flat(form)
    boxes = {_box(one): one for one in waiting} if waiting else {}
    boxes.pop("", None)
    everything = typed.get("everything", "")
    chosen = {name: typed.get(name) or everything for name in boxes}
    parts = [(name, to) for name, to in chosen.items() if to and to != "stays"]

    def do() -> Receipt:
        command = HandOverWork(
            person=person,
            parts=tuple(WorkPart(thing=boxes[name].thing, to=to) for name, to in parts),
            reason=typed.get("reason", ""),
        )
        return handlers.hand_over(reading.desk, command, by=reading.actor, key=key_of(form))

    done = tried(do)
    if isinstance(done, Trouble):
        errors = Errors([_at_its_box(fault, parts) for fault in done.errors.faults])
        return _page(reading, row, waiting, typed, errors, done.status)
    at = f"/people/{person}/hand-over?done={len(parts)}"
    return RedirectResponse(at, status_code=303)


def _at_its_box(fault: Fault, parts: Sequence[tuple[str, str]]) -> Fault:
    """A fault of the command, at the box of the thing that it is about."""
    _, _, rest = (fault.field or "").partition("parts.")
    place, dot, _ = rest.partition(".")
    field = parts[int(place)][0] if dot else "everything" if fault.field == "parts" else fault.field
    return Fault(field, fault.code, fault.sentence)
