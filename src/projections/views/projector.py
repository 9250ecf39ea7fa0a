"""What each event changes in the read rows of named views."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.views.tables import LIST_VIEWS
from qa.core.event import RecordedEvent, events_of
from qa.views import events


class ListViews:
    """Projects the events of named views."""

    name = "list_views"
    version = 1
    tables = (LIST_VIEWS.table,)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, events.ListViewRemoved):
            return [LIST_VIEWS.close(recorded.stream.partition(":")[2])]
        beside = {"owner": recorded.meta.by, "name_key": event.name.casefold()}
        return [LIST_VIEWS.begin(recorded, **beside)]


PROJECTORS = (ListViews,)
