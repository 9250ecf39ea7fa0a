"""Names that stand for one person: whoever a file spells otherwise counts as the one they are.

Every read model that counts by person keeps a table of them, so that it stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from projections.core.base import RowChange
from projections.core.typed_rows import ReadTable
from qa.core.event import RecordedEvent
from qa.people.events import PersonJoined, PersonParted

JOININGS = (PersonJoined, PersonParted)


class JoinedPersonRow(NamedTuple):
    """`person` counts as `joined_to`, who may count as somebody else in turn; as themself again
    where that is None. `stream_version` is what a change of it is made from."""

    person: str
    stream_version: int
    joined_to: str | None


class JoinedPeople(ReadTable[JoinedPersonRow]):
    """The table of a read model; its projector handles `JOININGS` with `change`."""

    def __init__(self, name: str) -> None:
        super().__init__(JoinedPersonRow, name, key=("person",))

    def change(self, recorded: RecordedEvent[Any]) -> RowChange:
        person = recorded.stream.partition(":")[2]
        joined = isinstance(recorded.event, PersonJoined)
        target = recorded.event.joined_to if joined else None
        return self.put(JoinedPersonRow(person, recorded.version, target))

    def counts_as(self, connection: Connection, *, position: int | None = None) -> dict[str, str]:
        """Everybody who counts as somebody else, with that person."""
        rows = self.rows(connection, self.select(position=position))
        direct = {row.person: row.joined_to for row in rows if row.joined_to is not None}
        found: dict[str, str] = {}
        for person, target in direct.items():
            seen = {person}
            while target in direct and target not in seen:
                seen.add(target)
                target = direct[target]
            found[person] = target
        return found


def all_names(people: Iterable[str], joined: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of these people and of whoever counts as one of them, or as whom they count."""
    wanted = {joined.get(one, one) for one in people}
    return (*sorted(wanted), *(one for one, target in joined.items() if target in wanted))
