"""Questions to the history: a page of entries, narrowed and paged by position both ways.

A page costs what it shows, however long the record's life is: entries come by index from where the
page begins. A narrowed page looks through at most `LOOKED_THROUGH` entries and says so; the reader
goes on from there. Nothing is ever searched outside the records that the caller names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select, union_all
from sqlalchemy.engine import Connection

from projections.core.base import as_at, events_at, present
from projections.history.fields import restating
from projections.history.question import Entry, HistoryFilter, HistoryScope
from projections.history.tables import history_entry, history_part, history_standing
from qa.core.asking import Rows, Standing, Wanted, ask, ask_all
from qa.core.event_words import words_of
from qa.core.one_of import one_of

LOOKED_THROUGH = 1000
"""Entries that one narrowed page looks through at most."""
BATCH = 250
MANY = 100
"""Streams asked for in one statement."""
FEW = 500
"""So many streams are asked for by name; of more, all that was recorded between is gone through."""
SPAN = 200_000
"""Positions that one narrowed page of everything looks through at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, oldest first. `next` and `previous` are cursors (None: nothing there).

    `stopped` says that the page ended because enough was looked through, not because it is full.
    """

    entries: Sequence[Entry]
    next: int | None
    previous: int | None
    stopped: bool = False


Allowed = Callable[[Collection[str]], Collection[str]]
"""Of these streams, those that the reader may see."""


def page(
    connection: Connection,
    scope: HistoryScope,
    wanted: HistoryFilter | None = None,
    *,
    position: int | None = None,
    after: int = 0,
    before: int | None = None,
    limit: int = 25,
    allowed: Allowed | None = None,
) -> Found:
    """A page of history as known at `position`, behind `after` or, going back, ahead of `before`.

    With `allowed`, entries of streams that it does not give back are left out without a trace.
    """
    wanted = wanted or HistoryFilter()
    if scope.everything and wanted.streams:
        scope = HistoryScope(wanted.streams)
    first = wanted.after
    upto = min(p for p in (position, wanted.upto, 2**62) if p is not None)
    if scope.everything:
        last = connection.execute(select(func.max(history_entry.c.position))).scalar() or 0
        upto = min(upto, last)
    search = _Search(connection, scope, wanted, allowed)
    if before is not None:
        shown, earlier, stopped = search.of(first, min(upto, before - 1), limit, back=True)
        later = before - 1
        onward = later if search.any(later, upto) else None
        return Found(_with_before(connection, shown[::-1]), onward, earlier, stopped)
    start = max(after, first)
    shown, onward, stopped = search.of(start, upto, limit)
    began = shown[0]["position"] if shown else start + 1
    previous = began if after and search.any(first, began - 1, back=True) else None
    return Found(_with_before(connection, shown), onward, previous, stopped)


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for the entries of a scope that fit a filter and that the reader may see."""

    connection: Connection
    scope: HistoryScope
    wanted: HistoryFilter
    allowed: Allowed | None

    def of(
        self, low: int, high: int, limit: int, *, back: bool = False
    ) -> tuple[list[Entry], int | None, bool]:
        """Up to `limit` entries with `low` < position <= `high` in reading order, the cursor of
        those behind them (None: nothing there), and whether enough was looked through before the
        page was full."""
        wanted, allowed = self.wanted, self.allowed
        cut = self.scope.everything and wanted.narrows and high - low > SPAN
        if cut:
            low, high = (high - SPAN, high) if back else (low, low + SPAN)
        size = BATCH if wanted.narrows or allowed is not None else limit + 1
        kept: list[Entry] = []
        looked, more = 0, True
        while more and len(kept) <= limit and looked < LOOKED_THROUGH:
            batch = _batch(self.connection, self.scope, low, high, size, back=back, narrowed=wanted)
            more = len(batch) == size
            if not batch:
                break
            looked += len(batch)
            reached = batch[-1]["position"]
            low, high = (low, reached - 1) if back else (reached, high)
            if wanted.text:
                batch = _spoken(self.connection, batch)
            open_to = None if allowed is None else set(allowed({e["stream"] for e in batch}))
            kept += [
                e for e in batch if (open_to is None or e["stream"] in open_to) and wanted.fits(e)
            ]
        full = len(kept) > limit
        stopped = (more or cut) and not full
        if stopped and not more:  # all that was to be looked through was
            low, high = (low, low) if back else (high, high)
        shown = kept[:limit] if wanted.text else _spoken(self.connection, kept[:limit])
        onward = shown[-1]["position"] if full else (high + 1 if back else low) if stopped else None
        return shown, onward, stopped

    def any(self, low: int, high: int, *, back: bool = False) -> bool:
        """Whether a page there would show something, as far as a page looks."""
        if not self.wanted.narrows and self.allowed is None:
            return bool(_batch(self.connection, self.scope, low, high, 1, back=back))
        shown, _, stopped = self.of(low, high, 1, back=back)
        return bool(shown) or stopped


