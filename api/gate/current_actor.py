"""Who somebody is for the policy table: a person with their roles, or an inspector in a room, and
whose records are closed to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from projections.audits import kept_queries
from projections.core.base import present
from projections.inspections import queries as inspection_queries
from projections.inspections.tables import RoomRow
from projections.people import deputy_queries
from projections.people import queries as people_queries
from projections.restrictions import queries as restriction_queries
from qa.core.asking import Wanted, ask_all
from qa.core.words import Actor, Grant, KeptTo, Role


def once_acting(connection: Connection, person: str) -> Actor:
    """The person with every role they ever held: what they answer for by name waits for them still
    when they have left, or their roles have ended. Nobody acts as this."""
    return Actor(person, tuple(people_queries.grants(connection, person)))


def acting(connection: Connection, person: str, day: date) -> Actor | None:
    """The person as they may act on `day`; None for unknown and departed people.

    Somebody without a role may have an inspector's room that is open: then the room is what they
    may read, in that one role and not beyond its pin. Only whoever holds a role stands in for
    others.
    """
    now = present(connection)
    return standing(now, ask_all(now, *who_acts(person, day)), day)


def who_acts(person: str, day: date, position: int | None = None) -> tuple[Wanted[Any], ...]:
    """What `standing` makes somebody who acts of, to be asked of the present, or of what was known
    at a position."""
    return (
        people_queries.actor(person, day, position),
        restriction_queries.closed(person, day, position),
        deputy_queries.covered(person, day, position),
    )


def standing(
    connection: Connection, known: Sequence[Any], day: date, position: int | None = None
) -> Actor | None:
    """As `acting`, of what `who_acts` asked."""
    found: Actor | None
    found, closed, covered = known
    if found is None:
        return None
    if closed:
        found = replace(found, closed=closed)
    if found.grants:
        return replace(found, stands_for=frozenset(covered)) if covered else found
    room = inspection_queries.room_of(connection, found.person, day, position=position)
    if room is None:
        return found
    since, until = date.fromisoformat(room.since), date.fromisoformat(room.until)
    grant = Grant(role=Role.INSPECTOR, scope=room.within, since=since, until=until)
    kept = _kept_to(connection, room, position)
    return replace(found, grants=(grant,), pin=room.pin, kept_to=kept)


def _kept_to(connection: Connection, room: RoomRow, position: int | None) -> KeptTo | None:
    """What the room is about, where it is less than its part of the council. References that were
    joined after the day it is pinned to are none of the child's yet."""
    if not (room.cases or room.tools_named):
        return None
    audits = None
    if room.cases:
        upto = room.pin if position is None else position
        of = room.audits_named, room.children_named
        audits = kept_queries.of_cases(connection, *of, joined_upto=upto, position=position)
    return KeptTo(audits, frozenset(room.tools_named))


def acting_then(
    connection: Connection, person: str, day: date, position: int | None
) -> Actor | None:
    """As `acting`, as it was known at a position: what they might see and do on that day."""
    known = ask_all(connection, *who_acts(person, day, position))
    return standing(connection, known, day, position)


def with_closed(connection: Connection, actor: Actor, day: date) -> Actor:
    """The actor with the children whose records are restricted to others, as it is now."""
    closed = restriction_queries.closed_to(connection, actor.person, day)
    return replace(actor, closed=closed) if closed else actor
