"""A clock that jumped writes nothing, says why, and what it wrote before is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from projections.core.registry import Registry
from projections.core.verify import verify
from qa.core.clock import SetClock, SystemClock
from qa.core.errors import ClockDoubted
from qa.store import timekeeping
from qa.store.store import Store
from qa.store.timekeeping import Timekeeper
from tests.store.support import KIM, MarblesAdded, marbles

TOLERANCE = timedelta(minutes=5)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the machine has counted, to be set by hand."""
    seconds = [1000.0]
    monkeypatch.setattr(timekeeping, "seconds_counted", lambda: seconds[0])
    return seconds


@pytest.fixture
def kept(store_url: str, clock: SetClock, counted: list[float]) -> Iterator[Store]:
    """On SQLite: what a clock set by hand says, PostgreSQL's own never does."""
    if not store_url.startswith("sqlite"):
        pytest.skip("not a statement of PostgreSQL")
    store = Store(store_url, clock=clock)
    store.initialise()
    store.timekeeper = _keeper(store)
    add(store)
    yield store
    store.close()


def _keeper(store: Store, silence: timedelta | None = timedelta(days=92)) -> Timekeeper:
    return Timekeeper(store.clock, tolerance=TOLERANCE, silence=silence)


def add(store: Store) -> None:
    with store.unit(KIM) as unit:
        unit.load("jar:1", marbles, 0)
        unit.append("jar:1", MarblesAdded(count=1))


def pass_time(clock: SetClock, counted: list[float], by: timedelta) -> None:
    clock.advance(by)
    counted[0] += by.total_seconds()


@pytest.mark.parametrize("jump", [timedelta(hours=26), timedelta(days=400), -timedelta(hours=1)])
def test_a_clock_that_jumps_refuses_the_save_until_it_is_back(
    kept: Store, clock: SetClock, jump: timedelta
) -> None:
    clock.advance(jump)
    with pytest.raises(ClockDoubted, match="it should say") as doubted:
        add(kept)
    assert (doubted.value.status, doubted.value.code) == (503, "clock-doubted")
    assert kept.head() == 1
    with kept.reading() as connection:
        assert "it should say" in (kept.clock_doubt(connection) or "")
    clock.advance(-jump)
    add(kept)
    assert kept.head() == 2


def test_time_that_passes_is_believed_and_a_difference_within_the_tolerance_too(
    kept: Store, clock: SetClock, counted: list[float]
) -> None:
    pass_time(clock, counted, timedelta(days=92))
    add(kept)
    clock.advance(TOLERANCE)
    add(kept)
    clock.advance(TOLERANCE + timedelta(microseconds=1))
    with pytest.raises(ClockDoubted):
        add(kept)


def test_a_start_with_a_wrong_clock_is_held_against_the_last_event(
    kept: Store, clock: SetClock
) -> None:
    clock.advance(timedelta(days=400))
    kept.timekeeper = _keeper(kept)
    with pytest.raises(ClockDoubted, match="nothing was recorded since"):
        add(kept)
    kept.timekeeper = _keeper(kept, silence=None)
    add(kept)
    clock.advance(-timedelta(days=400))
    kept.timekeeper = _keeper(kept)
    with pytest.raises(ClockDoubted, match="the last fact was recorded at"):
        add(kept)
    found = verify(kept, Registry([]))
    assert [(one.where, one.what, one.key) for one in found] == [
        ("log", "is dated in the future", (2,))
    ]


def test_the_clock_of_the_database_has_a_say(store_url: str) -> None:
    if store_url.startswith("sqlite"):
        pytest.skip("not a statement of SQLite")
    clock = SetClock(SystemClock().now())
    store = Store(store_url, clock=clock)
    store.initialise()
    store.timekeeper = _keeper(store)
    add(store)
    clock.advance(timedelta(hours=26))
    store.timekeeper = _keeper(store)
    with pytest.raises(ClockDoubted, match="the database's clock says"):
        add(store)
    store.close()
