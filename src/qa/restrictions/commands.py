"""Commands on restrictions, and the question that other commands ask before they name somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.event import Event
from qa.core.words import Actor, Resource
from qa.people.commands.loading import load_person, present
from qa.restrictions import decisions
from qa.restrictions.decisions import Restriction
from qa.restrictions.events import restriction_stream
from qa.store.unit import Receipt
from qa.working_days.loading import load_calendar


def _load(work: Work, restriction: str) -> Restriction:
    return work.unit.load(restriction_stream(restriction), decisions.evolve, Restriction())


def of_child(work: Work, child: str) -> Restriction:
    """The restriction that stands on the records of a child; an empty one where there is none."""
    found = work.desk.lookups.restriction_of(work.unit.connection, child) if child else None
    return Restriction() if found is None else _load(work, found)


def may_be_given(work: Work, child: str, person: str, *, field: str) -> None:
    """Raises `Refused` for somebody who would be given work about the child and cannot read it."""
    held = of_child(work, child)
    name = load_person(work, person).name or person
    decisions.may_be_given(held, name=name, person=person, field=field, today=work.today)


def may_begin(work: Work, child: str) -> None:
    """Raises `Refused` where the records of the child are closed to whoever acts."""
    decisions.may_begin(of_child(work, child), by=work.by.person, today=work.today)


def _parts(work: Work, child: str) -> list[Resource]:
    """The parts that the child's audits belong to; the council where there is none."""
    found = work.desk.lookups.parts_of_child(work.unit.connection, child)
    return [Resource(service=service, team=team) for service, team in found] or [Resource()]


def _save(work: Work, state: Restriction, events: Sequence[Event]) -> None:
    work.append(restriction_stream(state.id), *events, about=state.about)


@command
def restrict(
    desk: Desk,
    *,
    child: str,
    readers: Sequence[str],
    why: str,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Restrict the records of a child to the people named. The response holds ``restriction``.

    Raises:
        Refused: every fault, by field; somebody who is not here.   Conflict: restricted already.
        Forbidden: not a QA lead of every part of the council that holds records of the child.
    """
    with desk.work(by, once=once) as work:
        child = desk.lookups.child_as_typed(work.unit.connection, child.strip())
        for part in _parts(work, child):
            work.require("restrict-record", part)
        for reader in readers:
            present(work, reader, field="readers")
        restriction = work.new_id()
        decided = decisions.restrict(
            restriction=restriction,
            child=child,
            readers=readers,
            why=why,
            already=bool(of_child(work, child).id),
        )
        _save(work, Restriction(restriction, child), decided)
        work.unit.respond(restriction=restriction)
    return work.receipt


def _change(
    desk: Desk,
    restriction: str,
    seen: int | None,
    by: Actor,
    once: Once | None,
    decide: Callable[[Work, Restriction], list[Event]],
) -> Receipt:
    with desk.work(by, once=once) as work:
        state = _load(work, restriction)
        decisions.open_to(state, by=by.person, today=work.today)
        for part in _parts(work, state.child):
            work.require("restrict-record", part)
        if seen is not None:
            work.unit.expect(restriction_stream(restriction), seen)
        _save(work, state, decide(work, state))
    return work.receipt


@command
def name_readers(
    desk: Desk,
    *,
    restriction: str,
    readers: Sequence[str],
    why: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Name who reads from now on.

    Raises:
        NotFound: no such restriction, or none that is open to the person.   NotNow: lifted.
        Refused: every fault, by field.   Forbidden: no QA lead of that part.
    """

    def decide(work: Work, state: Restriction) -> list[Event]:
        for reader in sorted(set(readers) - set(state.readers)):
            present(work, reader, field="readers")
        return decisions.name_readers(state, readers=readers, why=why, by=by.person)

    return _change(desk, restriction, seen, by, once, decide)


@command
def lift(
    desk: Desk,
    *,
    restriction: str,
    why: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Lift a restriction.

    Raises:
        NotFound: no such restriction, or none that is open to the person.   NotNow: lifted.
        Refused: no reason of substance.   Forbidden: no QA lead of that part.
    """
    return _change(
        desk, restriction, seen, by, once, lambda _work, state: decisions.lift(state, why=why)
    )


@command
def break_glass(
    desk: Desk, *, child: str, why: str, by: Actor, once: Once | None = None
) -> Receipt:
    """Read the restricted records of a child to the end of the next working day. The response holds
    ``restriction`` and ``until``.

    Raises:
        Forbidden: the person would not read these records either if nothing were restricted.
        NotNow: nothing is restricted, or they read already.   Refused: no reason of substance.
    """
    with desk.work(by, once=once) as work:
        parts = _parts(work, child.strip())
        allowed = [part for part in parts if can(by, "break-glass", part).allowed]
        work.require("break-glass", (allowed or parts)[0])
        state = of_child(work, child.strip())
        decided = decisions.break_glass(
            state, person=by.person, why=why, today=work.today, calendar=load_calendar(work)
        )
        _save(work, state, decided)
        work.unit.respond(restriction=state.id, until=decided[0].model_dump(mode="json")["until"])
    return work.receipt
