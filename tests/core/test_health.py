"""A projector that cannot take an event loses nothing, is never silent, and is brought back."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Text, select

from projections.core.base import JournalRow, RowChange, journal_table
from projections.core.bookkeeping import read_model, read_model_rebuild
from projections.core.health import behind, health, require_current
from projections.core.rebuild import rebuild
from projections.core.registry import Registry
from qa.core.clock import SetClock, microseconds
from qa.core.errors import FiguresBehind
from qa.core.event import RecordedEvent
from qa.store.store import Store
from qa.store.unit import Stamp
from tests.core.support import JarCounted, JarPut, Jars, ShelfFell, handling, jar

frail_note = journal_table("toy_frail", Column("jar", Text, nullable=False))
STAMP = Stamp(by="p", in_role="lead")


class Frail:
    """A projector that cannot take a jar of 13 marbles, one way or another."""

    name = "toy-frail"
    version = 1
    tables = (frail_note,)
    handles = (JarPut, JarCounted)
    mistake = ""

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if event.marbles == 13 and self.mistake == "raises":
            raise RuntimeError(f"a secret text: {event.jar}")
        if event.marbles == 13 and self.mistake == "unknown column":
            return [JournalRow(frail_note, {"jar": event.jar, "colour": "red"})]
        if event.marbles == 13 and self.mistake == "refused by the database":
            return [JournalRow(frail_note, {"jar": None})]
        return [JournalRow(frail_note, {"jar": event.jar})]


MISTAKES = ("raises", "unknown column", "refused by the database")


@pytest.fixture
def frail() -> Frail:
    return Frail()


@pytest.fixture
def kept(store_url: str, clock: SetClock, frail: Frail) -> Iterator[Store]:
    store = Store(store_url, clock=clock, projector=Registry([Jars(), frail]))
    store.initialise()
    try:
        yield store
    finally:
        store.close()


def put(store: Store, stream: str, marbles: int, name: str = "a") -> int:
    with store.unit(STAMP) as unit:
        unit.version(stream)
        unit.append(stream, JarPut(shelf=stream, jar=name, marbles=marbles))
    return unit.receipt.position


def registry_of(store: Store) -> Registry:
    assert isinstance(store.projector, Registry)
    return store.projector


def told(connection: Connection) -> list[str]:
    return list(connection.execute(select(frail_note.c.jar)).scalars())


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_event_is_saved_and_the_other_read_models_go_on(
    kept: Store, frail: Frail, mistake: str, caplog: pytest.LogCaptureFixture
) -> None:
    frail.mistake = mistake
    put(kept, "s:1", 5)
    with caplog.at_level(logging.ERROR, "caseloop.read_models"):
        failed = put(kept, "s:1", 13, "secret")
    put(kept, "s:1", 6, "later")
    put(kept, "s:2", 7, "b")
    assert [r.event.marbles for r in kept.events()] == [5, 13, 6, 7]
    with kept.reading() as connection:
        held = set(connection.execute(select(jar.c.shelf, jar.c.jar)).tuples())
        assert held == {("s:1", "a"), ("s:1", "secret"), ("s:1", "later"), ("s:2", "b")}
        assert told(connection) == ["a", "b"], "the record is set aside, the others are not"
        jars, one = health(registry_of(kept), connection, kept.clock.now())
    assert (jars.status, jars.lag) == ("live", 0)
    assert (one.status, one.position, one.head, one.lag) == ("failed", failed - 1, 4, 3)
    assert one.oldest_unapplied == failed
    assert [(each.stream, each.position) for each in one.aside] == [("s:1", failed)]
    assert "secret" not in one.aside[0].error
    assert "secret" not in caplog.text
    assert "set aside" in caplog.text


def test_a_rebuild_takes_what_was_set_aside_once_more(kept: Store, frail: Frail) -> None:
    frail.mistake = "raises"
    put(kept, "s:1", 13)
    put(kept, "s:1", 6, "later")
    frail.mistake = ""
    rebuild(kept, registry_of(kept), only=["toy-frail"])
    with kept.reading() as connection:
        assert told(connection) == ["a", "later"]
        assert not behind(registry_of(kept), connection, kept.clock.now())
    put(kept, "s:1", 3, "after")
    with kept.reading() as connection:
        assert told(connection) == ["a", "later", "after"]


def test_another_process_learns_of_it_and_passes_nothing_on(
    kept: Store, frail: Frail, store_url: str, clock: SetClock
) -> None:
    frail.mistake = "raises"
    put(kept, "s:1", 13)
    other = Store(store_url, clock=clock, projector=Registry([Jars(), frail]))
    try:
        put(other, "s:1", 6, "later")
        with other.reading() as connection:
            assert told(connection) == []
    finally:
        other.close()


def test_a_conflict_is_still_a_conflict(kept: Store, frail: Frail) -> None:
    """A version that is taken is no projector's mistake."""
    from qa.core.errors import MovedOn

    put(kept, "s:1", 5)
    with pytest.raises(MovedOn), kept.unit(STAMP) as unit:
        unit.append("s:1", ShelfFell(shelf="s:1"))
    with kept.reading() as connection:
        assert not behind(registry_of(kept), connection, kept.clock.now())


