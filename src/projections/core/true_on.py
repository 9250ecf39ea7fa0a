"""The read tables as they would be if only what was so on a day had been told.

"As true on E, as known at p" means the events recorded up to p whose true day
(`qa.history.true_days`) is E or earlier. The rows as at the end of E are right already for every
stream but those that `projections.core.late_events` names; these few are folded again in memory by
the same projectors. The two together are put before the read tables as temporary views of the same
names, which only this connection sees, so that every query of the product answers unchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from projections.core import full_text, late_events
from projections.core.base import OPEN, Amend, Close, Put, RowChange, as_at, is_versioned
from projections.core.fold import Folding, Row
from projections.core.registry import Registry
from projections.core.rows import TableRows
from qa.core.event import RecordedEvent
from qa.core.one_of import one_of
from qa.history.true_days import true_days
from qa.store.store import Store

INSERTED_AT_ONCE = 2000


@dataclass
class Overlay:
    """What takes the place of some rows: new rows by table, and the keys whose old ones go.

    A key is a value of the first column of a table's key, or a stream of a journal. `shared` keys
    are written whole by several streams, so that their old rows may stand.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))
    shared: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))


def told_otherwise(
    store: Store, registry: Registry, connection: Connection, day: date, upto: int
) -> tuple[int, list[RecordedEvent[Any]], list[date]]:
    """The last position told by the end of `day`, and the events of every stream that was told
    otherwise than in step with what is known at `upto`, each with its true day."""
    after = min(store.position_at(day, connection), upto)
    streams = late_events.streams(connection, day, after, upto)
    for projector in registry.projectors:
        beside = getattr(projector, "beside", None)
        if beside is not None and streams:
            streams |= set(beside(connection, streams))
    events = store.events_of(connection, streams, upto=upto)
    return after, events, days_of(events)


