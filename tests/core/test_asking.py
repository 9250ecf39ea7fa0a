"""Statements that are put together once: asked together, in one snapshot or each alone."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import bindparam, select, update

from qa.core.asking import Standing, Wanted, ask, ask_all
from qa.store.engine import Engines
from qa.store.store import Store
from qa.store.tables import head
from tests.conftest import SetClock

_POSITION = Standing(select(head.c.position).where(head.c.id == bindparam("id")))
_MOVE = Standing(update(head).values(position=bindparam("to")).where(head.c.id == 1))


def position(number: int = 1) -> Wanted[list[int]]:
    return Wanted(_POSITION, {"id": number}, lambda rows: [found for (found,) in rows])


def move(to: int) -> Wanted[None]:
    return Wanted(_MOVE, {"to": to}, lambda rows: None)


def test_several_are_answered_in_their_order(store_url: str, clock: SetClock) -> None:
    store = Store(store_url, clock=clock)
    store.initialise()
    with store.writing() as connection:
        asked = (position(), move(4), position(), position(2))
        assert ask_all(connection, *asked) == [[0], None, [4], []]
    store.close()


def test_what_is_read_together_stands_still_and_what_is_asked_alone_does_not(
    store_url: str, clock: SetClock
) -> None:
    store = Store(store_url, clock=clock)
    store.initialise()
    beside = Engines(store_url)
    with store.reading() as reading, store.asking() as alone:
        seen = [ask(reading, position()), ask(alone, position())]
        with beside.writing() as writer:
            ask(writer, move(9))
        seen += [ask(reading, position()), ask(alone, position())]
    assert seen == [[0], [0], [0], [9]]
    beside.dispose()
    store.close()


def test_what_has_to_be_given_is_never_taken_for_nothing(store_url: str, clock: SetClock) -> None:
    store = Store(store_url, clock=clock)
    store.initialise()
    misspelt = Wanted(_POSITION, {"number": 1}, lambda rows: rows)
    with pytest.raises((KeyError, psycopg.ProgrammingError)), store.reading() as connection:
        ask(connection, misspelt)
    store.close()
