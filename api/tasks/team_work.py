"""How much waits for the people of a manager's part, person by person: counts, never records.

A manager sees what kinds of work wait, how much of it and how old the oldest is. Which audits and
actions these are is shown to whoever they are open to, on their own pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.tasks.worklist import MOST, areas_of, queue
from api.web.moments import AsAt
from api.web.waiting import Area
from projections.core.base import present
from projections.people import deputy_queries, queries
from projections.people.tables import DeputyRow, PlacedPerson
from qa.core.carry import carry


@dataclass(frozen=True, slots=True)
class Load:
    """What waits for one person. `kinds` are title and count; `oldest_overdue` is the earliest due
    date of what is overdue; `capped` says that there are as many as are counted of one kind."""

    person: str
    name: str
    team: str | None
    waiting: int
    capped: bool
    kinds: Mapping[str, int]
    overdue: int
    oldest_overdue: date | None
    deputies: Sequence[str]

    @property
    def words(self) -> str:
        return f"{self.waiting} or more" if self.capped else str(self.waiting)


def loads(connection: Connection, rows: Sequence[PlacedPerson], at: AsAt) -> list[Load]:
    """What waits for each of these people by name, in their order."""
    standing: dict[str, list[DeputyRow]] = {row.person: [] for row in rows}
    found = deputy_queries.of(connection, *standing, day=at.on)
    for deputy in found:
        standing[deputy.person].append(deputy)
    names = queries.names(connection, {one.deputy for one in found}, position=at.position)
    busy = areas_of(connection, list(standing), at)
    return [
        _load(connection, row, at, standing[row.person], names, busy.get(row.person, ()))
        for row in rows
    ]


def _load(
    connection: Connection,
    row: PlacedPerson,
    at: AsAt,
    standing: Sequence[DeputyRow],
    names: Mapping[str, str],
    areas: Sequence[Area],
) -> Load:
    actor = acting(present(connection), row.person, at.on) if areas else None
    found = [] if actor is None else queue(connection, actor, at, limit=MOST, areas=areas)
    own = [one for one in found if one.whose == "own"]
    kinds = Counter(one.title for one in own)
    late = [one.due_on for one in own if one.due_on is not None and one.overdue(at.on)]
    return carry(
        Load,
        row,
        waiting=len(own),
        capped=any(count >= MOST for count in kinds.values()),
        kinds=kinds,
        overdue=len(late),
        oldest_overdue=min(late, default=None),
        deputies=[names.get(one.deputy, one.deputy) for one in standing if one.first_day <= at.on],
    )
