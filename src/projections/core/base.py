"""Read tables and the pure projectors that fill them.

A projector turns one event into changes; it reads nothing and remembers nothing. The same changes
are applied in the transaction that saves the event (`Registry.apply`) and in bulk when tables are
rebuilt (`projections.core.rebuild`), by the same fold (`projections.core.fold`), and give the same
rows.

Rows of a *versioned* table say what was so from the event at `valid_from` until the one at
`valid_to` (`OPEN` while it is so), both positions in the log: one query answers "now" and "as at".
Rows of a *journal* are said once, at their `position`, and never change.

Column values must come back from both databases as they went in: text, whole numbers, booleans,
dates, JSON, and `Instant` for a point in time. Ratios are kept as two whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Index,
    Integer,
    MetaData,
    Table,
    and_,
    literal_column,
    select,
    text,
)
from sqlalchemy.types import TypeDecorator

from projections.core.full_text import FullText
from qa.core.clock import from_microseconds, microseconds
from qa.core.event import Event, RecordedEvent
from qa.core.one_of import one_of

OPEN = 2**63 - 1
"""`valid_to` of what is still so."""

read_tables = MetaData()
"""Every read table; a name can be taken once."""


class Instant(TypeDecorator[datetime]):
    """A point in time: whole microseconds in the database, a UTC datetime in Python."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


def versioned_table(
    name: str,
    *columns: Column[Any],
    key: Sequence[str],
    indexes: Sequence[Sequence[str]] = (),
    open_indexes: Sequence[Sequence[str]] = (),
    full_text: FullText | None = None,
    long_rows: bool = False,
    by_key: bool = False,
    sparse: Collection[str] = (),
) -> Table:
    """A table of versions of the rows named by `key` (columns among `columns`, in this order).

    Adds `valid_from` and `valid_to`, and sees to it that no key has two open rows. `indexes` are
    further lists of columns to find rows by; `open_indexes` hold only the open rows, for questions
    about now that must not slow down with every past version. `full_text` asks for an index of its
    words. Rows that are mostly longer than a thousand bytes are `long_rows`: see `_kept`. Rows that
    are found `by_key`, or by the other indexes, and never by being open alone, need no index of the
    open ones: of one key, no two end together, and those that have not ended least of all. Columns
    that are empty in most rows are `sparse`: an index that begins with one leaves those rows out.
    """
    named = {c.name: c for c in columns}
    for part in key:
        named[part].primary_key = True
        named[part].nullable = False
    table = Table(
        name,
        read_tables,
        *columns,
        Column(
            "valid_from", BigInteger, primary_key=not by_key, autoincrement=False, nullable=False
        ),
        Column("valid_to", BigInteger, primary_key=by_key, autoincrement=False, nullable=False),
        *([CheckConstraint("valid_from < valid_to")] if by_key else ()),
        info={"key": tuple(key), "full_text": full_text},
        **_kept(long_rows),
    )
    is_open = text(f"valid_to = {OPEN}")
    if not by_key:
        Index(
            f"{name}_open",
            *(table.c[part] for part in key),
            unique=True,
            sqlite_where=is_open,
            postgresql_where=is_open,
        )
    _index(table, indexes, sparse=sparse)
    _index(table, open_indexes, f"{name}_open", f"valid_to = {OPEN}", sparse)
    return table


def journal_table(
    name: str,
    *columns: Column[Any],
    indexes: Sequence[Sequence[str]] = (),
    long_rows: bool = False,
) -> Table:
    """A table that is only ever added to.

    Adds `position` and `line`, which numbers the rows of one position from 0. Rows that are mostly
    longer than a thousand bytes are `long_rows`: see `_kept`.
    """
    table = Table(
        name,
        read_tables,
        *columns,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("line", Integer, primary_key=True, autoincrement=False),
        **_kept(long_rows),
    )
    _index(table, indexes)
    return table


def _kept(long_rows: bool) -> Mapping[str, Any]:
    """How SQLite keeps a table. Short rows lie in the index of their key and are found by it in one
    step. Of a row in an index no more than a quarter of a page stands there, and the rest takes
    whole pages of its own, so long rows lie in a table beside the index."""
    return {} if long_rows else {"sqlite_with_rowid": False}


