"""The records of every kind that are not the same at two moments: what each was and is.

Only the streams that were written to between are looked at, so that a comparison costs what moved.
Whose records a reader may see is asked of the present, stream by stream, as histories ask it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from api.history import reading, telling, two_moments
from api.history.two_moments import ADDED, CHANGED, GONE, RecordMoved, Sides
from api.records.compared_kinds import (
    ComparedColumn,
    ComparedKind,
    ComparedNames,
    ComparedTable,
    compared_kinds,
    mentioned,
    plain,
)
from api.reports.moved import MovedValue
from api.web.moments import AsAt
from projections.core.base import present
from projections.core.standing_rows import standing
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.event_words import code_in_words, in_words, label
from qa.people.words import ROLES

AUDITS = "case-audit"

LEFT_OUT: Mapping[str, str] = {
    "action_audit": "the tool of each audit, kept for counting actions: audits are compared",
    "action_joined_child": "as child-joining",
    "action_step": "each row is an event, told beneath its action",
    "agreement_audit": "the audits again, kept for counting: their figures are compared",
    "agreement_domain": "the grades of audits again, kept for counting: as agreement_audit",
    "agreement_joined_person": "as person",
    "audit_joined_person": "as person",
    "batch_record": "which row of a file became which record: the record is compared",
    "concern_step": "each row is an event, told beneath its concern",
    "evaluation_copy": "each row is an event; how many copies there are is compared",
    "evaluation_evidence": "told beneath its claim to those who may see it; each row is an event",
    "frame_case": "a frame is imported whole: how many cases it has, and their hash, are compared",
    "history_entry": "each row is an event: what moved a record is told from them",
    "history_part": "which audit a record belongs to, which never changes",
    "history_standing": "what events state whole: as history_entry",
    "inspection_said": "each row is an event, told beneath its room",
    "learning_step": "each row is an event, told beneath its theme",
    "open_case": "a list of a day is imported whole: its figures and its import are compared",
    "other_day": "on which day events are true, kept for asking of another day",
    "outside_copy": "each row is an event, told in the register of published reports",
    "published_said": "each row is an event, told beneath its report",
    "restriction_joined_child": "as child-joining",
    "search_text": "the words of records, kept for finding them",
    "supervision_prompt": "which audits an answer was about: each is an event of its own",
}
"""Read tables that are not compared, each with the reason."""
LEFT_OUT_STREAMS: Mapping[str, str] = {
    "open-cases": LEFT_OUT["open_case"],
    "outside-copies": LEFT_OUT["outside_copy"],
    "supervision-prompt": LEFT_OUT["supervision_prompt"],
}
"""Kinds of stream whose events are told as they stand, without what was and is."""

Key = tuple[Any, ...]
Values = Mapping[str, Any]
RowsHeld = dict[str, dict[tuple[int, Key], Values]]
"""By record, the rows of each table of its kind by their key."""


def records(two: Sides, streams: Collection[str], kinds: Collection[str] = ()) -> list[RecordMoved]:
    """Every record of these streams that is not as it was, without its events; of these kinds (none
    named: of all). They stand by kind and name."""
    by_kind: dict[str, list[str]] = {}
    for stream in streams:
        by_kind.setdefault(stream.partition(":")[0], []).append(stream)
    wanted = [
        (kind, by_kind[name])
        for name, kind in compared_kinds().items()
        if name in by_kind and (not kinds or name in kinds)
    ]
    opened = reading.streams_open_to(
        present(two.now), two.actor, [one for _, own in wanted for one in own]
    )
    found: list[RecordMoved] = []
    for kind, own in wanted:
        open_to = [stream for stream in own if stream in opened]
        if kind.stream == AUDITS:
            found += _audits(two, kind, own, open_to)
        elif open_to:
            found += _moved(two, kind, open_to)
    return found


def _audits(
    two: Sides, kind: ComparedKind, streams: Sequence[str], open_to: Sequence[str]
) -> list[RecordMoved]:
    """Audits, whose grades are told by their tool, with their moderation and their content."""
    found = {one.record: one for one in two_moments.audits(two, streams)}
    beside = {one.record: one for one in _moved(two, kind, open_to)}
    heads = two_moments.headings(two, beside.keys() - found.keys())
    for audit, more in beside.items():
        if audit in found and found[audit].how == CHANGED:
            own = found[audit]
            found[audit] = replace(own, fields=Differences(partial(chain, own.fields, more.fields)))
        elif audit in heads:
            found[audit] = replace(heads[audit], fields=more.fields)
    return sorted(found.values(), key=lambda one: (one.name, one.record))


def _moved(two: Sides, kind: ComparedKind, streams: Sequence[str]) -> list[RecordMoved]:
    ids = None if kind.whole else {kind.record_of(stream) for stream in streams}
    old = _rows(two.then, two.before, kind, ids)
    new = old if _same(two) else _rows(two.now, two.after, kind, ids)
    changed = {one for one in old.keys() | new.keys() if old.get(one, _NONE) != new.get(one, _NONE)}
    more_old, more_new = _more(two, kind, changed if kind.whole else ids or set())
    changed |= {one for one in more_old.keys() | more_new.keys()
                if more_old.get(one) != more_new.get(one)}  # fmt: skip
    names = _names(two, kind, [side[one] for side in (old, new) for one in changed if one in side])
    heads = telling.headings(two.now, [kind.stream_of(one) for one in changed])
    opens = not kind.opened_by or can(two.actor, kind.opened_by).allowed
    found = []
    for one in changed:
        was, is_ = old.get(one, _NONE), new.get(one, _NONE)
        mores = _beside(more_old.get(one, {}), more_new.get(one, {}))
        fields = Differences(partial(_fields, mores, kind, was, is_, names))
        if not fields:
            continue
        main = _main(is_) or _main(was)
        head = heads.get(kind.stream_of(one))
        team = str(main.get(kind.team) or "") if kind.team and main else ""
        found.append(
            RecordMoved(
                kind=kind.stream,
                record=one,
                name=_called(kind, one, main, names, head),
                child="",
                how=_how(was, is_),
                fields=fields,
                team=names.place(team),
                stream=kind.stream if kind.whole else kind.stream_of(one),
                href=kind.href.format(one) if kind.href and opens else "",
            )
        )
    return sorted(found, key=lambda one: (one.name.casefold(), one.record))


class Differences(Sequence[MovedValue]):
    """What is not the same in a record, in words. Of the many that moved few are shown: until one
    is, it is only known that there is something."""

    def __init__(self, found: Callable[[], Iterable[MovedValue]]) -> None:
        self._found = found

    @cached_property
    def _all(self) -> Sequence[MovedValue]:
        return [*self._found()]

    def __bool__(self) -> bool:
        return next(iter(self._found()), None) is not None

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, place: Any) -> Any:
        return self._all[place]

    def __iter__(self) -> Iterator[MovedValue]:
        return iter(self._all)


def _fields(
    mores: Sequence[MovedValue],
    kind: ComparedKind,
    was: Mapping[tuple[int, Key], Values],
    is_: Mapping[tuple[int, Key], Values],
    names: ComparedNames,
) -> Iterable[MovedValue]:
    return chain(mores, _differences(kind, was, is_, names))


def _beside(was: Mapping[str, str], is_: Mapping[str, str]) -> list[MovedValue]:
    """What follows from the rows of a record and is not the same, the last that is named first."""
    pairs = ((one, was.get(one), is_.get(one)) for one in dict.fromkeys((*was, *is_)))
    return [MovedValue(one, one, *pair) for one, *pair in pairs if pair[0] != pair[1]][::-1]


_NONE: Mapping[tuple[int, Key], Values] = {}


def _same(two: Sides) -> bool:
    return two.before == two.after


def _how(was: Mapping[tuple[int, Key], Values], is_: Mapping[tuple[int, Key], Values]) -> str:
    existence = [any(place == 0 for place, _ in side) for side in (was, is_)]
    if existence[0] == existence[1]:
        return CHANGED
    return ADDED if existence[1] else GONE


def _main(rows: Mapping[tuple[int, Key], Values]) -> Values | None:
    return next((row for (place, _), row in rows.items() if place == 0), None)


def _called(
    kind: ComparedKind, record: str, main: Values | None, names: ComparedNames, head: Any
) -> str:
    if head is not None:
        return f"{kind.one} of audit {head.reference}"
    if record == kind.stream:
        return kind.one
    table = kind.tables[0]
    words = [
        table.column(name).say(main[name], names)
        for name in kind.named
        if main is not None and main.get(name)
    ]
    if words or _ID.fullmatch(record):  # an id tells nobody which one it is
        return " ".join((kind.one, *words))
    return f"{kind.one} {code_in_words(record)}"


def _rows(
    connection: Connection, at: AsAt, kind: ComparedKind, ids: Collection[str] | None
) -> RowsHeld:
    found: RowsHeld = {}
    for place, table in enumerate(kind.tables):
        beside = {kind.team} - {*table.read} - {""} if place == 0 else ()
        rows = standing(
            connection,
            table.table,
            (*table.read, *beside),
            (table.record, ids),
            only=table.only,
            position=at.position,
        )
        for row in rows:
            record_rows = found.setdefault(str(row[table.record]), {})
            record_rows[place, tuple(row[part] for part in table.key)] = row
    return found


def _more(
    two: Sides, kind: ComparedKind, ids: Collection[str]
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
    if kind.more is None or not ids:
        return {}, {}
    return kind.more(two.then, two.before, ids), kind.more(two.now, two.after, ids)


def _names(
    two: Sides, kind: ComparedKind, row_sets: Sequence[Mapping[tuple[int, Key], Values]]
) -> ComparedNames:
    """What the people and places of these rows are called."""
    columns = [
        (place, name)
        for place, table in enumerate(kind.tables)
        for name in table.columns
        if table.column(name).people
    ]
    found = {
        one
        for rows in row_sets
        for (place, _), row in rows.items()
        for where, name in columns
        if where == place
        for one in mentioned(row[name])
    }
    people = people_queries.names(present(two.now), found, position=two.known)
    return ComparedNames(people, _places(two))


def _places(two: Sides) -> dict[str, str]:
    teams = people_queries.teams(present(two.now), with_closed=True, position=two.known)
    return {one.service: one.service_name for one in teams if one.service} | {
        one.team: one.name for one in teams
    }


def _differences(
    kind: ComparedKind,
    was: Mapping[tuple[int, Key], Values],
    is_: Mapping[tuple[int, Key], Values],
    names: ComparedNames,
) -> Iterator[MovedValue]:
    for place, key in dict.fromkeys((*was, *is_)):
        old, new = was.get((place, key)), is_.get((place, key))
        if old == new:
            continue
        table, row = kind.tables[place], new or old
        assert row is not None
        each = _each(table, row, names)
        for name in table.columns:
            yield from _difference(table, name, each, old, new, names)
        if table.spread:
            yield from _spread(table, old, new)


def _difference(
    table: ComparedTable,
    name: str,
    each: str,
    old: Values | None,
    new: Values | None,
    names: ComparedNames,
) -> Iterator[MovedValue]:
    column = table.column(name)
    was, is_ = _words_of(column, name, old, names), _words_of(column, name, new, names)
    if was != is_:
        called = ": ".join(filter(None, (each, column.label)))
        yield MovedValue(f"{table.table.name}.{name}", called, was, is_)


def _words_of(
    column: ComparedColumn, name: str, row: Values | None, names: ComparedNames
) -> str | None:
    return None if row is None else column.say(row[name], names) or None


def _each(table: ComparedTable, row: Values, names: ComparedNames) -> str:
    if not table.each:
        return ""
    words = {
        name: table.column(name).say(row[name], names)
        if name in table.columns
        else _key_words(row[name], names)
        for name in table.naming
    }
    return " ".join(table.each.format(**words).split()).strip(" ,")


def _key_words(value: Any, names: ComparedNames) -> str:
    """A part of a key: a day, a role, what a role is over, a domain."""
    words = plain(value, names)
    kind, colon, code = words.partition(":")
    if colon and kind in ("team", "service"):
        return f"{kind} {names.place(code)}"
    if words in ROLES or not _CODE.fullmatch(words):
        return ROLES.get(words, words)
    named = names.place(words)
    return named if named != words else code_in_words(words)


_ID = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[a-z][a-z_-]*")


def _spread(table: ComparedTable, old: Values | None, new: Values | None) -> Iterator[MovedValue]:
    was, is_ = _flat(table, old), _flat(table, new)
    for path in dict.fromkeys((*was, *is_)):
        if was.get(path) != is_.get(path):
            yield MovedValue(path, label(path), was.get(path), is_.get(path))


def _flat(table: ComparedTable, row: Values | None) -> dict[str, str]:
    """The parts of a JSON object by their paths, as history names them, each as it is said."""
    found: dict[str, str] = {}
    if row is not None and row[table.spread]:
        content = row[table.spread]
        _flatten(orjson.loads(content) if isinstance(content, str) else content, "", found)
    return found


def _flatten(value: Any, path: str, into: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in _NAMING or not path:
                _flatten(one, f"{path}.{key}" if path else str(key), into)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value):
            _flatten(one, f"{path}.{_named(one) or number}", into)
    elif words := in_words(path, plain(value)):
        into[path] = words


_NAMING = ("domain", "code", "key")
"""What tells one object of a list from another, and so stands in the path."""


def _named(one: Any) -> str:
    fields = one if isinstance(one, Mapping) else {}
    return next((str(fields[name]) for name in _NAMING if fields.get(name)), "")
