"""Parts grow while nobody is there, and are small again once somebody is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.imports import pace
from api.imports.pace import FIRST, LEAST, MOST, SHARE, Pace
from qa.core.access import What
from qa.security import access_log
from tests.support.council import Council

A_ROW = 0.001


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that are gone, in the one place of the list."""
    gone = [1000.0]
    monkeypatch.setattr(pace, "monotonic", lambda: gone[0])
    return gone


def saved(its: Pace, seconds: list[float], times: int = 12) -> int:
    """Save so many parts, each row of which takes a millisecond; the size of the next."""
    for _ in range(times):
        rows = its.next()
        seconds[0] += rows * A_ROW
        its.saved(rows)
    return its.next()


def reads(council: Council) -> None:
    line = access_log.AccessLine("lead", "qa-lead", What.VIEW, "page:/audits")
    council.clock.advance(timedelta(microseconds=1))
    with council.services.store.writing() as connection:
        access_log.note(connection, council.clock, line)


def saves(council: Council) -> None:
    council.allocated()


@pytest.mark.both_databases
@pytest.mark.parametrize("comes", [reads, saves])
def test_a_part_takes_a_share_of_the_time_since_somebody_was_there(
    council: Council, seconds: list[float], comes: Any
) -> None:
    council.clock.advance(timedelta(minutes=5))
    its = Pace(council.services.store)
    assert its.next() == FIRST
    assert saved(its, seconds) == 400, "nobody was there: a part of four tenths of a second"
    comes(council)
    assert 5 <= saved(its, seconds) <= 20, "somebody was there just now: of hundredths"
    seconds[0] += 0.05 / SHARE
    assert 50 <= saved(its, seconds, 3) <= 75, "and was not since"


def test_an_import_goes_on_with_few_rows_or_many_however_long_they_take(
    council: Council, seconds: list[float]
) -> None:
    council.clock.advance(timedelta(minutes=5))
    its = Pace(council.services.store)
    for _ in range(12):
        its.saved(its.next())
    assert its.next() == MOST
    for _ in range(12):
        its.next()
        seconds[0] += 60
        its.saved(LEAST)
    assert its.next() == LEAST


def test_somebody_who_was_there_just_before_it_counts(
    council: Council, seconds: list[float]
) -> None:
    reads(council)
    assert saved(Pace(council.services.store), seconds) <= 10
