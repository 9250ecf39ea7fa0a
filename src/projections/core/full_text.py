"""The index of the words of a read table: SQLite's FTS5, PostgreSQL's GIN over a `tsvector`.

A table has one where `versioned_table` is told its columns: a whole number that no two rows share,
and the words of the row, each made ready and parted by single spaces. Neither database looks into a
word, so that both find the same. The index is no read table: it holds nothing but what stands in
those two columns, for every row that ever stood, and is only ever added to.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    column,
    literal_column,
)
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import TSQUERY

RowCondition = ColumnElement[bool]
"""Which rows a reader may find; whoever asks hands it on and looks not into it."""


class SearchedRow(NamedTuple):
    """What a condition is made of: the record that a text stands in, and whether it is what that
    goes by."""

    record: ColumnElement[str]
    is_name: ColumnElement[bool]


class FullText(NamedTuple):
    """The columns that an index of words is made of."""

    place: str
    words: str


def _of(table: Table) -> FullText | None:
    found: FullText | None = table.info.get("full_text")
    return found


_LEXEMES = "lexemes"
"""The words as PostgreSQL looks into them where the index does not: made once, not at each look."""


def _made_of(full_text: FullText) -> str:
    return f"array_to_tsvector(string_to_array({full_text.words}, ' '))"


def looked_into(table: Table, dialect: str, *, made: bool) -> list[str]:
    """What a view of the table shows beside its columns, so that it can be searched like the table:
    where the words are `made` once already, or not yet."""
    full_text = _of(table)
    if full_text is None or dialect != "postgresql":
        return []
    return [_LEXEMES if made else f"{_made_of(full_text)} AS {_LEXEMES}"]


def create(connection: Connection, table: Table, generation: int = 0) -> None:
    """Make the index over the rows that are there; those that come later are added with them.
    The index of a copy is named with the `generation`, since its table takes another name."""
    full_text = _of(table)
    if full_text is None:
        return
    if connection.dialect.name == "postgresql":
        name = f"{table.name.partition('__')[0]}_words{f'__{generation}' if generation else ''}"
        connection.exec_driver_sql(
            f'ALTER TABLE "{table.name}" ADD COLUMN IF NOT EXISTS {_LEXEMES} tsvector'
            f" GENERATED ALWAYS AS ({_made_of(full_text)}) STORED"
        )
        connection.exec_driver_sql(
            f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table.name}" USING gin ({_LEXEMES})'
        )
        return
    drop(connection, table)
    connection.exec_driver_sql(
        f'CREATE VIRTUAL TABLE "{table.name}_words" USING fts5('
        "words, content='', columnsize=0, detail=none, tokenize='ascii')"
    )
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}_words" (rowid, words)'
        f' SELECT "{full_text.place}", "{full_text.words}" FROM "{table.name}"'
    )


def adding(table: Table, dialect: str, name: str) -> tuple[str, itemgetter[Any]] | None:
    """The statement that adds a row to the index of the table of that `name`, with what takes its
    parameters from the row; None where the database does so, or there is no index.

    A trigger would do as well, but makes FTS5 write its index anew for every row.
    """
    full_text = _of(table)
    if full_text is None or dialect == "postgresql":
        return None
    names = [column.name for column in table.columns]
    statement = f'INSERT INTO "{name}_words" (rowid, words) VALUES (?, ?)'
    return statement, itemgetter(*map(names.index, full_text))


def drop(connection: Connection, table: Table) -> None:
    """Take the index away before its table is dropped; PostgreSQL does that by itself."""
    if _of(table) is not None and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}_words"')


def swap(connection: Connection, copy: Table, table: Table) -> None:
    """Give a copy, and its index, the name of the table, which is gone."""
    drop(connection, table)
    connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
    indexed = _of(table) is not None and connection.dialect.name == "sqlite"
    for part in ("", "_words") if indexed else ("",):
        connection.exec_driver_sql(
            f'ALTER TABLE "{copy.name}{part}" RENAME TO "{table.name}{part}"'
        )


class Matching(NamedTuple):
    """The conditions for the rows whose words answer a query, and the place of each as the index
    itself has it: in that order SQLite need not find them all before the first is known."""

    conditions: tuple[ColumnElement[bool], ...]
    place: ColumnElement[int]


def matching(dialect: str, table: Table, query: str) -> Matching:
    """How rows are found by a query, written as the database of the `dialect` reads it."""
    full_text = _of(table)
    assert full_text is not None
    place = table.c[full_text.place]
    if dialect == "postgresql":
        tsquery = cast(query, TSQUERY)
        lexemes = literal_column(f'"{table.name}".{_LEXEMES}', Text)
        return Matching((lexemes.op("@@")(tsquery),), place)
    own = f"{table.name}_words"  # FTS5 takes what is asked of its own name as asked of all columns
    index = named(own, column("rowid", BigInteger), column(own, Text))
    return Matching((index.c[own].op("MATCH")(query), index.c.rowid == place), index.c.rowid)
