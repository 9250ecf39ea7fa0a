"""The one queue of a person: what waits for them in every area of work, by due date.

An area of work is one function (`api.web.waiting.Area`): ``AREA`` in a capability's ``tasks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from types import FunctionType

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.web.moments import AsAt
from api.web.waiting import Area, Ask, Task
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.people import queries as people_queries
from qa.authorisation.policy import reach
from qa.core.capabilities import declared
from qa.core.words import Actor

AREAS: tuple[Area, ...] = tuple(declared("api", "tasks", "AREA", FunctionType))


def queue(connection: Connection, actor: Actor, at: AsAt, *, limit: int = 50) -> list[Task]:
    """What waits for this person as known at `at`, the most urgent first: at most `limit` of each
    kind."""
    ask = Ask(connection, actor, at, limit)
    return _by_due_date(waiting for area in AREAS for waiting in area(ask))


def whole_queue(connection: Connection, actor: Actor, at: AsAt, *, limit: int = 50) -> list[Task]:
    """The person's own queue, and the queues of those for whom they stand in on that day."""
    own = queue(connection, actor, at, limit=limit)
    return _by_due_date([*own, *_stood_in_for(connection, actor, at, limit)])


def _by_due_date(found: Iterable[Task]) -> list[Task]:
    return sorted(found, key=lambda one: (one.due_on or date.max, one.opened, one.thing))


def _stood_in_for(connection: Connection, deputy: Actor, at: AsAt, limit: int) -> Iterator[Task]:
    """What others answer for by name, as their deputy may see it.

    What a deputy may do opens to them, without its texts; of everything else they learn that it
    waits, and until when. Nothing of an audit that they moderate blind is told at all.
    """
    covered = people_queries.covered_by(connection, deputy.person, at.on, position=at.position)
    if not covered:
        return
    names = people_queries.names(connection, covered, position=at.position)
    sealed = audit_queries.sealed_for(connection, deputy)
    hidden = audit_queries.hidden_for(connection, reach(deputy))
    for person in covered:
        actor = acting(present(connection), person, at.on)
        if actor is None:
            continue
        for one in queue(connection, actor, at, limit=limit):
            if one.whose != "own" or one.audit in sealed:
                continue
            told = replace(one, person=person, person_name=names.get(person, person), details={})
            if not one.deputised:
                told = replace(told, thing="", href="", audit="", reference="", child="")
            elif one.audit in hidden:
                told = replace(told, audit="", reference="", child="")
            yield told
