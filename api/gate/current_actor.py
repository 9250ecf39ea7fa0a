"""Who somebody is for the policy table: a person with their roles, or an inspector in a room, and
whose records are closed to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from projections.inspections import queries as inspection_queries
from projections.people import queries as people_queries
from projections.restrictions import queries as restriction_queries
from qa.core.words import Actor, Grant, Role


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
    found = people_queries.actor(connection, person, day)
    if found is None:
        return None
    found = with_closed(connection, found, day)
    if found.grants:
        covered = people_queries.covered_by(connection, person, day)
        return replace(found, stands_for=frozenset(covered)) if covered else found
    room = inspection_queries.room_of(connection, person, day)
    if room is None:
        return found
    since, until = date.fromisoformat(room.since), date.fromisoformat(room.until)
    grant = Grant(role=Role.INSPECTOR, scope=room.within, since=since, until=until)
    return replace(found, grants=(grant,), pin=room.pin)


def with_closed(connection: Connection, actor: Actor, day: date) -> Actor:
    """The actor with the children whose records are restricted to others, as it is now."""
    closed = restriction_queries.closed_to(connection, actor.person, day)
    return replace(actor, closed=closed) if closed else actor