def test_figures_up_to_the_mistake_may_be_published_and_later_ones_not(
    kept: Store, frail: Frail, clock: SetClock
) -> None:
    before = put(kept, "s:1", 5)
    frail.mistake = "raises"
    put(kept, "s:1", 13)
    clock.advance(timedelta(seconds=90))
    registry, now = registry_of(kept), clock.now()
    with kept.reading() as connection:
        require_current(registry, connection, now, position=before)
        require_current(registry, connection, now, models=["toy-jars"])
        with pytest.raises(FiguresBehind) as refused:
            require_current(registry, connection, now)
        (late,) = behind(registry, connection, now)
    assert refused.value.sentence == (
        "Toy-frail: up to position 1 of 2, because 1 record is set aside."
    )
    assert late.lag_seconds == 90


def test_a_model_of_another_version_ends_where_that_version_stopped(
    kept: Store, frail: Frail
) -> None:
    put(kept, "s:1", 5)
    frail.version = 2
    registry = registry_of(kept)
    with kept.writing() as connection:
        (late,) = behind(registry, connection, kept.clock.now())
        assert (late.status, late.lag) == ("stale", 0), "nothing has been left out yet"
    newer = Registry([Jars(), frail])
    kept.projector = newer
    put(kept, "s:1", 6, "b")
    put(kept, "s:1", 7, "c")
    with kept.reading() as connection:
        (late,) = behind(newer, connection, kept.clock.now())
        assert (late.position, late.lag, late.built, late.version) == (1, 2, 1, 2)
        assert "rebuild" in late.words
    rebuild(kept, newer, only=["toy-frail"])
    with kept.reading() as connection:
        assert behind(newer, connection, kept.clock.now()) == []
        row = connection.execute(read_model.select().where(read_model.c.name == "toy-frail")).one()
        assert (row.status, row.position) == ("live", 3)


def test_a_rebuild_under_way_is_seen_and_one_that_died_is_not(kept: Store) -> None:
    put(kept, "s:1", 5)
    now = kept.clock.now()
    with kept.writing() as connection:
        connection.execute(
            read_model_rebuild.insert().values(
                name="toy-jars",
                started_us=microseconds(now),
                heard_us=microseconds(now),
                reached=1,
                upto=9,
            )
        )
        jars, _ = health(registry_of(kept), connection, now)
        assert jars.rebuild is not None
        assert (jars.rebuild.reached, jars.rebuild.upto) == (1, 9)
        jars, _ = health(registry_of(kept), connection, now + timedelta(minutes=2))
        assert jars.rebuild is None
    rebuild(kept, registry_of(kept))
    with kept.reading() as connection:
        assert connection.execute(read_model_rebuild.select()).all() == []
        assert len(connection.execute(select(handling)).all()) == 1
