"""Units that wait for their turn on SQLite share a commit, and nobody can tell by what is saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from qa.core.clock import SetClock
from qa.core.errors import MovedOn, Refused, Unavailable
from qa.core.event import Source
from qa.store.store import Store
from qa.store.unit import Receipt
from qa.store.writers import SHARING, driver
from tests.store.support import KIM, MarblesAdded

Deed = Callable[[Store], Any]


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'council.db'}", clock=clock)
    store.initialise()
    yield store
    store.close()


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    """Every commit from here on."""
    commit = Connection.commit
    found: list[Connection] = []

    def noted(self: Connection) -> None:
        found.append(self)
        commit(self)

    monkeypatch.setattr(Connection, "commit", noted)
    return found


def in_a_queue(store: Store, deeds: list[Deed]) -> list[Future[Any]]:
    """Carry out `deeds`, which ask for their turn in this order while somebody else has it."""
    writers = store.engines.writers
    assert writers is not None
    with ThreadPoolExecutor(len(deeds)) as pool, store.writing():
        found = []
        for n, deed in enumerate(deeds):
            found.append(pool.submit(deed, store))
            while writers.queue.waiting != n + 1:
                sleep(0.0005)
    return found


def save(jar: str, *, key: str | None = None, source: Source | None = None) -> Deed:
    def deed(store: Store) -> Receipt:
        with store.unit(KIM, key=key, request=jar, source=source) as unit:
            if unit.replayed is None:
                unit.append(jar, MarblesAdded(count=1))
        return unit.receipt

    return deed


def refused(store: Store) -> None:
    with store.unit(KIM) as unit:
        unit.append("jar:refused", MarblesAdded(count=1))
        raise Refused("No.", field="jar", code="no")


def nothing(store: Store) -> Receipt:
    with store.unit(KIM) as unit:
        pass
    return unit.receipt


def undone_by_the_database(store: Store) -> None:
    with store.unit(KIM) as unit:
        unit.append("jar:undone", MarblesAdded(count=1))
        driver(unit.connection).execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")


def jars(store: Store) -> list[str]:
    events = list(store.events())
    assert [f.position for f in events] == list(range(1, len(events) + 1))
    return [f.stream for f in events]


def test_those_who_wait_share_a_commit(store: Store, commits: list[Connection]) -> None:
    done = in_a_queue(store, [save(f"jar:{n}") for n in range(5)])
    assert [f.result().position for f in done] == [1, 2, 3, 4, 5]
    # One of the writer they waited for, and one of theirs.
    assert len(commits) == 2
    assert jars(store) == [f"jar:{n}" for n in range(5)]


def test_nobody_waits_for_more_than_so_many(store: Store, commits: list[Connection]) -> None:
    in_a_queue(store, [save(f"jar:{n}") for n in range(SHARING + 1)])
    assert len(commits) == 3


def test_what_comes_from_a_file_shares_with_nobody(store: Store, commits: list[Connection]) -> None:
    file = Source(batch="b", file_sha256="0" * 64, row=1)
    in_a_queue(store, [save("jar:1"), save("jar:2", source=file), save("jar:3")])
    assert len(commits) == 4


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("other", [refused, nothing])
def test_one_that_saves_nothing_takes_nothing_from_the_others(
    store: Store, place: int, other: Deed
) -> None:
    deeds = [save("jar:1"), save("jar:2")]
    deeds.insert(place, other)
    done = in_a_queue(store, deeds)
    assert jars(store) == ["jar:1", "jar:2"]
    if other is refused:
        assert isinstance(done[place].exception(), Refused)


def test_two_of_one_version_in_one_commit_have_one_winner(store: Store) -> None:
    first, second, third = in_a_queue(store, [save("jar:1"), save("jar:1"), save("jar:2")])
    assert first.result().position == 1
    refusal = second.exception()
    assert isinstance(refusal, MovedOn)
    assert refusal.current == 1
    assert third.result().position == 2


def test_a_commit_that_fails_fails_for_all_who_share_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Connection.commit

    def failing(self: Connection) -> None:
        if store.engines.writers and store.engines.writers.shared:
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))
        commit(self)

    monkeypatch.setattr(Connection, "commit", failing)
    done = in_a_queue(store, [save("jar:1"), refused, save("jar:1", key="k"), save("jar:2")])
    monkeypatch.undo()
    assert [type(f.exception()) for f in done] == [Unavailable] * 4
    assert jars(store) == []
    save("jar:3")(store)
    assert jars(store) == ["jar:3"]


def test_a_repeat_is_not_answered_before_the_first_is_saved(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = [save("jar:1", key="k"), save("jar:1", key="k")]
    first, second = in_a_queue(store, again)
    assert (first.result().replayed, second.result().replayed) == (False, True)
    assert second.result().position == 1

    other = [save("jar:2", key="l"), save("jar:2", key="l"), undone_by_the_database]
    done = in_a_queue(store, other)
    assert [type(f.exception()) for f in done] == [Unavailable] * 3
    assert jars(store) == ["jar:1"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_transaction_that_the_database_undid_is_nobodys_success(store: Store, place: int) -> None:
    deeds = [save("jar:1"), save("jar:2")]
    deeds.insert(place, undone_by_the_database)
    done = in_a_queue(store, deeds)
    # Who comes after the one it happened to begins a transaction of their own.
    saved = [n for n, f in enumerate(done) if f.exception() is None]
    assert all(isinstance(done[n].exception(), Unavailable) for n in range(place + 1))
    assert len(jars(store)) == len(saved)
    save("jar:3")(store)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(["a", "b", "c", "refused", "nothing"]), min_size=1, max_size=8))
def test_sharing_changes_nothing_of_what_is_saved(asked: list[str]) -> None:
    known: dict[str, Deed] = {"refused": refused, "nothing": nothing}
    with TemporaryDirectory() as folder:
        store = Store(
            f"sqlite:///{folder}/council.db", clock=SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
        )
        store.initialise()
        done = in_a_queue(store, [known.get(name) or save(f"jar:{name}") for name in asked])
        first = [n for n, name in enumerate(asked) if name in "abc" and name not in asked[:n]]
        assert jars(store) == [f"jar:{asked[n]}" for n in first]
        for n, name in enumerate(asked):
            outcome = type(done[n].exception())
            if name == "refused":
                assert outcome is Refused
            elif name != "nothing" and n not in first:
                assert outcome is MovedOn
            else:
                assert done[n].exception() is None
        store.close()
