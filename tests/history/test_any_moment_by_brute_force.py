"""Every screen at a random moment is what a store told only the events of it would show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert

from api.services import registry
from api.web.moments import AsAt, as_at, looking
from projections.core.fold import Folding
from projections.core.true_on import days_of
from qa.core.clock import SetClock
from qa.core.words import Actor
from tests.history.eventful import Eventful
from tests.history.screens import screens
from tests.support.council import Council


@contextmanager
def told_only(council: Council, at: AsAt, present: Connection) -> Iterator[Connection]:
    """Read tables of a store that was told just the events of the moment, all else forgotten."""
    read_side = registry()
    events = list(council.services.store.events(upto=at.shown))
    folding = Folding(table.name for table in read_side.tables)
    for recorded, day in zip(events, days_of(events), strict=True):
        if at.true_on is None or day <= at.true_on:
            for projector in read_side.interested(type(recorded.event)):
                folding.apply(recorded.position, projector.project(recorded))
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for table in read_side.tables:
            table.create(connection)
            fold = folding.folds.get(table.name)
            if fold is not None:
                names = [column.name for column in table.columns]
                rows = [*fold.finished, *fold.opened()]
                if rows:
                    connection.execute(
                        insert(table), [dict(zip(names, row, strict=True)) for row in rows]
                    )
        yield connection.execution_options(present=present)
    engine.dispose()


def actors(council: Council) -> list[Actor]:
    return [council.actor(name) for name in ("lead", "moderator", "auditor")]


def moments(council: Council, random: Random, times: int, *, true_on: bool) -> list[dict[str, Any]]:
    head = council.services.store.head()
    found: list[dict[str, Any]] = []
    for _ in range(times):
        position = random.randrange(head + 1) if random.random() < 0.7 else None
        given: dict[str, Any] = {"position": position}
        if true_on:
            with council.services.store.reading() as connection:
                last = as_at(council.services.store, connection, position=position).day
            given["true_on"] = last - timedelta(days=random.randrange(45))
        found.append(given)
    return found


def compare(council: Council, given: dict[str, Any]) -> None:
    services = council.services
    with services.store.reading() as connection:
        at = as_at(services.store, connection, **given)
        with told_only(council, at, connection) as small:
            expected = screens(small, at, actors(council), council.today)
        with looking(services, connection, at) as shown:
            found = screens(shown, at, actors(council), council.today)
    # The live tables know of records that are not of this moment; those must show as nothing.
    for name in sorted(found.keys() | expected.keys()):
        if name in expected:
            assert found[name] == expected[name], (given, name)
        else:
            assert not found[name] or not any(found[name]), (given, name)


@pytest.mark.parametrize("seed", range(2))
def test_as_known_at_a_position(small_council: Council, seed: int) -> None:
    Eventful(small_council, seed).go_on(50)
    for given in moments(small_council, Random(seed), 4, true_on=False):
        compare(small_council, given)


@pytest.mark.parametrize("seed", range(3))
def test_as_true_on_a_day_as_known_at_a_position(small_council: Council, seed: int) -> None:
    Eventful(small_council, 100 + seed).go_on(60)
    for given in moments(small_council, Random(seed), 6, true_on=True):
        compare(small_council, given)


def test_both_times_on_either_database(council: Council) -> None:
    Eventful(council, 7).go_on(50)
    random = Random(7)
    for given in [
        *moments(council, random, 2, true_on=False),
        *moments(council, random, 4, true_on=True),
    ]:
        compare(council, given)


def test_the_random_council_does_every_kind_of_thing(tmp_path: Path, clock: SetClock) -> None:
    """So that the comparison above cannot pass for want of something to compare."""
    council = Council.open(f"sqlite:///{tmp_path / 'all.db'}", clock, tmp_path)
    eventful = Eventful(council, 1)
    eventful.go_on(220)
    council.services.store.close()
    assert len(eventful.done) == 14
