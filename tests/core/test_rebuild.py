"""Read rows are the same however they were made: inline, rebuilt, or folded up to a position."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from threading import Thread
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from projections.core.base import OPEN, as_at
from projections.core.fold import Folding
from projections.core.rebuild import rebuild
from projections.core.registry import Registry
from projections.core.verify import verify
from qa.core.clock import SetClock
from qa.core.event import Event
from qa.store.store import Store
from qa.store.unit import Stamp
from tests.conftest import FreshUrl
from tests.core.support import JarCounted, JarPut, Jars, ShelfCleared, ShelfFell, handling, jar

shelves = st.sampled_from(["top", "low"])
names = st.sampled_from(["a", "b", "c"])
some_marbles = st.integers(0, 100)
happenings = st.one_of(
    st.builds(JarPut, shelf=shelves, jar=names, marbles=some_marbles),
    st.builds(JarCounted, shelf=shelves, jar=names, marbles=some_marbles),
    st.builds(ShelfFell, shelf=shelves),
    st.builds(ShelfCleared, shelf=shelves),
)
units_of_work = st.lists(st.lists(happenings, min_size=1, max_size=4), min_size=1, max_size=12)


@contextmanager
def keeping(fresh_url: FreshUrl) -> Iterator[Store]:
    """A new store whose projector is the toy one."""
    with fresh_url() as url:
        clock = SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        store = Store(url, clock=clock, projector=Registry([Jars()]))
        store.initialise()
        try:
            yield store
        finally:
            store.close()


@pytest.fixture
def kept(fresh_url: FreshUrl) -> Iterator[Store]:
    with keeping(fresh_url) as store:
        yield store


streams = (f"toy:{n}" for n in count())


def record(store: Store, work: list[list[Event]]) -> None:
    for events in work:
        with store.unit(Stamp("person-1", "auditor")) as unit:
            unit.append(next(streams), *events)


def everything(store: Store) -> list[list[tuple[Any, ...]]]:
    with store.reading() as connection:
        return [
            [tuple(row) for row in connection.execute(select(t).order_by(*t.primary_key))]
            for t in (jar, handling)
        ]


def folded(store: Store, upto: int) -> list[tuple[Any, ...]]:
    """The open jars after a fold in memory of the events up to a position."""
    folding = Folding([jar.name, handling.name])
    for recorded in store.events(upto=upto):
        folding.apply(recorded.position, Jars().project(recorded))
    if jar.name not in folding.folds:
        return []
    return sorted(folding.folds[jar.name].opened())


on_fresh_databases = settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@on_fresh_databases
@given(work=units_of_work)
def test_inline_rows_are_the_rebuilt_rows(fresh_url: FreshUrl, work: list[list[Event]]) -> None:
    with keeping(fresh_url) as store:
        record(store, work)
        inline = everything(store)
        rebuild(store, Registry([Jars()]))
        assert everything(store) == inline


@on_fresh_databases
@given(work=units_of_work, percent=st.integers(0, 100))
def test_rows_as_at_a_position_are_the_fold_up_to_it(
    fresh_url: FreshUrl, work: list[list[Event]], percent: int
) -> None:
    with keeping(fresh_url) as store:
        record(store, work)
        position = store.head() * percent // 100
        with store.reading() as connection:
            found = connection.execute(
                select(jar).where(as_at(jar, position)).order_by(jar.c.shelf, jar.c.jar)
            ).all()
        assert [row[:-1] for row in found] == [row[:-1] for row in folded(store, position)]


def test_now_is_as_at_the_head(kept: Store) -> None:
    record(kept, [[JarPut(shelf="top", jar="a", marbles=1)], [ShelfFell(shelf="top")]])
    with kept.reading() as connection:
        now = connection.execute(select(jar).where(as_at(jar, None))).all()
        then = connection.execute(select(jar).where(as_at(jar, kept.head()))).all()
    assert now == then
    assert [(row.marbles, row.broken, row.valid_from, row.valid_to) for row in now] == [
        (1, True, 2, OPEN)
    ]


def test_a_rebuild_keeps_up_with_a_service_that_goes_on(kept: Store) -> None:
    record(kept, [[JarPut(shelf="top", jar=name, marbles=1)] for name in "abc"])
    stop = threading.Event()

    def go_on() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            record(kept, [[JarCounted(shelf="top", jar="abc"[turn % 3], marbles=turn)]])

    service = Thread(target=go_on)
    service.start()
    try:
        for _ in range(3):
            rebuild(kept, Registry([Jars()]))
    finally:
        stop.set()
        service.join()
    assert verify(kept, Registry([Jars()])) == []


def test_a_reader_from_before_sees_the_old_rows_or_all_the_new(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.core.rebuild.SWAP_PAUSE", 0.01)
    record(kept, [[JarPut(shelf="top", jar=name, marbles=1)] for name in "abc"])
    with ThreadPoolExecutor(1) as pool:
        with kept.reading() as connection:
            assert kept.head(connection) == 3
            rebuilding = pool.submit(rebuild, kept, Registry([Jars()]))
            sleep(0.5)
            assert len(connection.execute(select(jar)).all()) == 3
        rebuilding.result()
    assert verify(kept, Registry([Jars()])) == []
