"""What is left out while a new store is filled is marked as still to be built, and built in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, func, select

from projections.core.base import RowChange
from projections.core.rebuild import rebuild
from projections.core.registry import Registry
from projections.core.verify import verify
from qa.core.clock import SetClock
from qa.core.event import RecordedEvent
from qa.store.store import Store
from qa.store.unit import Stamp
from tests.conftest import FreshUrl
from tests.core.support import JarPut, Jars, jar


class Onlooker(Jars):
    """Looks at the same events and keeps no rows."""

    name = "toy-onlooker"
    tables: Sequence[Table] = ()

    def __init__(self) -> None:
        self.seen = 0

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        self.seen += 1
        return []


def test_what_is_left_out_is_stale_until_it_is_built(fresh_url: FreshUrl) -> None:
    onlooker = Onlooker()
    whole = Registry([Jars(), onlooker])
    with fresh_url() as url:
        clock = SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        store = Store(url, clock=clock, projector=whole)
        store.initialise()
        try:
            with store.writing() as connection:
                store.projector = whole.without(connection, [Jars.name])
            with store.unit(Stamp("person-1", "auditor")) as unit:
                unit.append("toy:1", JarPut(shelf="top", jar="a", marbles=1))
            with store.reading() as connection:
                assert onlooker.seen == 1
                assert whole.stale(connection) == [Jars.name]
                assert connection.execute(select(func.count()).select_from(jar)).scalar() == 0
            rebuild(store, whole)
            with store.reading() as connection:
                assert whole.stale(connection) == []
                assert connection.execute(select(func.count()).select_from(jar)).scalar() == 1
            assert verify(store, whole) == []
        finally:
            store.close()
