"""Read tables stated once, as a `NamedTuple` that queries answer with and projectors fill.

    class FollowUpRow(NamedTuple):
        audit: str
        opened: Position
        owner: str | None = None
        actions: JsonText = JsonText("[]")

    FOLLOW_UPS = ReadTable(FollowUpRow, "follow_up_row", key=("audit",))

A row is a tuple in the order of its columns, so it is read and written without being copied: a
column holds what the driver holds, and a property of the row decodes what is stored as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Generic,
    NamedTuple,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    select,
)

from projections.core.base import (
    Amend,
    Close,
    Instant,
    JournalRow,
    Put,
    Rewrite,
    as_at,
    journal_table,
    versioned_table,
)
from projections.core.full_text import FullText
from qa.core.clock import microseconds
from qa.core.event import Event, RecordedEvent
from qa.core.frozen import Frozen
from qa.core.one_of import FEW, one_of

JsonText = NewType("JsonText", str)
"""A list or object as JSON."""


def json_text(value: object) -> JsonText:
    return JsonText(orjson.dumps(value).decode())


def json_list(values: Iterable[Any]) -> JsonText:
    """A list of texts or models."""
    return json_text(
        [each.model_dump(mode="json") if isinstance(each, Frozen) else each for each in values]
    )


def texts(stored: JsonText) -> tuple[str, ...]:
    return tuple(orjson.loads(stored))


def column_value(value: Any) -> Any:
    """A value of an event as the driver holds it: a day as ISO text, a list or model as JSON."""
    if value is None or type(value) in (str, int):
        return value
    match value:
        case Enum():
            return value.value
        case bool():
            return int(value)
        case datetime():
            return microseconds(value)
        case date():
            return value.isoformat()
        case Frozen():
            return value.model_dump_json()
        case tuple():
            return json_list(value)
        case _:
            return str(value)


Position = Annotated[int, BigInteger]
"""A place in the log."""
_KINDS: Mapping[Any, Any] = {
    str: Text,
    int: Integer,
    bool: Boolean,
    date: Date,
    datetime: Instant,
    JsonText: Text,
}

R = TypeVar("R", bound=NamedTuple)


_new = tuple.__new__
"""Makes a tuple that has names at half its cost."""


def _key_of(recorded: RecordedEvent[Any]) -> str:
    return recorded.stream.partition(":")[2]


_ENVELOPE: Mapping[str, Callable[[RecordedEvent[Any]], Any]] = {
    "opened": lambda recorded: recorded.position,
    "stream_version": lambda recorded: recorded.version,
    "by": lambda recorded: recorded.meta.by,
    "recorded_us": lambda recorded: microseconds(recorded.recorded_at),
}
"""Columns that every event fills by the same name."""


class _Rows(Generic[R]):
    """What every table of typed rows is asked."""

    def __init__(self, row: type[R], table: Table) -> None:
        self.row = row
        self.table = table
        setattr(row, "_replace", _replacing(row))  # noqa: B010 - mypy holds it to be final
        self._every = select(*(table.c[field] for field in row._fields))
        self._queries: dict[tuple[object, ...], Select[Any]] = {}

    def select(
        self, *where: ColumnElement[bool], position: int | ColumnElement[int] | None
    ) -> Select[Any]:
        """The rows that stood at `position` (None: that stand now)."""
        return self._every.where(*where, as_at(self.table, position))

    def ever(self, *where: ColumnElement[bool]) -> Select[Any]:
        """The rows of all times, those included that stand no more."""
        return self._every.where(*where)

    def rows(self, connection: Connection, query: Select[Any]) -> list[R]:
        return [*map(self.row._make, connection.execute(query).all())]

    def where(
        self,
        connection: Connection,
        values: Mapping[str, object],
        *,
        position: int | None,
        order: Sequence[str] = (),
    ) -> list[R]:
        """The rows that stood at `position` and have these values in these columns (of a list: any
        of them), in the order of the columns of `order`.

        The statement is put together once for each shape of question, which takes SQLAlchemy longer
        than either database takes to answer it.
        """
        several = [isinstance(value, list) for value in values.values()]
        if any(isinstance(value, list) and len(value) > FEW for value in values.values()):
            table_columns = self.table.c
            wanted = (
                one_of(table_columns[name], value)
                if isinstance(value, list)
                else table_columns[name] == value
                for name, value in values.items()
            )
            whole = self.select(*wanted, position=position)
            return self.rows(connection, whole.order_by(*(table_columns[name] for name in order)))
        shape = (position is None, *values, *several, *order)
        query = self._queries.get(shape)
        if query is None:
            columns = self.table.c
            query = self.select(
                *(
                    columns[name].in_(bindparam(f"of_{name}", expanding=True))
                    if many
                    else columns[name] == bindparam(f"of_{name}")
                    for name, many in zip(values, several, strict=True)
                ),
                position=None if position is None else bindparam("at", type_=BigInteger),
            ).order_by(*(columns[name] for name in order))
            self._queries[shape] = query
        given = {f"of_{name}": value for name, value in values.items()}
        if position is not None:
            given["at"] = position
        return [*map(self.row._make, connection.execute(query, given).all())]

    def one(
        self, connection: Connection, *where: ColumnElement[bool], position: int | None
    ) -> R | None:
        found = connection.execute(self.select(*where, position=position)).one_or_none()
        return None if found is None else self.row._make(found)


class ReadTable(_Rows[R]):
    """A table of versions of rows: which stands at a position is part of every question."""

    def __init__(
        self,
        row: type[R],
        name: str,
        *,
        key: Sequence[str],
        indexes: Sequence[Sequence[str]] = (),
        open_indexes: Sequence[Sequence[str]] = (),
        full_text: FullText | None = None,
        long_rows: bool = False,
        by_key: bool = False,
        sparse: Collection[str] = (),
    ) -> None:
        table = versioned_table(
            name,
            *_columns(row),
            key=key,
            indexes=indexes,
            open_indexes=open_indexes,
            full_text=full_text,
            long_rows=long_rows,
            by_key=by_key,
            sparse=sparse,
        )
        super().__init__(row, table)
        self.key = tuple(key)
        self._filled: dict[type[Event], list[tuple[str, Callable[[Any], Any]]]] = {}

    def row_of(self, recorded: RecordedEvent[Any], /, **given: Any) -> R:
        """The row that comes on record with an event: the columns `given`, those that are fields of
        the event, and those that every event can fill. Other columns are as they begin.
        """
        kind = type(recorded.event)
        if kind not in self._filled:
            getters: dict[str, Callable[[Any], Any]] = {self.key[0]: _key_of, **_ENVELOPE}
            getters |= {name: attrgetter(f"event.{name}") for name in kind.model_fields}
            self._filled[kind] = [(n, getters[n]) for n in self.row._fields if n in getters]
        for name, get in self._filled[kind]:
            if name not in given:
                given[name] = column_value(get(recorded))
        make: Callable[..., R] = self.row
        return make(**given)

    def begin(self, recorded: RecordedEvent[Any], /, **given: Any) -> Put:
        """From this event on, there is the row that comes on record with it."""
        return self.put(self.row_of(recorded, **given))

    def put(self, row: R) -> Put:
        """From this event on, the row of its key is `row`."""
        return _new(Put, (self.table, row, False))

    def keep(self, row: R) -> Put:
        """From this event on, if not before, the row of its key is `row`."""
        return Put(self.table, row, kept=True)

    def amend(
        self,
        key: tuple[Any, ...],
        change: Callable[[R], R],
        *,
        missing_ok: bool = False,
        otherwise: R | None = None,
    ) -> Amend:
        """From this event on, the rows whose key begins so are what `change` makes of them, or
        where there is none, there is `otherwise`."""
        return Amend(self.table, key, Rewrite(self.row, change), missing_ok, otherwise)

    def close(self, *key: Any) -> Close:
        """From this event on, there are no rows whose key begins so."""
        return Close(self.table, key)


class ReadJournal(_Rows[R]):
    """A table of rows that are written once, at the position of their event."""

    def __init__(self, row: type[R], name: str, *, indexes: Sequence[Sequence[str]] = ()) -> None:
        super().__init__(row, journal_table(name, *_columns(row), indexes=indexes))

    def add(self, row: R) -> JournalRow:
        return JournalRow(self.table, row)


def _replacing(row: type[NamedTuple]) -> Callable[..., Any]:
    """`_replace` at half its cost: a rebuild asks for it once an event."""
    at = {name: place for place, name in enumerate(row._fields)}

    def replace(self: tuple[Any, ...], /, **values: Any) -> Any:
        changed = list(self)
        for name, value in values.items():
            changed[at[name]] = value
        return _new(row, changed)

    return replace


def _columns(row: type[NamedTuple]) -> Iterable[Column[Any]]:
    for name, annotation in get_type_hints(row, include_extras=True).items():
        nullable = get_origin(annotation) in (Union, UnionType)
        kind = annotation
        if nullable:
            kind = next(one for one in get_args(annotation) if one is not NoneType)
        stored = get_args(kind)[1] if get_origin(kind) is Annotated else _KINDS[kind]
        yield Column(name, stored, nullable=nullable)
