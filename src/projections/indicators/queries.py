"""What is on record of indicators: their definitions, values and what stands beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, select
from sqlalchemy.engine import Connection

from projections.base import as_at
from projections.indicators.tables import indicator_beside, indicator_row, indicator_value
from qa.clock import from_microseconds
from qa.facts.indicator import IndicatorRestated
from qa.indicator_definition import IndicatorDefinition, Polarity, Target
from qa.periods import Period, parse_period


class Told(NamedTuple):
    """Something recorded, with who recorded it, when, and why where a reason is on record."""

    by: str
    at: datetime
    reason: str


class HeldValue(NamedTuple):
    """What one source says of one period."""

    period: str
    source: str
    state: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    definition_version: int
    said: str
    note: str
    excluded: str
    restated: int
    told: Told


@dataclass(frozen=True, slots=True)
class Comparator:
    """A value of others, for a period that may be longer than the indicator's."""

    name: str
    period: Period
    value: Decimal
    old: Decimal | None
    note: str
    told: Told


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document says of the indicator."""

    id: str
    period: str
    text: str
    source: str
    claimed: Decimal | None
    told: Told


@dataclass(frozen=True, slots=True)
class Restatement:
    """A value that was replaced: the fact, with who, when and why."""

    fact: IndicatorRestated
    told: Told


@dataclass(frozen=True, slots=True)
class Way:
    """A dated decision on which way is better."""

    since: date
    polarity: Polarity
    told: Told


@dataclass(frozen=True, slots=True)
class Mark:
    """A break of the series, or fresh limits, from a day on."""

    since: date
    told: Told


@dataclass(frozen=True, slots=True)
class Held:
    """An indicator as the record has it. Every list is in the order of its dates.

    `version` is that of the stream, for a command that names what its user saw.
    """

    id: str
    version: int
    retired_after: date | None
    retired_because: str
    definitions: tuple[tuple[IndicatorDefinition, Told], ...]
    targets: tuple[tuple[Target, Told], ...]
    ways: tuple[Way, ...]
    values: tuple[HeldValue, ...]
    comparators: tuple[Comparator, ...]
    breaks: tuple[Mark, ...]
    rebases: tuple[Mark, ...]
    restatements: tuple[Restatement, ...]
    claims: tuple[Claim, ...]

    @property
    def definition(self) -> IndicatorDefinition:
        return self.definitions[-1][0]

    def definition_on(self, day: date) -> IndicatorDefinition:
        """The version in force on that day; the first one before there was any."""
        for each, _ in reversed(self.definitions):
            if each.since <= day:
                return each
        return self.definitions[0][0]

    def target_on(self, day: date) -> Target | None:
        for each, _ in reversed(self.targets):
            if each.since <= day:
                return each
        return None

    def polarity_on(self, day: date) -> Polarity:
        for way in reversed(self.ways):
            if way.since <= day:
                return way.polarity
        return "unknown"


def one(connection: Connection, indicator: str, *, position: int | None = None) -> Held | None:
    """One indicator, or None."""
    found = _held(connection, indicator, position)
    return found[0] if found else None


def every(connection: Connection, *, position: int | None = None) -> list[Held]:
    """Every indicator, by name."""
    return _held(connection, None, position)


def _held(connection: Connection, indicator: str | None, position: int | None) -> list[Held]:
    rows = _rows(connection, indicator_row, indicator, position)
    if not rows:
        return []
    values: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in _rows(connection, indicator_value, indicator, position):
        values[row.indicator].append(row)
    beside: dict[str, dict[str, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(connection, indicator_beside, indicator, position):
        beside[row.indicator][row.kind].append(row)
    held = [_read(row, values[row.indicator], beside[row.indicator]) for row in rows]
    return sorted(held, key=lambda each: (each.definition.name.casefold(), each.id))


def _rows(
    connection: Connection, table: Table, indicator: str | None, position: int | None
) -> Sequence[Row[Any]]:
    query = select(table).where(as_at(table, position))
    if indicator is not None:
        query = query.where(table.c.indicator == indicator)
    return connection.execute(query).all()


def _read(
    row: Row[Any], values: Iterable[Row[Any]], beside: Mapping[str, Sequence[Row[Any]]]
) -> Held:
    def told(kind: str) -> list[tuple[Row[Any], dict[str, Any], Told]]:
        return [
            (each, json.loads(each.content), _told(each, each.reason or ""))
            for each in beside.get(kind, ())
        ]

    definitions = sorted(
        ((IndicatorDefinition.model_validate(said), by) for _, said, by in told("definition")),
        key=lambda each: each[0].version,
    )
    ways = [(each.since, "", Way(each.since, each.polarity, by)) for each, by in definitions]
    for held, said, by in told("polarity"):
        since = date.fromisoformat(said["since"])
        ways.append((since, held.which, Way(since, said["new"], by)))
    targets = [(Target.model_validate(said), by) for _, said, by in told("target")]
    after = row.retired_after
    return Held(
        id=row.indicator,
        version=row.stream_version,
        retired_after=None if after is None else date.fromisoformat(after),
        retired_because=row.retired_because or "",
        definitions=tuple(definitions),
        targets=tuple(sorted(targets, key=lambda each: each[0].since)),
        ways=tuple(way for _, _, way in sorted(ways, key=lambda each: each[:2])),
        values=tuple(sorted((_value(each) for each in values), key=_when)),
        comparators=tuple(
            sorted(
                (
                    Comparator(
                        said["comparator"],
                        parse_period(said["period"]),
                        Decimal(said["value"]),
                        None if said["old"] is None else Decimal(said["old"]),
                        said["note"],
                        by,
                    )
                    for _, said, by in told("comparator")
                ),
                key=lambda each: (each.name, each.period.start, each.period.end),
            )
        ),
        breaks=_marks(told("break")),
        rebases=_marks(told("rebase")),
        restatements=tuple(
            Restatement(IndicatorRestated.model_validate(said), by)
            for _, said, by in sorted(told("restatement"), key=lambda each: each[0].which)
        ),
        claims=tuple(
            sorted(
                (
                    Claim(
                        said["claim"],
                        said["period"],
                        said["text"],
                        said["source"],
                        None if said["claimed"] is None else Decimal(said["claimed"]),
                        by,
                    )
                    for _, said, by in told("claim")
                ),
                key=lambda each: (parse_period(each.period).start, each.told.at, each.id),
            )
        ),
    )


def _marks(told: Iterable[tuple[Row[Any], dict[str, Any], Told]]) -> tuple[Mark, ...]:
    """Marks by their first day; two from one day are one, the one recorded first."""
    found: dict[date, Mark] = {}
    for _, said, by in told:
        day = said.get("since")
        since = parse_period(said["period"]).start if day is None else date.fromisoformat(day)
        if since not in found or by.at < found[since].told.at:
            found[since] = Mark(since, by)
    return tuple(found[since] for since in sorted(found))


def _value(row: Row[Any]) -> HeldValue:
    # In the order of the table's columns, whose first is the indicator.
    _, period, source, state, value, above, below, version, said, note, excluded, restated = row[
        :12
    ]
    number = None if value is None else Decimal(value)
    return HeldValue(
        period, source, state, number, above, below, version, said, note, excluded, restated,
        Told(row[12], from_microseconds(row[13]), ""),
    )  # fmt: skip


def _when(value: HeldValue) -> tuple[date, str]:
    return (parse_period(value.period).start, value.source)


def _told(row: Row[Any], reason: str = "") -> Told:
    # A value's reason for its last restatement stands in the restatement.
    return Told(row.by, from_microseconds(row.recorded_us), reason)
