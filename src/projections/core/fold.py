"""Changes folded into rows: the one place that says what Put, Amend, Close and Note do.

Used with rows of the database behind it (inline: open rows are fetched when an Amend or Close
needs them) and without (in bulk: all open rows are in memory). It holds plain tuples; how they are
written is `projections.core.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from projections.core.base import (
    OPEN,
    Amend,
    Close,
    JournalRow,
    Put,
    Rewrite,
    RowChange,
    Values,
    is_versioned,
)
from qa.core.errors import Damaged

Key = tuple[Any, ...]
Row = tuple[Any, ...]
"""Values in the order of the table's columns, the two added ones last."""

Fetch = Callable[[Sequence[tuple[Table, Key]]], Sequence[Iterable[Row]]]
"""For each table and beginning of a key, the open rows in the database whose key begins so."""


class _Standing(Mapping[str, Any]):
    """A row as it stands, by name, without a dict being made of it."""

    __slots__ = ("_at", "_row")

    def __init__(self, at: Mapping[str, int], row: Row) -> None:
        self._at = at
        self._row = row

    def __getitem__(self, name: str) -> Any:
        return self._row[self._at[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


class _Columns:
    """How the rows of one table are laid out."""

    __slots__ = ("all", "at", "free", "key", "key_at", "known", "names", "versioned", "width")

    def __init__(self, table: Table) -> None:
        self.names = tuple(c.name for c in table.columns)[:-2]
        self.known = frozenset(self.names)
        self.width = len(self.names)
        self.all = _getter(self.names)
        self.at = {name: at for at, name in enumerate(self.names)}
        self.versioned = is_versioned(table)
        keyed = table.info["key"] if self.versioned else ()
        self.key_at = tuple(self.at[part] for part in keyed)
        self.free = {name: at for name, at in self.at.items() if at not in self.key_at}
        self.key = _getter(self.key_at or (0,))


@lru_cache(maxsize=500)
def _columns(table: Table) -> _Columns:
    """Asked for every table of every save, so worked out once."""
    return _Columns(table)


class TableFold:
    """One table's rows under a run of changes.

    `finished` are rows to insert that will not change again; `opened()` rows to insert that are
    open; `closings` are keys of rows in the database that end, with the position where.
    """

    def __init__(self, table: Table, fetch: Fetch | None = None, first: int = 0) -> None:
        self.table = table
        self.finished: list[Row] = []
        self.closings: dict[Key, int] = {}
        self._open: dict[Key, tuple[int, Row]] = {}
        self._begun: dict[Key, Row] = {}
        self._fetch = fetch
        self._fetched: set[Key] = set()
        self._first = first
        self._line = (0, -1)
        self._by_prefix: dict[int, dict[Key, dict[Key, None]]] = {}
        columns = _columns(table)
        self.names = columns.names
        self.versioned = columns.versioned
        self._known = columns.known
        self._width = columns.width
        self._all = columns.all
        self._key_at = columns.key_at
        self._at = columns.at
        self._free = columns.free
        self._key = columns.key

    def put(
        self, position: int, row: Mapping[str, Any] | Row, new: bool = False, kept: bool = False
    ) -> None:
        values = tuple(row) if isinstance(row, tuple) else self._values(row)
        key = self._key(values)
        if kept and self._matching(key, new) and self._open[key][1] == values:
            return
        open_row = self._open.get(key)
        if open_row is not None:
            self._end(key, open_row, position)
        elif not new and self._fetch is not None and key not in self.closings:
            # Whether the database has an open row of this key is not asked: it ends if it is there.
            self.closings[key] = position
        self._open[key] = (position, values)
        if open_row is None:
            for length, prefixes in self._by_prefix.items():
                prefixes.setdefault(key[:length], {})[key] = None

    def begin(self, position: int, row: Mapping[str, Any] | Row) -> None:
        """As `put`, of a row that stands nowhere yet and that no later change is of."""
        values = row if isinstance(row, tuple) else self._values(row)
        self._begun[self._key(values)] = (*values, position, OPEN)

    def amend(
        self,
        position: int,
        prefix: Key,
        values: Values | Rewrite,
        missing_ok: bool,
        new: bool = False,
        otherwise: Row | None = None,
    ) -> None:
        keys = self._matching(prefix, new)
        if not keys and otherwise is not None:
            self.put(position, otherwise, new)
        elif not keys and not missing_ok:
            raise Damaged(
                f"Fact {position} changes a row of {self.table.name} that is not there.",
                position=position,
            )
        free = self._free
        for key in keys:
            open_row = self._open[key]
            if isinstance(values, Rewrite):
                whole = values.of(open_row[1])
                if self._key(whole) != key:
                    raise ValueError(f"the key of a row of {self.table.name} cannot be amended")
                self._end(key, open_row, position)
                self._open[key] = (position, whole)
                continue
            changed = list(open_row[1])
            changes = values(_Standing(self._at, open_row[1])) if callable(values) else values
            try:
                for name, value in changes.items():
                    changed[free[name]] = value
            except KeyError as unknown:
                what = f"{self.table.name} has no column {unknown} that can be amended"
                raise ValueError(what) from None
            self._end(key, open_row, position)
            self._open[key] = (position, tuple(changed))

    def close(self, position: int, prefix: Key, new: bool = False) -> None:
        for key in self._matching(prefix, new):
            self._end(key, self._open.pop(key), position)
            for length, prefixes in self._by_prefix.items():
                prefixes[key[:length]].pop(key, None)

    def note(self, position: int, row: Mapping[str, Any] | Row) -> None:
        last, line = self._line
        self._line = (position, line + 1 if last == position else 0)
        self.finished.append((*self._values(row), *self._line))

    def opened(self) -> Iterable[Row]:
        """The rows opened by this run that stand at its end."""
        first = self._first
        rows = [(*values, since, OPEN) for since, values in self._open.values() if since >= first]
        return [*rows, *self._begun.values()]

    def order(self, row: Row) -> Key:
        """What sorts rows as the primary key does, so that bulk writing goes from left to right."""
        return (*self._key(row), row[-2])

    def _end(self, key: Key, open_row: tuple[int, Row], position: int) -> None:
        since, values = open_row
        if since == position:
            return
        if since < self._first:
            self.closings[key] = position
        else:
            self.finished.append((*values, since, position))

    def _values(self, row: Mapping[str, Any] | Row) -> Row:
        if isinstance(row, tuple):
            return tuple(row)
        if len(row) == self._width:
            try:
                return self._all(row)
            except KeyError:
                pass
        if not self._known.issuperset(row):
            raise ValueError(f"{self.table.name} has no {sorted(set(row) - self._known)}")
        get = row.get
        return tuple([get(name) for name in self.names])

    def _matching(self, prefix: Key, new: bool) -> list[Key]:
        width = len(self._key_at)
        if not new and self._fetch is not None and prefix not in self._open:
            self._fetch_open(prefix)
        if len(prefix) == width:
            return [prefix] if prefix in self._open else []
        if len(prefix) not in self._by_prefix:
            prefixes: dict[Key, dict[Key, None]] = {}
            for key in self._open:
                prefixes.setdefault(key[: len(prefix)], {})[key] = None
            self._by_prefix[len(prefix)] = prefixes
        return list(self._by_prefix[len(prefix)].get(prefix, ()))

    def key(self, row: Mapping[str, Any] | Row) -> Key:
        """The key of a row that is given by name or whole."""
        if isinstance(row, tuple):
            return self._key(row)
        return tuple([row.get(self.names[at]) for at in self._key_at])

    def lacks(self, prefix: Key) -> bool:
        """Whether the open rows under `prefix` have yet to be fetched."""
        if prefix in self._open:
            return False
        return not any(prefix[:length] in self._fetched for length in range(len(prefix) + 1))

    def _fetch_open(self, prefix: Key) -> None:
        if self.lacks(prefix):
            assert self._fetch is not None
            self.bring_in(prefix, self._fetch([(self.table, prefix)])[0])

    def bring_in(self, prefix: Key, rows: Iterable[Row]) -> None:
        """Take the open rows of the database under `prefix` that this run has not touched."""
        self._fetched.add(prefix)
        for row in rows:
            *values, since, _ = row
            key = self._key(values)
            if key not in self._open and key not in self.closings:
                self._open[key] = (since, tuple(values))
                for length, prefixes in self._by_prefix.items():
                    prefixes.setdefault(key[:length], {})[key] = None


def _getter(names: tuple[Any, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        only = names[0]
        return lambda of: (of[only],)
    return itemgetter(*names)


def _ends_its_own(changes: Iterable[RowChange]) -> bool:
    """Whether rows of a table end after one was put there by the same changes."""
    put = set[Table]()
    for change in changes:
        if isinstance(change, Put):
            put.add(change.table)
        elif isinstance(change, Close) and change.table in put:
            return True
    return False


class Folding:
    """The tables of some projectors under a run of changes."""

    def __init__(self, tables: Iterable[str], fetch: Fetch | None = None, first: int = 0) -> None:
        self._allowed = frozenset(tables)
        self._fetch = fetch
        self._first = first
        self.folds: dict[str, TableFold] = {}
        self._by_table: dict[Table, TableFold] = {}

    def apply(self, position: int, changes: Iterable[RowChange], new: bool = False) -> None:
        """Apply the changes of the event at `position`; `new` says that the rows they are of cannot
        stand in the database, which is then not asked, nor told to end them.

        Raises `Damaged` for an Amend of nothing, `ValueError` for a column or a kind of table
        that does not fit, `KeyError` for a table of another projector.
        """
        folds = self._by_table
        for change in changes:
            table = change.table
            fold = folds.get(table) or self.fold(table)
            if fold.versioned is isinstance(change, JournalRow):
                raise ValueError(f"{type(change).__name__} does not go with {table.name}")
            if isinstance(change, Put):  # as most are
                fold.put(position, change.row, new, change.kept)
            elif isinstance(change, Amend):
                fold.amend(
                    position,
                    change.prefix,
                    change.values,
                    change.missing_ok,
                    new,
                    change.otherwise,
                )
            elif isinstance(change, JournalRow):
                fold.note(position, change.row)
            else:
                fold.close(position, change.prefix, new)

    def begin(self, position: int, changes: Sequence[RowChange]) -> bool:
        """Apply the changes of the only event of a stream in this run, with which it begins, to
        tables whose rows are of one stream each; whether they add rows and do nothing else."""
        kinds = {type(change) for change in changes}
        if Amend in kinds or (Close in kinds and _ends_its_own(changes)):
            return False
        folds = self._by_table
        for change in changes:
            fold = folds.get(change.table) or self.fold(change.table)
            if fold.versioned is isinstance(change, JournalRow):
                raise ValueError(f"{type(change).__name__} does not go with {fold.table.name}")
            if isinstance(change, Put):
                fold.begin(position, change.row)
            elif isinstance(change, JournalRow):
                fold.note(position, change.row)
        return True

    def fetch_ahead(self, changes: Sequence[RowChange]) -> None:
        """Fetch in one go the open rows that these changes will ask for."""
        if self._fetch is None:
            return
        asking = {
            change.table.name
            for change in changes
            if (change.kept if type(change) is Put else type(change) is not JournalRow)
        }
        put: set[tuple[str, Key]] = set()
        wanted: dict[tuple[str, Key], Table] = {}
        for change in changes:
            table = change.table
            if table.name not in asking:
                continue
            fold = self.folds.get(table.name) or self.fold(table)
            if isinstance(change, Put):
                named = (table.name, fold.key(change.row))
                if change.kept and named not in put and fold.lacks(named[1]):
                    wanted[named] = table
                put.add(named)
            elif isinstance(change, Amend | Close):
                named = (table.name, change.prefix)
                if named not in put and fold.lacks(change.prefix):
                    wanted[named] = table
        prefixes = [(table, prefix) for (_, prefix), table in wanted.items()]
        if prefixes:
            for (table, prefix), rows in zip(prefixes, self._fetch(prefixes), strict=True):
                self.folds[table.name].bring_in(prefix, rows)

    def fold(self, table: Table) -> TableFold:
        if table.name not in self._allowed:
            raise KeyError(f"{table.name} is not a table of these projectors")
        fold = self.folds.get(table.name)
        if fold is None:
            fold = self.folds[table.name] = TableFold(table, self._fetch, self._first)
        self._by_table[table] = fold
        return fold
