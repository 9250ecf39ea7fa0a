"""Units of work: saved whole or not at all, in order, once for each idempotency key."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from qa.core.clock import SetClock
from qa.core.errors import KeyReused, MovedOn, Refused, Unavailable
from qa.core.event import Source
from qa.store.store import Store
from qa.store.tables import command_receipt, store_meta
from tests.store.support import KIM, LEE, MarblesAdded, NoteWritten, marbles


def add(store: Store, stream: str, *counts: int) -> None:
    with store.unit(KIM) as unit:
        unit.load(stream, marbles, 0)
        unit.append(stream, *(MarblesAdded(count=c) for c in counts))


def refused(store: Store, key: str | None) -> None:
    """A command that finds too late that it must not."""
    with store.unit(KIM, key=key, request="r") as unit:
        unit.append("jar:1", MarblesAdded(count=2))
        raise Refused("not so")


def test_a_day_ends_at_midnight_in_london_to_the_microsecond(store: Store, clock: SetClock) -> None:
    midnight = datetime(2026, 6, 1, 23, tzinfo=UTC)
    for moment in (timedelta(microseconds=-1), timedelta(0)):
        clock.set(midnight + moment)
        add(store, "jar:1", 1)
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2)]
    assert [store.position_at(day) for day in days] == [0, 1, 2]


def test_what_was_appended_is_what_is_loaded(store: Store) -> None:
    add(store, "jar:1", 2, 3)
    add(store, "jar:2", 50)
    add(store, "jar:1", 4)
    with store.unit(KIM) as unit:
        assert unit.load("jar:1", marbles, 0) == 9
        assert unit.version("jar:1") == 3
        assert unit.load("jar:3", marbles, 0) == 0
        assert unit.version("jar:3") == 0


def test_what_is_read_ahead_is_what_is_loaded(store: Store) -> None:
    add(store, "jar:1", 2, 3)
    add(store, "jar:2", 50)
    with store.unit(KIM) as unit:
        unit.read_ahead("jar:1", "jar:2", "jar:3")
        assert unit.load("jar:2", marbles, 0) == 50
        assert unit.load("jar:1", marbles, 0) == unit.load("jar:1", marbles, 0) == 5
        assert unit.load("jar:3", marbles, 0) == 0
        assert [unit.version(f"jar:{n}") for n in (1, 2, 3)] == [2, 1, 0]
        unit.append("jar:1", MarblesAdded(count=1))
        unit.append("jar:3", MarblesAdded(count=1))
    assert unit.receipt.versions == {"jar:1": 3, "jar:3": 1}


def test_a_question_that_stands_alone_needs_no_snapshot(store: Store) -> None:
    with store.asking() as connection:
        before = store.head(connection)
        assert connection.execute(select(func.count()).select_from(command_receipt)).scalar() == 0
    add(store, "jar:1", 1)
    with store.asking() as connection:
        assert store.head(connection) == before + 1
    # The connection goes back as it was: the next reading is one moment again.
    with store.reading() as connection:
        seen = store.head(connection)
        add(store, "jar:1", 1)
        assert store.head(connection) == seen


def test_positions_have_no_gaps_and_the_receipt_says_where(store: Store, clock: SetClock) -> None:
    add(store, "jar:1", 1, 1)
    with store.unit(KIM) as unit:
        unit.append("jar:2", MarblesAdded(count=1))
        unit.append("jar:3", MarblesAdded(count=1))
        unit.append("jar:2", MarblesAdded(count=1))
    assert unit.receipt.position == store.head() == 5
    assert unit.receipt.versions == {"jar:2": 2, "jar:3": 1}
    assert unit.receipt.recorded_at == clock.now()
    assert not unit.receipt.replayed
    assert [(f.position, f.stream, f.version) for f in store.events()] == [
        (1, "jar:1", 1),
        (2, "jar:1", 2),
        (3, "jar:2", 1),
        (4, "jar:3", 1),
        (5, "jar:2", 2),
    ]


def test_the_envelope_says_who_when_and_why(store: Store) -> None:
    source = Source(batch="b-1", file_sha256="0" * 64, row=7)
    with store.unit(KIM, reason="asked for") as unit:
        unit.append("jar:1", MarblesAdded(count=1))
        unit.append(
            "jar:1",
            MarblesAdded(count=2),
            effective_on=date(2026, 1, 5),
            reason="found later",
            source=source,
            stamp=LEE,
        )
    first, second = (f.meta for f in store.events())
    assert (first.by, first.in_role, first.team_then) == ("person-kim", "auditor", "North")
    assert (first.effective_on, first.reason) == (date(2026, 3, 2), "asked for")
    assert (second.by, second.team_then, second.source) == ("person-lee", None, source)
    assert (second.effective_on, second.reason) == (date(2026, 1, 5), "found later")
    assert first.correlation_id == second.correlation_id
    assert first.fact_id != second.fact_id


def test_the_day_of_a_event_is_the_london_day(store: Store, clock: SetClock) -> None:
    clock.set(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    add(store, "jar:1", 1)
    [recorded] = store.events()
    assert recorded.meta.effective_on == date(2026, 7, 1)


def test_recording_time_never_goes_back(store: Store, clock: SetClock) -> None:
    add(store, "jar:1", 1)
    clock.advance(-timedelta(hours=3))
    add(store, "jar:1", 1)
    first, second = store.events()
    assert second.recorded_at == first.recorded_at


def test_as_at_a_day_is_up_to_a_position(store: Store, clock: SetClock) -> None:
    clock.set(datetime(2026, 3, 28, 12, 0, tzinfo=UTC))
    add(store, "jar:1", 1, 1)
    clock.set(datetime(2026, 3, 29, 22, 59, tzinfo=UTC))  # 23:59 in London: clocks went forward
    add(store, "jar:1", 1)
    clock.set(datetime(2026, 3, 29, 23, 0, tzinfo=UTC))
    add(store, "jar:1", 1)
    found = {day: store.position_at(date(2026, 3, day)) for day in (27, 28, 29, 30, 31)}
    assert found == {27: 0, 28: 2, 29: 3, 30: 4, 31: 4}


def test_nothing_appended_writes_nothing(store: Store) -> None:
    add(store, "jar:1", 1)
    with store.unit(KIM, key="k", request="r") as unit:
        unit.load("jar:1", marbles, 0)
    assert (unit.receipt.position, unit.receipt.versions) == (1, {})
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(command_receipt)).scalar() == 0


def test_a_refusal_inside_the_block_saves_nothing(store: Store) -> None:
    with pytest.raises(Refused):
        refused(store, key=None)
    assert store.head() == 0
    add(store, "jar:1", 1)
    assert store.head() == 1


def test_a_user_who_saw_an_older_version_is_told_the_current_one(store: Store) -> None:
    add(store, "jar:1", 1, 1)
    with pytest.raises(MovedOn) as refusal, store.unit(KIM) as unit:
        unit.expect("jar:1", 1)
    assert refusal.value.current == 2
    with store.unit(KIM) as unit:
        unit.expect("jar:1", 2)
        unit.expect("jar:1", None)


def test_a_stream_that_was_not_loaded_is_taken_as_new(store: Store) -> None:
    add(store, "jar:1", 1, 1)
    with pytest.raises(MovedOn) as refusal, store.unit(KIM) as unit:
        unit.append("jar:1", MarblesAdded(count=1))
    assert refusal.value.current == 2
    assert store.head() == 2


def test_the_same_request_again_is_answered_and_not_repeated(store: Store) -> None:
    with store.unit(KIM, key="k-1", request=b"two marbles") as unit:
        assert unit.replayed is None
        unit.append("jar:1", MarblesAdded(count=2))
        unit.respond(jar="jar:1", marbles=2)
    first = unit.receipt
    add(store, "jar:1", 5)
    with store.unit(KIM, key="k-1", request="two marbles") as unit:
        assert unit.replayed is not None
    again = unit.receipt
    assert again.replayed
    assert (again.position, again.recorded_at, again.versions, again.response) == (
        first.position,
        first.recorded_at,
        {"jar:1": 1},
        {"jar": "jar:1", "marbles": 2},
    )
    assert store.head() == 2


def test_a_key_with_another_request_is_refused(store: Store) -> None:
    with store.unit(KIM, key="k-1", request="two marbles") as unit:
        unit.append("jar:1", MarblesAdded(count=2))
    with pytest.raises(KeyReused), store.unit(KIM, key="k-1", request="nine marbles"):
        pass
    with store.unit(LEE, key="k-1", request="nine marbles") as unit:
        assert unit.replayed is None


def test_appending_to_a_replayed_unit_is_a_programming_error(store: Store) -> None:
    with store.unit(KIM, key="k-1", request="r") as unit:
        unit.append("jar:1", MarblesAdded(count=2))
    with pytest.raises(RuntimeError), store.unit(KIM, key="k-1", request="r") as unit:
        unit.append("jar:2", MarblesAdded(count=2))
    assert store.head() == 1


def test_a_failed_command_leaves_its_key_free(store: Store) -> None:
    with pytest.raises(Refused):
        refused(store, key="k-1")
    with store.unit(KIM, key="k-1", request="another") as unit:
        assert unit.replayed is None


def test_events_can_be_asked_for_in_pieces(store: Store) -> None:
    add(store, "jar:1", 1, 2, 3)
    add(store, "jar:2", 4, 5)
    assert [f.event.count for f in store.events(after=1, upto=4)] == [2, 3, 4]
    assert [f.event.count for f in store.events(after=1, limit=2)] == [2, 3]
    assert [f.event.count for f in store.events(stream="jar:2")] == [4, 5]
    assert list(store.events(limit=0)) == []


def test_a_reading_sees_one_moment(store: Store) -> None:
    add(store, "jar:1", 1)
    with store.reading() as connection:
        assert store.head(connection) == 1
        add(store, "jar:1", 1)
        assert store.head(connection) == 1
        assert len(list(store.events(connection))) == 1
    assert store.head() == 2


def test_a_reading_cannot_write(store: Store) -> None:
    with pytest.raises((Unavailable, DBAPIError)), store.reading() as connection:
        connection.execute(store_meta.insert().values(name="x", value="y"))
    with store.reading() as connection:
        assert connection.execute(select(store_meta.c.name)).scalars().all() == ["schema"]


def test_a_unit_inside_a_unit_is_a_programming_error(store: Store) -> None:
    if store.engines.writers is None:
        pytest.skip("PostgreSQL gives each unit a connection of its own")
    with store.unit(KIM), pytest.raises(RuntimeError), store.unit(KIM):
        pass
    add(store, "jar:1", 1)


EITHER = [
    "UPDATE fact SET type = 'x'",
    "DELETE FROM fact",
    "UPDATE command_receipt SET position = 9",
    "DELETE FROM command_receipt",
]
SQLITE = ["INSERT OR REPLACE INTO fact SELECT * FROM fact"]
POSTGRES = ["TRUNCATE fact", "TRUNCATE command_receipt"]


@pytest.mark.parametrize("statement", [*EITHER, *SQLITE, *POSTGRES])
def test_the_database_refuses_to_change_what_was_said(store: Store, statement: str) -> None:
    if statement in (SQLITE if store.engines.is_postgres else POSTGRES):
        pytest.skip("not a statement of this database")
    with store.unit(KIM, key="k", request="r") as unit:
        unit.append("jar:1", NoteWritten(note="hello"), about="child:1")
    before = list(store.events())
    with pytest.raises((DBAPIError, Unavailable)), store.writing() as connection:
        connection.exec_driver_sql(statement)
    assert list(store.events()) == before


def test_a_database_of_another_version_is_not_opened(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(store_meta.update().values(value="2"))
    later = Store(store.url, clock=store.clock)
    with pytest.raises(Unavailable) as refusal:
        later.head()
    later.close()
    assert refusal.value.code == "store-schema"


def test_an_empty_database_says_that_it_is_empty(store_url: str, clock: SetClock) -> None:
    store = Store(store_url, clock=clock)
    with pytest.raises(Unavailable) as refusal:
        store.head()
    assert refusal.value.code == "store-not-initialised"
    store.initialise()
    store.initialise()
    assert store.head() == 0
    store.close()


def test_only_the_two_databases_are_known(clock: SetClock) -> None:
    for url in ("sqlite://", "sqlite:///:memory:", "mysql://host/db"):
        with pytest.raises(ValueError):
            Store(url, clock=clock)
