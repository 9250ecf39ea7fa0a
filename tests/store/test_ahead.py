"""Units made ready before their turn: saved as any other, or overtaken and not saved at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from qa.core.clock import SetClock
from qa.core.errors import KeyReused, MovedOn, Refused
from qa.core.event import Source
from qa.security.vault import SqlVault, subject_key
from qa.store.ahead import Overtaken, TurnTaken
from qa.store.store import Store
from tests.store.support import KIM, LEE, MarblesAdded, NoteWritten, marbles

FROM_FILE = Source(batch="b", file_sha256="0" * 64, row=1)


@pytest.fixture
def file(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    """A store of SQLite."""
    store = Store(f"sqlite:///{tmp_path}/a.db", clock=clock, vault=SqlVault(b"m" * 32, clock=clock))
    store.initialise()
    yield store
    store.close()


def add(store: Store, stream: str, count: int) -> None:
    with store.unit(LEE) as unit:
        unit.load(stream, marbles, 0)
        unit.append(stream, MarblesAdded(count=count))


def destroy(store: Store, subject: str = "child:1") -> None:
    assert store.vault is not None
    with store.writing() as connection:
        store.vault.destroy(connection, subject)


def make(store: Store, subject: str = "child:2") -> None:
    assert store.vault is not None
    with store.writing() as connection:
        store.vault.keys_of(connection, [subject])


@pytest.mark.both_databases
def test_it_is_saved_as_any_other(store: Store) -> None:
    add(store, "jar:1", 2)
    taken = TurnTaken()
    with store.unit_ahead(KIM, taken, key="k", request="r", source=FROM_FILE) as unit:
        assert unit.load("jar:1", marbles, 0) == 2
        unit.keys_ahead(["child:1", "child:2"])
        unit.keys_ahead(["child:2", "child:3"])
        unit.append("jar:1", MarblesAdded(count=3))
        for n in "123":
            unit.append(f"note:{n}", NoteWritten(note=n), about=f"child:{n}")
        unit.respond(made=3)
    assert (unit.receipt.position, unit.receipt.versions["jar:1"]) == (5, 2)
    found = list(store.events())
    assert [one.position for one in found] == [1, 2, 3, 4, 5]
    assert [one.event.note for one in found[2:]] == ["1", "2", "3"]
    assert {one.recorded_at for one in found[1:]} == {unit.receipt.recorded_at}
    assert found[1].meta.source == FROM_FILE
    assert (taken.seconds > 0) is not store.engines.is_postgres
    with store.unit_ahead(KIM, taken, key="k", request="r") as again:
        assert again.replayed is not None
    assert (again.receipt.position, again.receipt.response) == (5, {"made": 3})
    with pytest.raises(KeyReused), store.unit_ahead(KIM, taken, key="k", request="else"):
        pass


@pytest.mark.parametrize(
    "meanwhile",
    [lambda store: add(store, "jar:other", 1), destroy, make],
    ids=["an event", "a key destroyed", "a key made"],
)
def test_overtaken_it_saves_nothing(file: Store, meanwhile: Callable[[Store], None]) -> None:
    with file.unit(KIM) as unit:
        unit.append("note:1", NoteWritten(note="before"), about="child:1")

    def attempt(between: Callable[[Store], None]) -> None:
        with file.unit_ahead(KIM, TurnTaken()) as unit:
            unit.keys_ahead(["child:1", "child:2"])
            unit.load("note:1", marbles, 0)
            unit.append("note:1", NoteWritten(note="one"), about="child:1")
            unit.append("note:2", NoteWritten(note="two"), about="child:2")
            between(file)

    with pytest.raises(Overtaken):
        attempt(meanwhile)
    streams = [one.stream for one in file.events()]
    assert streams == ["note:1"] + ["jar:other"] * (len(streams) - 1)
    attempt(lambda _: None)
    assert [one.stream for one in file.events()][-2:] == ["note:1", "note:2"]


def test_a_key_that_was_not_asked_for_ahead_is_kept_with_what_it_seals(file: Store) -> None:
    def attempt(between: Callable[[Store], object]) -> None:
        with file.unit_ahead(KIM, TurnTaken()) as unit:
            unit.append("note:1", NoteWritten(note="one"), about="child:1")
            between(file)

    with pytest.raises(Overtaken):
        attempt(lambda store: add(store, "jar:other", 1))
    with file.reading() as connection:
        assert connection.execute(select(subject_key)).all() == []
    attempt(lambda _: None)
    assert [one.event.note for one in file.events(stream="note:1")] == ["one"]


def test_what_is_refused_or_appends_nothing_takes_no_turn(file: Store) -> None:
    taken = TurnTaken()
    with suppress(Refused), file.unit_ahead(KIM, taken) as unit:
        unit.append("jar:1", MarblesAdded(count=1))
        raise Refused("not so")
    assert file.head() == 0
    with file.unit_ahead(KIM, taken) as unit:
        assert unit.version("jar:1") == 0
    assert (unit.receipt.position, taken.seconds) == (0, 0.0)
    with pytest.raises(MovedOn), file.unit_ahead(KIM, taken) as unit:
        unit.expect("jar:1", 4)
    add(file, "jar:1", 1)
    assert file.head() == 1
