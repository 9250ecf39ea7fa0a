"""The recorder passes the event library's own conformance cases, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import time_ns
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.tests import persistence as conformance

from qa.core.clock import SystemClock
from qa.store.recorder import SqlRecorder
from qa.store.store import Store
from tests.support import engines

# The library's own cases leave threads that end a moment after the connections they held.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def recorder_on(url: str) -> Iterator[SqlRecorder]:
    store = Store(url, clock=SystemClock())
    store.initialise()
    yield SqlRecorder(store.engines, lambda: time_ns() // 1000)
    store.close()


class OnSqlite:
    """Gives the library's cases, which are unittest's, a fresh file and our plain-text ids."""

    made: SqlRecorder

    @pytest.fixture(autouse=True)
    def _recorder(self, tmp_path: Path) -> Iterator[None]:
        for self.made in recorder_on(f"sqlite:///{tmp_path / 'log.db'}"):
            yield

    def create_recorder(self) -> SqlRecorder:
        return self.made

    def new_originator_id(self) -> str:
        return f"toy:{uuid4().hex}"


class OnPostgres(OnSqlite):
    """The same on a fresh PostgreSQL database."""

    @pytest.fixture(autouse=True)
    def _recorder(self, postgres_server: engines.Server) -> Iterator[None]:  # type: ignore[override]
        with postgres_server.fresh() as url:
            for self.made in recorder_on(url):
                yield


class TestSqliteRecorder(OnSqlite, conformance.ApplicationRecorderTestCase[SqlRecorder]):
    def test_subscription(self) -> None:
        self.optional_test_insert_subscribe()


class TestSqliteOrder(OnSqlite, conformance.NonInterleavingNotificationIDsBaseCase):
    pass


@pytest.mark.postgres
class TestPostgresRecorder(OnPostgres, conformance.ApplicationRecorderTestCase[SqlRecorder]):
    def test_subscription(self) -> None:
        self.optional_test_insert_subscribe()


@pytest.mark.postgres
class TestPostgresOrder(OnPostgres, conformance.NonInterleavingNotificationIDsBaseCase):
    pass


def test_a_follower_hears_of_events_recorded_by_another_process(store: Store) -> None:
    elsewhere = Store(store.url, clock=store.clock)
    with store.recorder.subscribe() as following:
        for n in range(1, 4):
            elsewhere.recorder.insert_events([StoredEvent("toy:1", n, "toy", b"{}")])
            assert next(following).id == n
    elsewhere.close()
