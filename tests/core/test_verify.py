"""`verify` finds nothing in a sound database, and finds each kind of damage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, update

from projections.core import set_aside
from projections.core.base import OPEN
from projections.core.bookkeeping import read_model
from projections.core.rebuild import rebuild
from projections.core.registry import Registry
from projections.core.verify import verify
from qa.core.clock import SetClock
from qa.core.errors import Damaged
from qa.store.store import Store
from qa.store.unit import Stamp
from tests.core.support import JarCounted, JarPut, Jars, handling, jar
from tests.support.tampering import tampered

KIM = Stamp("person-kim", "auditor")


@pytest.fixture
def registry() -> Registry:
    return Registry([Jars()])


@pytest.fixture
def kept(store_url: str, clock: SetClock, registry: Registry) -> Iterator[Store]:
    store = Store(store_url, clock=clock, projector=registry)
    store.initialise()
    for n, name in enumerate(["a", "é", "Z", "b"]):
        with store.unit(KIM) as unit:
            unit.append(f"toy:{name}", JarPut(shelf="top", jar=name, marbles=n, labels=("x",)))
            unit.append(f"toy:{name}", JarCounted(shelf="top", jar=name, marbles=n + 1))
    yield store
    store.close()


def test_a_sound_database_shows_no_difference(kept: Store, registry: Registry) -> None:
    seen: list[tuple[int, int]] = []
    assert verify(kept, registry, progress=lambda done, of: seen.append((done, of))) == []
    assert seen[-1] == (8, 8)


def test_changed_missing_and_invented_rows_are_named(kept: Store, registry: Registry) -> None:
    with kept.writing() as connection:
        connection.execute(
            update(jar).where(jar.c.jar == "é", jar.c.valid_to == OPEN).values(marbles=99)
        )
        connection.execute(jar.delete().where(jar.c.jar == "b"))
        connection.execute(insert(handling).values(jar="q", what="put", position=2, line=0))
    found = verify(kept, registry)
    assert [(d.where, d.key[:2], d.live is None, d.replayed is None) for d in found] == [
        ("toy_jar", ("top", "b"), True, False),
        ("toy_jar", ("top", "b"), True, False),
        ("toy_jar", ("top", "é"), False, False),
        ("toy_handling", (2, 0), False, True),
    ]
    rebuild(kept, registry)
    assert verify(kept, registry) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM fact WHERE position = 3", "positions 3 to 3 are missing"),
        ("DELETE FROM fact WHERE position = 8", "positions 8 to 8 are missing"),
        ("UPDATE fact SET recorded_us = 1 WHERE position = 5", "was recorded before the fact bef"),
        ("UPDATE fact SET version = 7 WHERE position = 4", "stream has 2 facts with versions 1 to"),
        ("UPDATE fact SET type = 'toy.gone' WHERE position = 4", "Fact 4 has the unknown type"),
        ("UPDATE head SET position = 7", "stands after the head"),
    ],
)
def test_damage_to_the_log_is_named(
    kept: Store, registry: Registry, statement: str, what: str
) -> None:
    tampered(kept, statement)
    assert any(d.where == "log" and d.what.startswith(what) for d in verify(kept, registry))


def test_tables_of_another_version_are_named_until_rebuilt(kept: Store) -> None:
    class Later(Jars):
        version = 2

    registry = Registry([Later()])
    assert [d.what for d in verify(kept, registry)] == ["was built by another version: rebuild it"]
    rebuild(kept, registry)
    assert verify(kept, registry) == []


def test_a_stale_projector_is_left_alone_until_a_rebuild_brings_it_back(kept: Store) -> None:
    class Later(Jars):
        version = 2

    registry = Registry([Later()])
    kept.projector = registry
    with kept.unit(KIM) as unit:
        unit.append("toy:new", JarPut(shelf="low", jar="new", marbles=1))
    with kept.reading() as connection:
        assert registry.stale(connection) == ["toy-jars"]
        assert connection.execute(jar.select().where(jar.c.jar == "new")).all() == []
    rebuild(kept, registry)
    with kept.unit(KIM) as unit:
        unit.append("toy:newer", JarPut(shelf="low", jar="newer", marbles=1))
    assert verify(kept, registry) == []


def test_a_failed_rebuild_leaves_the_tables_in_use_as_they_are(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside, "MOST", 3)

    class Broken(Jars):
        def project(self, recorded: object) -> list[object]:  # type: ignore[override]
            raise Damaged("cannot be applied", position=1)

    with pytest.raises(Damaged):
        rebuild(kept, Registry([Broken()]))
    assert verify(kept, Registry([Jars()])) == []


def test_the_rebuild_notes_where_it_was_made(kept: Store, registry: Registry) -> None:
    rebuild(kept, registry)
    rebuild(kept, registry)
    with kept.reading() as connection:
        row = connection.execute(read_model.select()).one()
    assert (row.name, row.version, row.position, row.generation, row.status) == (
        "toy-jars",
        1,
        8,
        2,
        "live",
    )
