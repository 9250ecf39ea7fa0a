"""A person's notices as they may see them: those of audits that are sealed from them wait."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.services import Services
from projections.audits import queries
from qa.core.words import Actor
from qa.outbox import notices
from qa.outbox.notices import Notice


def closed_to(connection: Connection, actor: Actor) -> frozenset[str]:
    """The audits whose notices wait: those sealed from the person; and the things whose notices do,
    even those of a task in person, where the records are restricted to others."""
    restricted = queries.restricted_from(connection, actor)
    things = {f"{kind}:{audit}" for kind in ("case-audit", "safeguarding") for audit in restricted}
    return queries.sealed_for(connection, actor) | things


def unread(connection: Connection, actor: Actor) -> int:
    """How many the person has not read. Asked with every page, so mostly in one question."""
    found = notices.unread(connection, actor.person)
    if not found:
        return 0
    closed = closed_to(connection, actor)
    return notices.unread(connection, actor.person, closed) if closed else found


def of(
    connection: Connection,
    actor: Actor,
    *,
    only_unread: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> list[Notice]:
    """A page of them, the newest first."""
    return notices.of(
        connection,
        actor.person,
        closed_to(connection, actor),
        only_unread=only_unread,
        before=before,
        limit=limit,
    )


def mark_read(
    services: Services, actor: Actor, *, upto: int | None = None, only: int | None = None
) -> int:
    """Mark them as read; how many were unread."""
    with services.store.writing() as connection:
        closed = closed_to(connection, actor)
        return notices.mark_read(
            connection, services.clock, actor.person, closed, upto=upto, only=only
        )
