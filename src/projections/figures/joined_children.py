"""References that are one child's: whoever is counted, listed or restricted under one of them is
so under all.

Every read model that tells children apart keeps a table of them, so that it stands alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from projections.core.base import RowChange
from projections.core.typed_rows import ReadTable
from qa.children.events import ChildJoined, ChildParted
from qa.core.event import RecordedEvent
from qa.core.naming import reference_key

CHILD_JOININGS = (ChildJoined, ChildParted)


class JoinedChildRow(NamedTuple):
    """Two references of one child, and the keys of both."""

    joining: str
    stream_version: int
    child: str
    child_key: str
    other: str
    other_key: str
    joined_by: str
    joined_on: str


def same_children(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """For each reference that was joined to another, all that are that child's: itself, and what
    it is joined to over one pair or many."""
    found: dict[str, frozenset[str]] = {}
    for one, other in pairs:
        both = found.get(one, frozenset({one})) | found.get(other, frozenset({other}))
        found |= dict.fromkeys(both, both)
    return found


class JoinedChildren(ReadTable[JoinedChildRow]):
    """The table of a read model; its projector handles `CHILD_JOININGS` with `change`."""

    def __init__(self, name: str) -> None:
        either = (("child_key",), ("other_key",))
        super().__init__(JoinedChildRow, name, key=("joining",), open_indexes=either)

    def change(self, recorded: RecordedEvent[Any]) -> RowChange:
        joining, event = recorded.stream.partition(":")[2], recorded.event
        if not isinstance(event, ChildJoined):
            return self.close(joining)
        return self.put(
            JoinedChildRow(
                joining,
                recorded.version,
                event.child,
                reference_key(event.child),
                event.other,
                reference_key(event.other),
                recorded.meta.by,
                recorded.meta.effective_on.isoformat(),
            )
        )

    def standing(self, connection: Connection, *, position: int | None) -> list[JoinedChildRow]:
        """Every joining that stands, or stood at `position`, the latest last."""
        query = self.select(position=position)
        return self.rows(connection, query.order_by(self.table.c.valid_from))

    def keys(
        self, connection: Connection, children: Collection[str], *, position: int | None
    ) -> frozenset[str]:
        """The keys of these references and of all that are joined to them."""
        same = self.same(connection, position=position)
        keys = map(reference_key, children)
        return frozenset[str]().union(*(same.get(key, {key}) for key in keys))

    def same(self, connection: Connection, *, position: int | None) -> dict[str, frozenset[str]]:
        """By the key of each reference that is joined, the keys of all that are that child's."""
        rows = self.standing(connection, position=position)
        return same_children((row.child_key, row.other_key) for row in rows)
