"""Every read model at any position is what a store told only the events up to there would hold, and
it is the same bytes for ever: later, and rebuilt."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from projections.core.base import OPEN, as_at
from projections.core.fold import Folding
from projections.core.rebuild import rebuild
from tests.conftest import NewCouncil
from tests.support.council import Council
from tests.support.every_room import live

Rows = dict[str, list[str]]


@pytest.fixture(scope="module")
def lived(new_council: NewCouncil) -> Council:
    """One history for all that is asked of it."""
    council = new_council()
    live(council)
    return council


def tables(council: Council) -> Iterator[tuple[str, Table]]:
    for projector in council.services.registry.projectors:
        for table in projector.tables:
            yield projector.name, table


def versioned(table: Table) -> bool:
    return "valid_to" in table.c


def shown(council: Council, connection: Connection, position: int) -> Rows:
    """Every row as known at a position, without where it ends: a later event may say that."""
    found = {}
    for _, table in tables(council):
        when = as_at(table, position) if versioned(table) else table.c.position <= position
        kept = [column for column in table.c if column.name != "valid_to"]
        rows = connection.execute(select(*kept).where(when)).all()
        found[table.name] = sorted(map(repr, map(tuple, rows)))
    return found


def told_only(council: Council, position: int) -> Rows:
    """The rows of a store that was told just the events up to a position, all else forgotten."""
    read_side = council.services.registry
    folding = Folding(table.name for table in read_side.tables)
    for recorded in council.services.store.events(upto=position):
        for projector in read_side.interested(type(recorded.event)):
            folding.apply(recorded.position, projector.project(recorded))
    found = {}
    for _, table in tables(council):
        fold = folding.folds.get(table.name)
        names = [column.name for column in table.c]
        rows = [] if fold is None else [*fold.finished, *fold.opened()]
        if versioned(table):
            end = names.index("valid_to")
            rows = [row[:end] + row[end + 1 :] for row in rows if row[end] == OPEN]
        found[table.name] = sorted(map(repr, map(tuple, rows)))
    return found


def test_every_read_model_has_a_past_to_be_asked_for(lived: Council) -> None:
    """A read model that nothing happens to would pass for want of anything to compare."""
    head = lived.services.store.head()
    with lived.services.store.reading() as connection:
        now, middle = shown(lived, connection, head), shown(lived, connection, head // 2)
        ended = {
            table.name
            for _, table in tables(lived)
            if versioned(table)
            and connection.execute(select(table).where(table.c.valid_to < OPEN)).first()
        }
    bare = [
        table.name for _, table in tables(lived) if not (now[table.name] or table.name in ended)
    ]
    assert bare == [], "let tests.support.every_room put something there"
    unchanged = [
        name
        for name in {projector for projector, _ in tables(lived)}
        if all(
            now[table.name] == middle[table.name] and table.name not in ended
            for projector, table in tables(lived)
            if projector == name
        )
    ]
    assert unchanged == []


def compare(council: Council, times: int) -> None:
    head = council.services.store.head()
    random = Random(20260302)
    with council.services.store.reading() as connection:
        for position in (*random.sample(range(head), times), head):
            found, expected = shown(council, connection, position), told_only(council, position)
            for name in expected:
                assert found[name] == expected[name], (name, position)


def test_known_then_is_what_the_events_of_then_alone_say(lived: Council) -> None:
    compare(lived, 12)


@pytest.mark.postgres
def test_known_then_on_the_other_database(postgres_council: Council) -> None:
    live(postgres_council)
    compare(postgres_council, 4)


def test_a_rebuild_gives_the_same_bytes(lived: Council) -> None:
    services = lived.services
    head = services.store.head()

    def whole() -> Rows:
        with services.store.reading() as connection:
            return {
                table.name: sorted(map(repr, map(tuple, connection.execute(select(table)))))
                for _, table in tables(lived)
            }

    before = whole()
    assert not rebuild(services.store, services.registry)
    assert services.store.head() == head
    assert whole() == before
