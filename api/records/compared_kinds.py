"""What two moments are compared in: every capability names the rows of its read tables that say
what its records were and are, under ``COMPARED`` in its ``records``. They are found by folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from string import Formatter
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from api.web.moments import AsAt
from projections.core.standing_rows import AnyCondition, AnyTable
from qa.core.capabilities import declared
from qa.core.dates_in_words import day
from qa.core.event_words import code_in_words

BESIDE = frozenset({"stream_version", "opened", "valid_from", "valid_to"})
"""Columns of bookkeeping, which say nothing of a record."""


@dataclass(frozen=True, slots=True)
class ComparedNames:
    """What people, teams and services are called, by their ids and codes."""

    people: Mapping[str, str]
    places: Mapping[str, str]

    def person(self, person: str) -> str:
        return self.people.get(person, person)

    def place(self, code: str) -> str:
        return self.places.get(code, code)


Say = Callable[[Any, ComparedNames], str]
"""A stored value as a reader says it; nothing for one that is not there."""


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """What a column is called, and how its values are said. `people` says that it names some."""

    label: str
    say: Say
    people: bool = False


def plain(value: Any, _names: ComparedNames | None = None) -> str:
    """A text as it stands, a number, a day in words, a list or an object as its parts."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        if value[:1] in "[{":
            try:
                return _parts(orjson.loads(value))
            except ValueError:
                return value
        return _day(value)
    return _parts(value)


def _day(text: str) -> str:
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return day(date.fromisoformat(text))
        except ValueError:
            return text
    return text


def _parts(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        pairs = ((code_in_words(str(key)), _parts(one)) for key, one in value.items())
        return ", ".join(f"{key.lower()} {one}" for key, one in pairs if one)
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_parts, value)))
    return "" if value is None else _day(str(value))


def text(label: str) -> ComparedColumn:
    return ComparedColumn(label, plain)


def code(label: str) -> ComparedColumn:
    """A column of codes that are words already, or of a list of them."""
    return ComparedColumn(
        label, lambda value, _: ", ".join(code_in_words(one) for one in _list(value) if one)
    )


def said_as(label: str, words: Callable[[Any], str]) -> ComparedColumn:
    """A column whose values have words of their own."""
    return ComparedColumn(label, lambda value, _: "" if value in (None, "") else words(value))


def yes_or_no(label: str) -> ComparedColumn:
    return ComparedColumn(label, lambda value, _: "Yes" if value else "No")


def how_many(label: str) -> ComparedColumn:
    """A list that is counted, because it names what is not everybody's to read."""
    return ComparedColumn(label, lambda value, _: str(len(_list(value))) if value else "")


def person(label: str) -> ComparedColumn:
    return ComparedColumn(label, lambda value, names: names.person(value or ""), people=True)


def place(label: str) -> ComparedColumn:
    """A team or a service."""
    return ComparedColumn(label, lambda value, names: names.place(value or ""))


def _list(value: Any) -> list[Any]:
    return list(orjson.loads(value)) if isinstance(value, str) and value[:1] == "[" else [value]


def mentioned(value: Any) -> list[str]:
    """The people whom a column of people names."""
    return [str(one) for one in _list(value) if one]


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """Rows of a read table, by the record that they are of.

    - `columns`: what is compared, by the name of the column, with what it is called: a text, where
      its values are told as they stand;
    - `each`: where a record has several rows, what one of them is called, by its columns
      (``Role {role}``);
    - `by`: the column that holds the record, where that is not the first of the key;
    - `left_out`: columns that are not compared: others say the same, or they name what a reader
      cannot use;
    - `only`: the condition of the rows that are compared, where not all are;
    - `spread`: the column of a JSON object whose parts are compared one by one.
    """

    table: AnyTable
    columns: Mapping[str, str | ComparedColumn]
    each: str = ""
    by: str = ""
    left_out: Collection[str] = ()
    only: AnyCondition | None = None
    spread: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self.table.info["key"])

    @property
    def record(self) -> str:
        return self.by or self.key[0]

    @property
    def naming(self) -> tuple[str, ...]:
        """The columns that `each` names one of several rows by."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.each) if name)

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that are read, in the order of the table."""
        wanted = {*self.columns, *self.key, *self.naming, self.record, self.spread}
        return tuple(one.name for one in self.table.columns if one.name in wanted)

    def column(self, name: str) -> ComparedColumn:
        entry = self.columns.get(name, name)
        return text(entry) if isinstance(entry, str) else entry


More = Callable[[Connection, AsAt, Collection[str]], Mapping[str, Mapping[str, str]]]
"""What else is so of these records at a moment, by record and by what it is called."""


@dataclass(frozen=True, slots=True)
class ComparedKind:
    """A kind of record by the kind of its streams.

    - `label` is what several of it are called, `one` a single one; `place` is where it stands;
    - `tables`: the first holds the row that says whether there is such a record;
    - `named`: the columns of the first table that name a record;
    - `href`: where one is opened, with its id for ``{}``; `opened_by`: the verb that this takes,
      where whoever reads its history may not open it;
    - `team`: the column of the first table that holds its team;
    - `whole`: all of its records live on one stream, so that each row is of a record of its own;
    - `more`: what follows from its rows and is in none of them;
    - `weighs`: the fields, by their names in a comparison, that weigh most for a board, first those
      that weigh most. Of a kind without, a board reads only how many moved.
    """

    stream: str
    label: str
    one: str
    place: int
    tables: tuple[ComparedTable, ...]
    named: tuple[str, ...] = ()
    href: str = ""
    opened_by: str = ""
    team: str = ""
    whole: bool = False
    more: More | None = field(default=None, compare=False)
    weighs: tuple[str, ...] = ()

    def record_of(self, stream: str) -> str:
        """The id of the record of a stream; a stream without one is its own."""
        return stream.partition(":")[2] or stream

    def stream_of(self, record: str) -> str:
        return self.stream if self.whole or record == self.stream else f"{self.stream}:{record}"


@cache
def compared_kinds() -> dict[str, ComparedKind]:
    """Every kind of record that is compared, by the kind of its streams, in their order."""
    found = declared("api", "records", "COMPARED", ComparedKind)
    return {one.stream: one for one in sorted(found, key=lambda one: one.place)}


def policy_kind(stream: str, label: str, place: int, table: AnyTable, href: str) -> ComparedKind:
    """A policy of numbers, whose parts are compared one by one. Its row is keyed by its stream."""
    since = {"since"} & {column.name for column in table.columns}
    rows = ComparedTable(table, dict.fromkeys(since, "First day"), spread="content")
    return ComparedKind(stream, label, label, place, (rows,), href=href)
