"""The one queue of a person: what waits for them in every area of work, by due date.

A new area of work is one function (`api.waiting.Area`) and one line in `AREAS`.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from api.moments import AsAt
from api.waiting import Area, Ask, Waiting
from api.waiting_actions import actions_waiting
from api.waiting_audits import audits_waiting
from qa.words import Actor

AREAS: tuple[Area, ...] = (
    audits_waiting,
    actions_waiting,
)


def queue(connection: Connection, actor: Actor, at: AsAt, *, limit: int = 50) -> list[Waiting]:
    """What waits for this person as known at `at`, the most urgent first; at most `limit` of each
    kind."""
    ask = Ask(connection, actor, at, limit)
    found = [waiting for area in AREAS for waiting in area(ask)]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.opened, one.thing))
