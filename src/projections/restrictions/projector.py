"""What each event changes in the read rows of restrictions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.figures.joined_children import CHILD_JOININGS
from projections.restrictions import tables
from qa.core.event import RecordedEvent, events_of
from qa.core.naming import reference_key
from qa.restrictions import events


class Restrictions:
    """Projects the events of restrictions."""

    name = "restrictions"
    version = 2
    tables = (
        tables.RESTRICTIONS.table,
        tables.RESTRICTION_READERS.table,
        tables.JOINED_CHILDREN.table,
    )
    by_stream = True
    handles = (*events_of(events), *CHILD_JOININGS)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        restriction, event = recorded.stream.partition(":")[2], recorded.event
        if isinstance(event, CHILD_JOININGS):
            return [tables.JOINED_CHILDREN.change(recorded)]

        def reader(person: str, until: str | None = None) -> RowChange:
            return tables.RESTRICTION_READERS.put(
                tables.RestrictionReaderRow(restriction, person, until)
            )

        moved = tables.RESTRICTIONS.amend(
            (restriction,), lambda row: row._replace(stream_version=recorded.version)
        )
        match event:
            case events.ChildRestricted():
                begun = tables.RESTRICTIONS.begin(
                    recorded,
                    child_key=reference_key(event.child),
                    made_by=recorded.meta.by,
                    made_on=recorded.meta.effective_on.isoformat(),
                )
                return [begun, *map(reader, event.readers)]
            case events.RestrictionReadersNamed():
                gone = sorted(set(event.old) - set(event.new))
                closed = [tables.RESTRICTION_READERS.close(restriction, person) for person in gone]
                return [moved, *closed, *map(reader, event.new)]
            case events.RestrictionOverridden():
                return [moved, reader(event.reader, event.until.isoformat())]
            case _:
                return [
                    tables.RESTRICTIONS.close(restriction),
                    tables.RESTRICTION_READERS.close(restriction),
                ]


PROJECTORS = (Restrictions,)
