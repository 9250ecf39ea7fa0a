"""What is on record of indicators: their definitions, values and what stands beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.indicators import rows
from projections.indicators.rows import (
    Beside,
    IndicatorEvent,
    IndicatorHeading,
    IndicatorRows,
    ValueRecord,
)
from projections.indicators.tables import indicator_row, indicator_value
from qa.core.frozen import Frozen
from qa.core.periods import Period, parse_period
from qa.indicators.definition import IndicatorDefinition, Polarity, Target
from qa.indicators.events import (
    IndicatorClaimRecorded,
    IndicatorComparatorObserved,
    IndicatorPolarityDecided,
    IndicatorRestated,
)


@dataclass(frozen=True, slots=True)
class Comparator:
    """A value of others, for a period that may be longer than the indicator's."""

    name: str
    period: Period
    value: Decimal
    old: Decimal | None
    note: str
    entry: IndicatorEvent


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document says of the indicator."""

    id: str
    period: str
    text: str
    source: str
    claimed: Decimal | None
    entry: IndicatorEvent


@dataclass(frozen=True, slots=True)
class ValueRestatement:
    """A value that was replaced: the event, with who, when and why."""

    event: IndicatorRestated
    entry: IndicatorEvent


@dataclass(frozen=True, slots=True)
class Way:
    """A dated decision on which way is better."""

    since: date
    polarity: Polarity
    entry: IndicatorEvent


@dataclass(frozen=True, slots=True)
class Mark:
    """A break of the series, or fresh limits, from a day on."""

    since: date
    entry: IndicatorEvent


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator as the record has it. Every list is in the order of its dates.

    `version` is that of the stream, for a command that names what its user saw.
    """

    id: str
    version: int
    retired_after: date | None
    retired_because: str
    definitions: tuple[tuple[IndicatorDefinition, IndicatorEvent], ...]
    targets: tuple[tuple[Target, IndicatorEvent], ...]
    ways: tuple[Way, ...]
    values: tuple[ValueRecord, ...]
    comparators: tuple[Comparator, ...]
    breaks: tuple[Mark, ...]
    rebases: tuple[Mark, ...]
    restatements: tuple[ValueRestatement, ...]
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

    def definition_by(self, version: int) -> IndicatorDefinition:
        """The version of that number; the latest where there is none."""
        for each, _ in self.definitions:
            if each.version == version:
                return each
        return self.definition

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


def one(
    connection: Connection, indicator: str, *, position: int | None = None
) -> IndicatorRecord | None:
    """One indicator, or None."""
    found = _records(connection, indicator, position)
    return found[0] if found else None


def has_values(connection: Connection, named: str, since: date) -> bool:
    """Whether an indicator with this id or name has a value for a period that ends after a day."""
    row, value = indicator_row.c, indicator_value.c
    key = named.strip().casefold()
    query = (
        select(value.period)
        .join(indicator_row, row.indicator == value.indicator)
        .where(
            or_(row.indicator == key, func.lower(row.name) == key),
            value.value.is_not(None),
            as_at(indicator_row, None),
            as_at(indicator_value, None),
        )
    )
    periods = map(parse_period, connection.execute(query).scalars())
    return any(period.end > since for period in periods)


def every(connection: Connection, *, position: int | None = None) -> list[IndicatorRecord]:
    """Every indicator, by name."""
    return _records(connection, None, position)


def _records(
    connection: Connection, indicator: str | None, position: int | None
) -> list[IndicatorRecord]:
    found = rows.read(connection, indicator, position)
    records = [_read(each.row, each) for each in found if each.row is not None]
    return sorted(records, key=lambda each: (each.definition.name.casefold(), each.id))


F = TypeVar("F", bound=Frozen)


@lru_cache(maxsize=8192)
def _whole(kind: type[F], content: str) -> F:
    """What stands beside the values, as a value: the same text always reads the same, so that it
    need not be checked again for every page that shows it."""
    return kind.model_validate_json(content)


def _read(row: IndicatorHeading, indicator_rows: IndicatorRows) -> IndicatorRecord:
    def beside(kind: str, read: type[F]) -> list[tuple[F, Beside]]:
        return [(_whole(read, each.content), each) for each in indicator_rows.beside.get(kind, ())]

    definitions = sorted(
        ((each, by.entry) for each, by in beside("definition", IndicatorDefinition)),
        key=lambda each: each[0].version,
    )
    ways = [(each.since, "", Way(each.since, each.polarity, by)) for each, by in definitions]
    ways += [
        (way.since, by.which, Way(way.since, way.new, by.entry))
        for way, by in beside("polarity", IndicatorPolarityDecided)
    ]
    after = row.retired_after
    return IndicatorRecord(
        id=row.id,
        version=row.version,
        retired_after=None if after is None else date.fromisoformat(after),
        retired_because=row.retired_because,
        definitions=tuple(definitions),
        targets=tuple(
            sorted(
                ((target, by.entry) for target, by in beside("target", Target)),
                key=lambda each: each[0].since,
            )
        ),
        ways=tuple(way for _, _, way in sorted(ways, key=lambda each: each[:2])),
        values=tuple(sorted(indicator_rows.values, key=_when)),
        comparators=tuple(
            sorted(
                (
                    Comparator(
                        of.comparator, parse_period(of.period), of.value, of.old, of.note, by.entry
                    )
                    for of, by in beside("comparator", IndicatorComparatorObserved)
                ),
                key=lambda each: (each.name, each.period.start, each.period.end),
            )
        ),
        breaks=_marks(indicator_rows.beside.get("break", ())),
        rebases=_marks(indicator_rows.beside.get("rebase", ())),
        restatements=tuple(
            ValueRestatement(event, by.entry)
            for event, by in sorted(
                beside("restatement", IndicatorRestated), key=lambda each: each[1].which
            )
        ),
        claims=tuple(
            sorted(
                (
                    Claim(of.claim, of.period, of.text, of.source, of.claimed, by.entry)
                    for of, by in beside("claim", IndicatorClaimRecorded)
                ),
                key=lambda each: (parse_period(each.period).start, each.entry.at, each.id),
            )
        ),
    )


def _marks(marks: Iterable[Beside]) -> tuple[Mark, ...]:
    """Marks by their first day; two from one day are one, the one recorded first."""
    found: dict[date, Mark] = {}
    for each in marks:
        # A break that a definition brings is of a day, every other of a period.
        of, by = json.loads(each.content), each.entry
        day = of.get("since")
        since = parse_period(of["period"]).start if day is None else date.fromisoformat(day)
        if since not in found or by.at < found[since].entry.at:
            found[since] = Mark(since, by)
    return tuple(found[since] for since in sorted(found))


def _when(value: ValueRecord) -> tuple[date, str]:
    return (parse_period(value.period).start, value.source)
