"""When the database cannot go on: a plain refusal, and nothing half saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from qa.core.clock import SetClock
from qa.core.errors import Unavailable
from qa.store import engine
from qa.store.rehearsal import Rehearsal
from qa.store.store import Store
from tests.store.support import KIM, MarblesAdded
from tests.support import engines


def add(store: Store, count: int = 1) -> None:
    with store.unit(KIM) as unit:
        unit.append(f"jar:{store.new_id()}", *[MarblesAdded(count=1)] * count)


@pytest.fixture
def sqlite_store(tmp_path: Any, clock: SetClock) -> Any:
    store = Store(f"sqlite:///{tmp_path / 'council.db'}", clock=clock)
    store.initialise()
    yield store
    store.close()


def test_a_full_disk_is_a_refusal_and_leaves_the_log_whole(sqlite_store: Store) -> None:
    add(sqlite_store)
    with sqlite_store.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable) as refusal:
        add(sqlite_store, 2000)
    assert refusal.value.code == "store-full"
    assert [f.position for f in sqlite_store.events()] == [1]
    with sqlite_store.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    add(sqlite_store)
    assert [f.position for f in sqlite_store.events()] == [1, 2]


def test_a_locked_file_is_a_refusal(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add(sqlite_store)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.02)
    other = sqlite3.connect(str(sqlite_store.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refusal:
        add(sqlite_store)
    assert refusal.value.code == "store-busy"
    assert sqlite_store.head() == 1, "readers go on"
    other.execute("ROLLBACK")
    other.close()
    add(sqlite_store)
    assert sqlite_store.head() == 2


def test_a_store_that_may_not_be_written_to_says_so(
    sqlite_store: Store,
) -> None:
    with sqlite_store.writing() as connection:
        connection.exec_driver_sql("PRAGMA query_only = 1")
    with pytest.raises(Unavailable) as refusal:
        add(sqlite_store)
    assert refusal.value.code == "store-read-only"
    assert sqlite_store.head() == 0


@pytest.mark.postgres
class TestPostgres:
    @pytest.fixture
    def store(self, postgres_server: engines.Server, clock: SetClock) -> Any:
        with postgres_server.fresh() as url:
            store = Store(url, clock=clock)
            store.initialise()
            yield store
            store.close()

    def test_a_lost_connection_is_a_refusal_and_saves_nothing(
        self, store: Store, postgres_server: engines.Server
    ) -> None:
        add(store)
        ended = []

        def attempt() -> None:
            with store.unit(KIM) as unit:
                unit.version("jar:1")
                unit.append("jar:1", MarblesAdded(count=1))
                ended.append(postgres_server.end_connections(store.url))

        with pytest.raises(Unavailable):
            attempt()
        assert ended[0] >= 1
        assert store.head() == 1
        add(store)
        assert [f.position for f in store.events()] == [1, 2]

    def test_after_a_break_one_refusal_clears_all_connections(
        self, store: Store, postgres_server: engines.Server
    ) -> None:
        with store.reading() as a, store.reading() as b:
            assert store.head(a) == store.head(b) == 0
        postgres_server.end_connections(store.url)
        with pytest.raises(Unavailable):
            add(store)
        add(store)
        assert store.head() == 1

    def test_a_log_held_by_somebody_is_a_refusal(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "WAIT_SECONDS", 0.1)
        hasty = Store(store.url, clock=store.clock)
        with store.writing() as connection:
            connection.exec_driver_sql("SELECT * FROM head FOR UPDATE")
            with pytest.raises(Unavailable) as refusal:
                add(hasty)
        assert refusal.value.code == "store-busy"
        add(hasty)
        hasty.close()
        assert store.head() == 1

    def test_a_server_that_is_not_there_is_a_refusal(self, clock: SetClock) -> None:
        store = Store("postgresql://nobody@/none?host=/nonexistent", clock=clock)
        with pytest.raises(Unavailable):
            store.head()


Commit = Callable[[Connection], None]
LOST = OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))


def test_a_commit_whose_answer_is_lost_is_looked_up_and_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit: Commit = Connection.commit

    def saved_but_unheard(self: Connection) -> None:
        commit(self)
        raise LOST

    with store.unit(KIM, key="k", request="r") as unit:
        unit.append("jar:1", MarblesAdded(count=1))
        monkeypatch.setattr(Connection, "commit", saved_but_unheard)
    assert unit.receipt.position == 1
    monkeypatch.undo()
    assert store.head() == 1


def _refused(
    store: Store, monkeypatch: pytest.MonkeyPatch, commit: Callable[[Connection], None]
) -> Unavailable:
    def attempt() -> None:
        with store.unit(KIM) as unit:
            unit.append("jar:1", MarblesAdded(count=1))
            monkeypatch.setattr(Connection, "commit", commit)

    with pytest.raises(Unavailable) as refusal:
        attempt()
    return refusal.value


def test_a_commit_that_failed_is_looked_up_and_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: Connection) -> None:
        raise LOST

    assert _refused(store, monkeypatch, failing).code == "store-unavailable"
    monkeypatch.undo()
    assert store.head() == 0
    add(store)


def test_when_nobody_can_say_whether_it_was_saved_the_refusal_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: Connection) -> None:
        monkeypatch.setattr(type(store.engine), "begin", gone)
        raise LOST

    def gone(self: object) -> None:
        raise LOST

    assert _refused(store, monkeypatch, failing).code == "outcome-unknown"


def test_trouble_in_a_rehearsal_is_a_refusal_too(sqlite_store: Store) -> None:
    with pytest.raises(Unavailable), Rehearsal(sqlite_store, KIM):
        raise sqlite3.OperationalError("database is locked")