def days_of(events: Sequence[RecordedEvent[Any]]) -> list[date]:
    """The true day of each event of whole streams, given in the order of the log."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, recorded in enumerate(events):
        places[recorded.stream].append(at)
    days = [date.min] * len(events)
    for indices in places.values():
        for at, day in zip(indices, true_days([events[n] for n in indices]), strict=True):
            days[at] = day
    return days


def true_at(events: Sequence[RecordedEvent[Any]], day: date | None, upto: int) -> set[int]:
    """The positions of those events that belong to a moment; `events` are whole streams."""
    known = [recorded for recorded in events if recorded.position <= upto]
    if day is None:
        return {recorded.position for recorded in known}
    return {
        recorded.position
        for recorded, true_on in zip(known, days_of(known), strict=True)
        if true_on <= day
    }


def overlay(
    registry: Registry,
    events: Sequence[RecordedEvent[Any]],
    days: Sequence[date],
    day: date,
    after: int,
) -> Overlay:
    """Fold the events that are true by `day`, and find the rows as at `after` that they replace."""
    folding = Folding(table.name for table in registry.tables)
    found = Overlay()
    for recorded, true_on in zip(events, days, strict=True):
        known, so = recorded.position <= after, true_on <= day
        if not (known or so):
            continue
        for projector in registry.interested(type(recorded.event)):
            changes = list(projector.project(recorded))
            _mask(found, recorded, changes)
            if so:
                folding.apply(recorded.position, changes)
    for name, fold in folding.folds.items():
        rows = fold.opened() if fold.versioned else fold.finished
        found.rows[name] = list(rows)
    return found


def _mask(found: Overlay, recorded: RecordedEvent[Any], changes: Iterable[RowChange]) -> None:
    """Note whose old rows go. A row that other streams may write too, whole, only competes."""
    owner = recorded.stream.partition(":")[2]
    for change in changes:
        name, info = change.table.name, change.table.info
        if isinstance(change, Put):
            first = _value(change, info["key"][0])
            if owner and first != owner and len(info["key"]) == 1:
                found.shared[name].add(first)
                continue
        elif isinstance(change, Amend | Close):
            first = change.prefix[0]
        else:
            first = recorded.stream
        found.gone[name].add(first)


def _value(put: Put, column: str) -> Any:
    """The value at a column of a row that is given by name, or whole."""
    row = put.row
    return row[put.table.c.keys().index(column)] if isinstance(row, tuple) else row[column]


def shadow(store: Store, registry: Registry, connection: Connection, day: date, upto: int) -> None:
    """Put views of what was so on `day`, as known at `upto`, before the read tables.

    For `Store.reading(prepare)`: whatever this connection asks of a read table afterwards, at
    `upto` or at None, is answered as true on that day.
    """
    after, events, days = told_otherwise(store, registry, connection, day, upto)
    found = overlay(registry, events, days, day, after)
    for table in registry.tables:
        _let_the_latest_stand(connection, table, found, after)
    schema = "main" if connection.dialect.name == "sqlite" else _schema(connection)
    for table in registry.tables:
        _view(connection, table, schema, found, after)


def _schema(connection: Connection) -> str:
    name: str = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    return name


def _let_the_latest_stand(connection: Connection, table: Table, found: Overlay, after: int) -> None:
    """Of rows that several streams write whole, the one told last stands."""
    keys = found.shared[table.name] - found.gone[table.name]
    if not keys:
        return
    key = table.c[table.info["key"][0]]
    query = select(key, table.c.valid_from).where(one_of(key, keys), as_at(table, after))
    starts = dict(connection.execute(query).tuples().all())
    place = list(table.columns).index(key)
    since = len(table.columns) - 2
    standing = [
        row
        for row in found.rows[table.name]
        if row[place] in found.gone[table.name] or row[since] >= starts.get(row[place], -1)
    ]
    found.gone[table.name] |= {row[place] for row in standing}
    found.rows[table.name] = standing


def _view(connection: Connection, table: Table, schema: str, found: Overlay, after: int) -> None:
    """The temporary view of one read table."""
    name, real = f'"{table.name}"', f'"{schema}"."{table.name}"'
    columns = [f'"{column.name}"' for column in table.columns]
    if is_versioned(table):
        key = table.info["key"][0]
        condition = f"valid_from <= {after} AND valid_to > {after}"
        if "opened" in table.columns:
            # Said twice for the index: what was opened later is not read only to be passed over.
            condition += f" AND opened <= {after}"
        # Whatever stands then stands for good: nothing behind the day is looked at. Written out in
        # both halves: only where they are alike does SQLite look through the view.
        shown = [*columns[:-1], f"{OPEN} AS valid_to"]
    else:
        key = "stream"
        condition = f"position <= {after}"
        shown = columns
    gone, rows = found.gone[table.name], found.rows[table.name]
    made = [*shown, *full_text.looked_into(table, connection.dialect.name, made=True)]
    view = f"SELECT {', '.join(made)} FROM {real} WHERE {condition}"
    if gone:
        mask = f'"{table.name}__gone"'
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {mask} (one TEXT PRIMARY KEY)")
        _insert(
            connection,
            f"INSERT INTO {mask} VALUES ({_mark(connection)})",
            [(one,) for one in sorted(gone)],
        )
        view += f' AND "{key}" NOT IN (SELECT one FROM {mask})'
    if rows:
        more = f"{table.name}__so"
        connection.exec_driver_sql(
            f'CREATE TEMPORARY TABLE "{more}" AS SELECT * FROM {real} WHERE 1 = 0'
        )
        writer = TableRows(table, connection.dialect, more)
        _insert(connection, writer.insert_text, writer.stored(rows))
        making = [*shown, *full_text.looked_into(table, connection.dialect.name, made=False)]
        view += f' UNION ALL SELECT {", ".join(making)} FROM "{more}"'
    connection.exec_driver_sql(f"CREATE TEMPORARY VIEW {name} AS {view}")


def _mark(connection: Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


def _insert(connection: Connection, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    for at in range(0, len(rows), INSERTED_AT_ONCE):
        connection.exec_driver_sql(text, list(rows[at : at + INSERTED_AT_ONCE]))