def _batch(
    connection: Connection,
    scope: HistoryScope,
    low: int,
    high: int,
    size: int,
    *,
    back: bool,
    narrowed: HistoryFilter | None = None,
) -> list[Entry]:
    """Up to `size` entries of the scope with `low` < position <= `high`, in reading order."""
    table = history_entry.c
    order = table.position.desc() if back else table.position

    def some(query: Select[Any]) -> Select[Any]:
        bounded = query.where(table.position > low, table.position <= high)
        return bounded.order_by(order).limit(size)

    if scope.by or scope.everything:
        query = select(history_entry).where(*([] if narrowed is None else narrowed.conditions))
        if scope.by:
            query = query.where(table.by == scope.by)
        rows = connection.execute(some(query)).all()
    elif len(scope.streams) == 1:
        parameters = {"stream": scope.streams[0], "low": low, "high": high, "size": size}
        return ask(connection, Wanted(_BACK if back else _ONWARD, parameters, _entries))
    else:
        # Each stream gives its first few by index; sorting all of them would read whole lives.
        places: list[int] = []
        for start in range(0, len(scope.streams), MANY):
            each = [
                select(some(select(table.position).where(table.stream == one)).subquery())
                for one in scope.streams[start : start + MANY]
            ]
            places += connection.execute(union_all(*each)).scalars()
        chosen = sorted(places, reverse=back)[:size]
        rows = connection.execute(
            select(history_entry).where(one_of(table.position, chosen)).order_by(order)
        ).all()
    return [{**row._mapping, "changes": json.loads(row.changes)} for row in rows]


def _of_one_stream(place: ColumnElement[Any]) -> Standing:
    """Asked with every page, so put together once."""
    table = history_entry.c
    within = select(history_entry).where(
        table.stream == bindparam("stream"),
        table.position > bindparam("low"),
        table.position <= bindparam("high"),
    )
    return Standing(within.order_by(place).limit(bindparam("size")))


_ONWARD = _of_one_stream(history_entry.c.position)
_BACK = _of_one_stream(history_entry.c.position.desc())
_LAST = Standing(
    select(history_entry.c.stream_version)
    .where(
        history_entry.c.stream == bindparam("stream"),
        history_entry.c.position <= bindparam("upto"),
    )
    .order_by(history_entry.c.position.desc())
    .limit(1)
)
_COLUMNS = tuple(str(column.name) for column in history_entry.columns)
_CHANGES = _COLUMNS.index("changes")


def _entries(rows: Rows) -> list[Entry]:
    return [
        {**dict(zip(_COLUMNS, row, strict=True)), "changes": json.loads(row[_CHANGES])}
        for row in rows
    ]


def _version(rows: Rows) -> int:
    return int(rows[0][0]) if rows else 0


def entries(
    connection: Connection,
    *,
    streams: Collection[str],
    position: int | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Entry]:
    """A page of history, oldest first, from behind position `after`, as known at `position`."""
    if not streams:
        return []
    scope = HistoryScope(tuple(sorted(streams)))
    return list(page(connection, scope, position=position, after=after, limit=limit).entries)


def touched(connection: Connection, after: int, upto: int) -> set[str]:
    """The streams that were written to at positions behind `after`, up to `upto`."""
    table = history_entry.c
    query = select(table.stream).where(table.position > after, table.position <= upto).distinct()
    return set(present(connection).execute(query).scalars().all())


def any_touched(connection: Connection, after: int, upto: int) -> bool:
    """Whether anything was written at positions behind `after`, up to `upto`."""
    table = history_entry.c
    query = select(literal(1)).where(table.position > after, table.position <= upto).limit(1)
    return present(connection).execute(query).first() is not None


def between(
    connection: Connection,
    streams: Collection[str],
    after: int,
    upto: int,
    *,
    most: int | None = None,
) -> tuple[int, list[Entry]]:
    """How many entries these streams have at positions behind `after`, up to `upto`, and the first
    `most` of them, oldest first: those of few streams by the index, of many in one walk over what
    was recorded between."""
    table, chosen, now = history_entry.c, frozenset(streams), present(connection)
    within = (table.position > after, table.position <= upto)
    places = select(table.position, table.stream).where(*within)
    found: list[int] = []
    if len(chosen) <= FEW:
        named = sorted(chosen)
        for start in range(0, len(named), MANY):
            some = table.stream.in_(named[start : start + MANY])
            found += now.execute(places.where(some)).scalars()
    else:
        found += (place for place, stream in now.execute(places).all() if stream in chosen)
    found.sort()
    shown: list[Entry] = []
    for start in range(0, len(found[:most]), FEW):
        some = table.position.in_(found[:most][start : start + FEW])
        rows = now.execute(select(history_entry).where(some).order_by(table.position))
        shown += _entries([tuple(row) for row in rows])
    return len(found), _with_before(connection, _spoken(connection, shown))


