"""What each event changes in the read rows of restrictions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import Amend, Close, Put, RowChange
from projections.restrictions.tables import restriction_reader, restriction_row
from qa.core.event import RecordedEvent
from qa.core.naming import reference_key
from qa.restrictions import events


class Restrictions:
    """Projects the events of restrictions."""

    name = "restrictions"
    version = 1
    tables = (restriction_row, restriction_reader)
    by_stream = True
    handles = (
        events.ChildRestricted,
        events.RestrictionReadersNamed,
        events.RestrictionOverridden,
        events.RestrictionLifted,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        restriction, event = recorded.stream.partition(":")[2], recorded.event

        def reader(person: str, until: str | None = None) -> RowChange:
            row = {"restriction": restriction, "person": person, "until": until}
            return Put(restriction_reader, row)

        moved = Amend(restriction_row, (restriction,), {"stream_version": recorded.version})
        match event:
            case events.ChildRestricted():
                row = {
                    "restriction": restriction,
                    "opened": recorded.position,
                    "stream_version": recorded.version,
                    "child": event.child,
                    "child_key": reference_key(event.child),
                    "made_by": recorded.meta.by,
                    "made_on": recorded.meta.effective_on.isoformat(),
                    "why": event.why,
                }
                return [Put(restriction_row, row), *map(reader, event.readers)]
            case events.RestrictionReadersNamed():
                gone = sorted(set(event.old) - set(event.new))
                return [
                    moved,
                    *(Close(restriction_reader, (restriction, person)) for person in gone),
                    *map(reader, event.new),
                ]
            case events.RestrictionOverridden():
                return [moved, reader(event.reader, event.until.isoformat())]
            case _:
                return [
                    Close(restriction_row, (restriction,)),
                    Close(restriction_reader, (restriction,)),
                ]


PROJECTORS = (Restrictions,)
