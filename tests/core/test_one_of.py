"""One of any number of values, where either database takes so many parameters and no more."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert, select
from sqlalchemy.dialects import sqlite

from projections.actions import queries as actions
from projections.agreement.tables import AGREEMENT_AUDITS
from projections.audits import child_queries, queries
from projections.history import queries as history
from projections.people import queries as people
from qa.core.clock import SetClock
from qa.core.one_of import FEW, one_of
from qa.core.words import Reach
from qa.store.engine import Engines
from tests.support.council import Council

held = Table("one_of_held", MetaData(), Column("name", Text), Column("number", BigInteger))
MANY = 70_000


def test_few_and_many_find_the_same(store_url: str) -> None:
    engines = Engines(store_url)
    odd = [1, 7, 2**40 + 1]
    with engines.writing() as connection:
        held.create(connection)
        rows = [{"name": f"it's “{n}”", "number": n} for n in (*odd, 2, 8)]
        connection.execute(insert(held), [*rows, {"name": None, "number": None}])
    with engines.reading() as connection:
        for beside in (0, MANY):
            names = {f"it's “{n}”" for n in (*odd, *range(100, 100 + beside))}
            numbers = [*odd, *range(100, 100 + beside), 7]
            for column, values in ((held.c.name, names), (held.c.number, numbers)):
                query = select(held.c.number).order_by(held.c.number)
                found = connection.execute(query.where(one_of(column, values))).scalars().all()
                others = connection.execute(query.where(~one_of(column, values))).scalars().all()
                assert (found, others) == (odd, [2, 8])
        nobody = connection.execute(select(held).where(one_of(held.c.name, ()))).all()
    assert nobody == []
    engines.dispose()


@pytest.mark.parametrize(("size", "marks"), [(FEW, FEW), (FEW + 1, 1)])
def test_a_few_are_written_out(size: int, marks: int) -> None:
    condition = one_of(held.c.number, range(size)).compile(
        dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}
    )
    assert str(condition).count("?") == marks


def test_whatever_is_asked_of_many_ids_is_answered(
    store_url: str, clock: SetClock, tmp_path: Path
) -> None:
    services = Council.over(store_url, clock, tmp_path, count(1)).services
    services.initialise()
    ids = [f"{n:032x}" for n in range(MANY)]
    reader = Reach(person="p", everything=True, closed=frozenset(ids))
    with services.store.reading() as connection:
        asked = (
            queries.references(connection, ids),
            queries.headings(connection, ids),
            queries.by_references(connection, ids),
            queries.chosen(connection, reader, ids),
            child_queries.children_among(connection, ids),
            history.belongs_to(connection, ids),
            history.parts(connection, ids),
            actions.with_ids(connection, ids),
            people.names(connection, ids),
            AGREEMENT_AUDITS.where(connection, {"audit": ids}, position=None, order=("audit",)),
            services.store.rows_of(connection, ids, upto=5),
        )
        assert not any(map(bool, asked))
        assert not any(services.store.rows_by_stream(connection, ids).values())
    services.store.close()
