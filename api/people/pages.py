"""One person: who they are, what they may do and why, their record, and every change to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path
from starlette.responses import Response

from api.gate.current_actor import acting_then
from api.people.list_pages import ADD
from api.people.reading import has_left
from api.people.sign_in import new_code, ways_in_ended
from api.people.steps import STEPS, grant_code, places, reach, step_of
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.late_routes import PageRouter
from api.web.steps import send, show
from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.authorisation.policy import can, read_aloud, require
from qa.core.errors import NotFound
from qa.core.words import SOMEWHERE, Actor

router = PageRouter()

PersonId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]


def _found(reading: Reading, person: str) -> PlacedPerson:
    require(reading.actor, "read-people")
    at = reading.at
    row = queries.person(reading.connection, person, position=at.position, day=at.on)
    if row is None:
        raise NotFound("There is no such person.")
    return row


@router.get("/people/{person}")
def read_person(person: PersonId, reading: Reader) -> Response:
    row = _found(reading, person)
    reading.note(f"person:{person}")
    return _page(reading, row, notice=reading.notice({**STEPS, "new": ADD}))


def _page(
    reading: Reading, row: PlacedPerson, *, notice: str | None = None, code: str | None = None
) -> Response:
    connection, position = reading.connection, reading.at.position
    person = row.person
    grants = queries.grants(connection, person, position=position)
    where = places(reading)
    ahead = queries.moves_ahead(connection, person, reading.at.on, position=position)
    manage = can(reading.actor, "manage-people").allowed
    return reading.page(
        "people/person.html",
        title=row.name,
        back="/people",
        row=row,
        left=has_left(row, reading.at.on),
        said=notice,
        code=code,
        manager=queries.names(
            connection, [row.manager, *(one.manager for one in ahead)], position=position
        ),
        ahead=ahead,
        places=where,
        held=[(grant, grant_code(grant), grant.holds_on(reading.at.on)) for grant in grants],
        **_rights(reading, person, where),
        **reading.parts("people/person.html", row),
        may_manage=manage and not reading.at.is_past and not row.known_only_from_file,
    )


def _rights(reading: Reading, person: str, where: Mapping[str, str]) -> dict[str, Any]:
    """What the person might see and do on the day, as it was known then; a reader who is pinned
    finds of their own rights those of now."""
    connection, at, reader = reading.connection, reading.at, reading.actor
    now = at.true_on is None and at.own_position(reader.pin) is None
    own = now and person == reader.person
    actor = reader if own else acting_then(connection, person, at.on, at.position)
    stands_for: Mapping[str, str] = {}
    closed = pin = None
    if actor is not None:
        stands_for = queries.names(connection, actor.stands_for, position=at.position)
        pin = actor.pin
        if can(reader, "break-glass", SOMEWHERE).allowed:
            closed = len(actor.closed)
    return {
        "rights": rights(actor, where),
        "stands_for": sorted(stands_for.values()),
        "closed": closed,
        "pin": pin,
    }


def rights(actor: Actor | None, where: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every line of the policy table that applies to somebody, with the grant that opens it."""
    if actor is None:
        return []
    return [
        {
            "role": grant.role.label,
            "reach": "Their own cases only" if line.anywhere else reach(grant.scope, where),
            "may": [verb.replace("-", " ") for verb in line.verbs],
            "why": line.why,
        }
        for grant in actor.grants
        for line in read_aloud()
        if line.role is grant.role
    ]


@router.get("/account/rights")
def my_rights(reading: Reader) -> Response:
    """What the reader may see and do, and the rule that says so: open to everybody."""
    return reading.page(
        "people/rights.html",
        title="What I may see and do, and why",
        back="/account",
        **_rights(reading, reading.actor.person, places(reading)),
        managed=queries.managed_by(
            reading.connection, reading.actor.person, reading.at.on, position=reading.at.position
        ),
    )


@router.get("/people/{person}/{change}")
def show_change(person: PersonId, change: str, reading: PresentReader) -> Response:
    require(reading.actor, "manage-people")
    return show(reading, *step_of(reading, _found(reading, person), change))


@router.post("/people/{person}/{change}")
def make_change(person: PersonId, change: str, reading: Reader, form: Posted) -> Response:
    require(reading.actor, "manage-people")
    row = _found(reading, person)
    answer = send(reading, *step_of(reading, row, change), form)
    if answer.status_code == 303 and change == "sessions":
        ways_in_ended(reading.services.store, person)
    if answer.status_code == 303 and change == "code":
        return _page(reading, row, code=new_code(reading.services.store, person, row.handle))
    return answer
