"""Carries out the commands on restrictions."""

from __future__ import annotations

from collections.abc import Sequence

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.event import Event
from qa.core.words import Resource
from qa.people.loading import present
from qa.restrictions import decisions
from qa.restrictions.commands import (
    BreakGlass,
    ChildIsRestricted,
    GlassIsBroken,
    LiftRestriction,
    NameRestrictionReaders,
    RestrictChild,
)
from qa.restrictions.events import restriction_stream
from qa.restrictions.loading import every_of_child, load_restriction, of_child
from qa.restrictions.state import Restriction, together
from qa.working_days.loading import load_calendar


def _parts(work: Work, child: str) -> list[Resource]:
    """The parts that the child's audits belong to; the council where there is none."""
    found = work.desk.lookups.parts_of_child(work.unit.connection, child)
    return [Resource(service=service, team=team) for service, team in found] or [Resource()]


def _require(work: Work, child: str) -> None:
    """Raises `Forbidden` unless a QA lead of every part that holds records of the child acts."""
    for part in _parts(work, child):
        work.require("restrict-record", part)


def _load(work: Work, restriction: str) -> Restriction:
    """The restriction, for somebody who may change it.

    Raises:
        NotFound: no such restriction, or none that is open to the person.
        Forbidden: no QA lead of that part.   MovedOn: stale version.
    """
    state = load_restriction(work, restriction)
    decisions.open_to(state, by=work.by.person, today=work.today)
    _require(work, state.child)
    work.expect_seen()
    return state


def _save(work: Work, state: Restriction, *events: Event) -> None:
    work.append(restriction_stream(state.id), *events, about=state.about)


def _present(work: Work, readers: Sequence[str]) -> None:
    for reader in readers:
        present(work, reader, field="readers", outside=True)


@handles(RestrictChild)
def restrict(command: RestrictChild, work: Work) -> ChildIsRestricted:
    child = work.desk.lookups.child_as_typed(work.unit.connection, command.child.strip())
    _require(work, child)
    _present(work, command.readers)
    restriction, already = work.new_id(), bool(of_child(work, child).id)
    decided = decisions.restrict(command, restriction=restriction, child=child, already=already)
    _save(work, Restriction(restriction, child), *decided)
    return ChildIsRestricted(restriction=restriction)


@handles(NameRestrictionReaders)
def name_readers(command: NameRestrictionReaders, work: Work) -> None:
    state = _load(work, command.restriction)
    _present(work, sorted(set(command.readers) - set(state.readers)))
    _save(work, state, *decisions.name_readers(state, command, by=work.by.person))


@handles(LiftRestriction)
def lift(command: LiftRestriction, work: Work) -> None:
    state = _load(work, command.restriction)
    _save(work, state, *decisions.lift(state, command))


@handles(BreakGlass)
def break_glass(command: BreakGlass, work: Work) -> GlassIsBroken:
    child = command.child.strip()
    parts = _parts(work, child)
    allowed = [part for part in parts if can(work.by, "break-glass", part).allowed]
    work.require("break-glass", (allowed or parts)[0])
    standing = every_of_child(work, child)
    broken = decisions.break_glass(
        together(standing),
        command,
        person=work.by.person,
        today=work.today,
        calendar=load_calendar(work),
    )
    closed = [one for one in standing if not one.reads(work.by.person, work.today)]
    for one in closed:
        _save(work, one, broken)
    return GlassIsBroken(restriction=closed[0].id, until=broken.until)
