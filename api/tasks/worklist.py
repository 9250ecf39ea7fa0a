"""The one queue of a person: what waits for them in every area of work, by due date.

An area of work is one function (`api.web.waiting.Area`): ``AREA`` in a capability's ``tasks``, with
``HOLDERS`` beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import FunctionType

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting, once_acting
from api.people.reading import overseen
from api.web.access_notes import Look
from api.web.moments import AsAt
from api.web.waiting import Area, Ask, Holders, Task
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.people import deputy_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, reach
from qa.core.capabilities import declared
from qa.core.words import Actor

AREAS: tuple[Area, ...] = tuple(declared("api", "tasks", "AREA", FunctionType))
MOST = 200
"""Of each kind, where everything that somebody holds is told."""
HOLDERS: tuple[Holders, ...] = tuple(declared("api", "tasks", "HOLDERS", FunctionType))


def queue(
    connection: Connection,
    actor: Actor,
    at: AsAt,
    *,
    limit: int = 50,
    areas: Sequence[Area] = AREAS,
) -> list[Task]:
    """What waits for this person as known at `at`, the most urgent first: at most `limit` of each
    kind."""
    ask = Ask(connection, actor, at, limit)
    return _by_due_date(waiting for area in areas for waiting in area(ask))


def whole_queue(look: Look, *, limit: int = 50) -> list[Task]:
    """The person's own queue, the queues of those for whom they stand in on that day, and what
    those hold who have left and whose work they oversee."""
    connection, actor, at = look.connection, look.actor, look.at
    own = queue(connection, actor, at, limit=limit)
    left = [row.person for row in overseen(look, departed=True)]
    holding = areas_of(connection, left, at)
    theirs = {(one.kind, one.thing) for one in own}
    return _by_due_date(
        [
            *own,
            *_stood_in_for(connection, actor, at, limit),
            *(
                task
                for person, areas in sorted(holding.items())
                for task in to_hand_over(connection, actor, person, at, limit=limit, areas=areas)
                if (task.kind, task.thing) not in theirs
            ),
        ]
    )


def areas_of(
    connection: Connection, people: Collection[str], at: AsAt
) -> Mapping[str, Sequence[Area]]:
    """At least those of the people for whom something waits by name, and the areas it waits in."""
    found: dict[str, list[Area]] = {}
    if people:
        for area, holders in zip(AREAS, HOLDERS, strict=True):
            for person in holders(connection, people, at.position):
                found.setdefault(person, []).append(area)
    return found


def to_hand_over(
    connection: Connection,
    reader: Actor,
    person: str,
    at: AsAt,
    *,
    limit: int = 50,
    areas: Sequence[Area] = AREAS,
) -> list[Task]:
    """What this person answers for by name, to be handed over, as the reader may see it: of what is
    closed to them, or not theirs to hand over, they learn that it waits, and until when. Nothing of
    an audit that they moderate blind is told at all."""
    name = people_queries.names(connection, [person], position=at.position).get(person, person)
    waiting = own_queue(connection, person, at, limit=limit, areas=areas)
    audits = {one.audit or one.known_with for one in waiting}
    shown = audit_queries.open_to(connection, reach(reader), audits - {""}) | {""}
    sealed = audit_queries.blind_for(connection, reader.person)
    found = []
    for one in waiting:
        audit = one.audit or one.known_with
        if audit in sealed:
            continue
        task = replace(
            one, whose="left", href=one.hand_over, person=person, person_name=name, details={}
        )
        may = one.hand_over_needs is None or can(reader, *one.hand_over_needs).allowed
        found.append(task if may and audit in shown else task.closed)
    return found


def own_queue(
    connection: Connection,
    person: str,
    at: AsAt,
    *,
    limit: int = 50,
    areas: Sequence[Area] = AREAS,
) -> list[Task]:
    """What waits for this person by name, whether they are still here or not."""
    actor = once_acting(present(connection), person)
    waiting = queue(connection, actor, at, limit=limit, areas=areas)
    return [one for one in waiting if one.whose == "own"]


def _by_due_date(found: Iterable[Task]) -> list[Task]:
    return sorted(found, key=lambda one: (one.due_on or date.max, one.opened, one.thing))


def _stood_in_for(connection: Connection, deputy: Actor, at: AsAt, limit: int) -> Iterator[Task]:
    """What others answer for by name, as their deputy may see it.

    What a deputy may do opens to them, without its texts; of everything else they learn that it
    waits, and until when. Nothing of an audit that they moderate blind is told at all.
    """
    covered = deputy_queries.covered_by(connection, deputy.person, at.on, position=at.position)
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
            task = replace(one, person=person, person_name=names.get(person, person), details={})
            if not one.deputised:
                task = task.closed
            elif one.audit in hidden:
                task = replace(task, audit="", reference="", child="")
            yield task
