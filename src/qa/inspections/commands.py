"""Commands on inspectors' rooms."""

from __future__ import annotations

from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.words import Actor, Resource, Scope, part_of_council
from qa.inspections import decisions
from qa.inspections.decisions import Room
from qa.inspections.events import inspection_stream
from qa.people.commands.loading import load_organisation, present
from qa.people.teams import scope_exists
from qa.store.unit import Receipt


def _resource(work: Work, scope: Scope, inspector: str) -> Resource:
    services = {code: team.service for code, team in load_organisation(work).teams.items()}
    return part_of_council(scope, services, inspector)


def _load(work: Work, room: str, verb: str, seen: int | None) -> Room:
    """The room, once the policy allows `verb` on it.

    Raises:
        NotFound: no such room.   Forbidden: the policy says no.   MovedOn: stale version.
    """
    state = work.unit.load(inspection_stream(room), decisions.evolve, Room())
    decisions.known(state)
    work.require(verb, _resource(work, state.scope, state.inspector))
    if seen is not None:
        work.unit.expect(inspection_stream(room), seen)
    return state


@command
def open_room(
    desk: Desk,
    *,
    inspector: str,
    title: str,
    until: date,
    since: date | None = None,
    scope: Scope | None = None,
    pinned_on: date | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Open a room for a person who holds no role. The response holds ``room``.

    With `pinned_on`, the inspector sees what was known at the end of that day and nothing later.

    Raises:
        Refused: every fault, by field.
    """
    with desk.work(by, once=once) as work:
        reach = scope or Scope()
        work.require("run-inspection", _resource(work, reach, inspector))
        person = present(work, inspector, field="inspector")
        scope_exists(load_organisation(work), reach)
        connection, start = work.unit.connection, since or work.today
        room = work.new_id()
        pin = None
        if pinned_on is not None and pinned_on <= work.today:
            pin = desk.store.position_at(pinned_on, connection)
        decided = decisions.open_room(
            room=room,
            title=title,
            inspector=inspector,
            scope=reach,
            since=start,
            until=until,
            pin=pin,
            pinned_on=pinned_on,
            today=work.today,
            holds_roles=any(g.until is None or g.until >= start for g in person.grants),
            has_room=desk.lookups.has_inspector_room(connection, inspector, start),
        )
        work.append(inspection_stream(room), *decided)
        work.unit.respond(room=room)
    return work.receipt


@command
def extend_room(
    desk: Desk,
    *,
    room: str,
    until: date,
    reason: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Move the last day of a room."""
    with desk.work(by, once=once, reason=reason or None) as work:
        state = _load(work, room, "run-inspection", seen)
        work.append(
            inspection_stream(room), *decisions.extend(state, until=until, today=work.today)
        )
    return work.receipt


@command
def close_room(
    desk: Desk,
    *,
    room: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Close a room at once; from then on the inspector reads nothing."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, room, "run-inspection", seen)
        work.append(inspection_stream(room), *decisions.close(state, reason=reason))
    return work.receipt


@command
def ask(
    desk: Desk,
    *,
    room: str,
    asked: str,
    subject: str = "",
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Ask the council a question from one's own room. The response holds ``question``."""
    with desk.work(by, once=once) as work:
        state = _load(work, room, "ask-in-inspection", None)
        question = work.new_id()
        decided = decisions.ask(
            state, question=question, asked=asked, subject=subject, today=work.today
        )
        work.append(inspection_stream(room), *decided, about=f"person:{state.inspector}")
        work.unit.respond(question=question)
    return work.receipt


@command
def answer(
    desk: Desk,
    *,
    room: str,
    question: str,
    answer: str,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Answer a question of the inspector."""
    with desk.work(by, once=once) as work:
        state = _load(work, room, "answer-in-inspection", None)
        decided = decisions.answer(state, question=question, answer=answer)
        work.append(inspection_stream(room), *decided, about=f"person:{state.inspector}")
    return work.receipt
