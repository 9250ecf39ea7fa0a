"""Commands on deputies: naming who stands in for somebody, and ending it."""

from __future__ import annotations

from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.words import Actor, Resource, Role
from qa.people import deputies
from qa.people.commands.loading import load_person, managers_of, present
from qa.people.decisions import Person
from qa.people.events import person_stream
from qa.store.unit import Receipt


def _load(work: Work, person: str, seen: int | None) -> tuple[Person, Role]:
    state = load_person(work, person)
    if not state.exists:
        raise NotFound("There is no such person.")
    resource = Resource(
        service=state.service, team=state.team, person=person, line=managers_of(work, person)
    )
    role = work.require("name-deputy", resource)
    if seen is not None:
        work.unit.expect(person_stream(person), seen)
    return state, role


def _save(work: Work, person: str, events: list[Event]) -> None:
    work.append(person_stream(person), *events, about=f"person:{person}")


@command
def name_deputy(
    desk: Desk,
    *,
    person: str,
    deputy: str,
    since: date,
    until: date,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Let `deputy` stand in for `person` from `since` to `until`, both days included.

    Raises:
        Refused: every fault, by field.   Conflict: somebody stands in already.
        Forbidden: neither the person, nor their line, nor an administrator asks.
    """
    with desk.work(by, once=once) as work:
        state, role = _load(work, person, seen)
        standing = present(work, deputy, field="deputy")
        deputies.named_for_another(deputy, role, by=by.person)
        decided = deputies.name(state, standing, since=since, until=until, today=work.today)
        _save(work, person, decided)
    return work.receipt


@command
def end_deputy(
    desk: Desk,
    *,
    person: str,
    deputy: str,
    since: date,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """End a standing in, from today on.   Raises NotNow: it is over."""
    with desk.work(by, once=once) as work:
        state, _ = _load(work, person, seen)
        decided = deputies.end(state, deputy=deputy, since=since, today=work.today)
        _save(work, person, decided)
    return work.receipt