def types(
    connection: Connection, streams: Collection[str], after: int, upto: int
) -> frozenset[str]:
    """The types of the events at positions behind `after`, up to `upto`, and of all of these
    streams."""
    table, now = history_entry.c, present(connection)
    within = select(table.type).where(table.position > after, table.position <= upto)
    found = set(now.execute(within.distinct()).scalars())
    named = sorted(streams)
    for start in range(0, len(named), MANY):
        some = select(table.type).where(table.stream.in_(named[start : start + MANY]))
        found |= set(now.execute(some.distinct()).scalars())
    return frozenset(found)


def length(connection: Connection, streams: Iterable[str], *, position: int | None = None) -> int:
    """How many events the streams had at `position`: the sum of their last versions."""
    upto = 2**62 if position is None else position
    each = [Wanted(_LAST, {"stream": stream, "upto": upto}, _version) for stream in streams]
    return sum(ask_all(connection, *each))


def parts(connection: Connection, audits: Collection[str]) -> dict[str, list[str]]:
    """The actions and moderations of these audits: ``action:<id>``, ``moderation:<id>``."""
    found: dict[str, list[str]] = {}
    query = select(history_part.c.thing, history_part.c.audit).where(
        one_of(history_part.c.audit, audits), as_at(history_part, None)
    )
    ordered = query.order_by(history_part.c.valid_from)
    for thing, audit in present(connection).execute(ordered).tuples():
        found.setdefault(audit, []).append(thing)
    return found


def belongs_to(connection: Connection, things: Collection[str]) -> dict[str, str]:
    """The audit that each of these actions and moderations belongs to (the latest, of several)."""
    if not things:
        return {}
    query = select(history_part.c.thing, history_part.c.audit).where(
        one_of(history_part.c.thing, things), as_at(history_part, None)
    )
    ordered = query.order_by(history_part.c.valid_from)
    return dict(present(connection).execute(ordered).tuples().all())


def exists(connection: Connection, stream: str, *, position: int | None = None) -> bool:
    """Whether the stream had an event at `position`."""
    query = select(literal(1)).where(
        history_entry.c.stream == stream, as_at(history_entry, position)
    )
    return connection.execute(query.limit(1)).first() is not None


def _spoken(connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with the sentences of their events, and the fingerprints."""
    found = events_at(connection, [entry["position"] for entry in entries])
    spoken = []
    for entry in entries:
        event, fingerprint = found[entry["position"]]
        sentence = words_of(type(event)).tell(event)
        spoken.append({**entry, "said": sentence, "fingerprint": fingerprint})
    return spoken


def _with_before(connection: Connection, shown: Sequence[Entry]) -> list[Entry]:
    """The entries with what stood before each statement that says only what stands since."""
    restated = restating()
    positions = [entry["position"] for entry in shown if entry["type"] in restated]
    if not positions:
        return list(shown)
    now, before, earlier = (history_standing.alias(name) for name in ("stands", "stood", "earlier"))
    last = (
        select(func.max(earlier.c.position))
        .where(
            earlier.c.stream == now.c.stream,
            earlier.c.kind == now.c.kind,
            earlier.c.position < now.c.position,
        )
        .correlate(now)
        .scalar_subquery()
    )
    query = (
        select(now.c.position, before.c.fields, now.c.fields)
        .select_from(now.join(before, before.c.position == last))
        .where(one_of(now.c.position, positions))
    )
    stood = {position: (old, new) for position, old, new in connection.execute(query)}
    return [
        {**entry, "changes": _restated(entry, *stood[entry["position"]])}
        if entry["position"] in stood
        else entry
        for entry in shown
    ]


def _restated(entry: Entry, before: str, now: str) -> list[dict[str, str]]:
    old, new = json.loads(before), json.loads(now)
    others = [c for c in entry["changes"] if c["field"] not in new and c["field"] not in old]
    moved = [
        {"field": path, "old": old.get(path, ""), "new": new.get(path, "")}
        for path in (*new, *(path for path in old if path not in new))
        if old.get(path, "") != new.get(path, "")
    ]
    kept = [c for c in entry["changes"] if c["field"] in new and old.get(c["field"]) == c["new"]]
    return moved + kept + others