def _index(
    table: Table,
    indexes: Sequence[Sequence[str]],
    called: str = "",
    only: str = "",
    sparse: Collection[str] = (),
) -> None:
    for columns in indexes:
        filled = f'"{columns[0]}" IS NOT NULL' if columns[0] in sparse else ""
        condition = " AND ".join(filter(None, (only, filled)))
        where = text(condition) if condition else None
        Index(
            f"{called or table.name}_{'_'.join(columns)}",
            *(table.c[c] for c in columns),
            sqlite_where=where,
            postgresql_where=where,
        )


def is_versioned(table: FromClause) -> bool:
    return "valid_to" in table.c


def as_at(table: FromClause, position: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """The condition for the rows that stood at `position` (a number, or a parameter of a query that
    is made once); None asks for those that stand now."""
    if not is_versioned(table):
        upto = OPEN if position is None else position
        return table.c.position <= upto
    if position is None:
        # Written out, not bound: only so does a database see that the index of open rows fits.
        return table.c.valid_to == literal_column(str(OPEN))
    return and_(table.c.valid_from <= position, table.c.valid_to > position)


def naming(
    connection: Connection,
    people: Collection[str],
    columns: Sequence[Column[Any]],
    *where: ColumnElement[bool],
    position: int | None = None,
) -> set[str]:
    """Those of the people whom rows that stand name in one of the columns of a table."""
    found: set[str] = set()
    for column in columns:
        query = select(column).where(one_of(column, people), *where)
        query = query.where(as_at(column.table, position)).distinct()
        found |= set(connection.execute(query).scalars())
    return found


def present(connection: Connection) -> Connection:
    """The connection that reads what is so now, whatever moment `connection` shows.

    What a reader may see is always asked of the present: what a date control could open would not
    be sealed.
    """
    found: Connection = connection.get_execution_options().get("present", connection)
    return found


def today_of(connection: Connection) -> date:
    """The day on which this connection is asked."""
    found: date = connection.get_execution_options()["today"]
    return found


EventsAt = Callable[[Connection, Collection[int]], Mapping[int, tuple[Event, str]]]


def events_at(
    connection: Connection, positions: Collection[int]
) -> Mapping[int, tuple[Event, str]]:
    """The events at these positions, each with the fingerprint of its bytes (SHA-256, hex). What is
    sealed in them stays so."""
    now = present(connection)
    read: EventsAt = now.get_execution_options()["events_at"]
    return read(now, positions)


class Put(NamedTuple):
    """From this event on, the row of this key is `row`. Columns left out are None.

    Where it stands so already it is `kept`, or a new version of it begins.
    """

    table: Table
    row: Mapping[str, Any] | tuple[Any, ...]
    """By name, or whole in the order of the columns."""
    kept: bool = False


class Rewrite:
    """A pure function from a whole row as it stands to the whole row that follows."""

    __slots__ = ("_change", "_row")

    def __init__(self, row: Any, change: Callable[[Any], tuple[Any, ...]]) -> None:
        self._row, self._change = row, change

    def of(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """What follows. A fold keeps plain tuples: the collector need not look at those."""
        return tuple(self._change(self._row._make(values)))


Values = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""New values of columns, or a pure function from the row as it stands to them."""


class Amend(NamedTuple):
    """From this event on, `values` are other values in every open row whose key begins so.

    There must be such a row, unless `missing_ok`, or there is one from then on, `otherwise`.
    """

    table: Table
    prefix: tuple[Any, ...]
    values: Values | Rewrite
    missing_ok: bool = False
    otherwise: tuple[Any, ...] | None = None


class Close(NamedTuple):
    """From this event on, there are no rows whose key begins so."""

    table: Table
    prefix: tuple[Any, ...]


class JournalRow(NamedTuple):
    """One more row in a journal, by name or whole in the order of the columns."""

    table: Table
    row: Mapping[str, Any] | tuple[Any, ...]


RowChange = Put | Amend | Close | JournalRow
"""Several changes to one key at one position make one version of it: the last."""


class Projector(Protocol):
    """A question's tables and how an event changes them.

    Raise `version` whenever `tables` or `project` changes: the tables are then rebuilt. A
    projector may also have `handles`, the event classes it looks at, so that others pass it by, and
    `by_stream`, True where each of its rows is made from the events of a single stream, and
    `former_tables`, the names of tables of earlier versions, which a rebuild drops.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def tables(self) -> Sequence[Table]: ...

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]: ...
