"""An indicator as its events leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from qa.core.errors import NotFound
from qa.core.event import RecordedEvent
from qa.indicators import events
from qa.indicators.definition import IndicatorDefinition, Polarity, Target
from qa.indicators.values import CheckedValue

Slot = tuple[str, str]
"""A period's label and a source: what a value is the value of."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as its events leave it. `definitions` are in the order of their versions, and
    `ways` are the dated decisions on which way is better.

    `brought` says which import batch each value is from, and `defined_by` which one defined the
    indicator, where it was one.
    """

    definitions: tuple[IndicatorDefinition, ...] = ()
    targets: tuple[Target, ...] = ()
    ways: tuple[tuple[date, Polarity], ...] = ()
    values: Mapping[Slot, CheckedValue] = field(default_factory=dict)
    comparators: Mapping[Slot, Decimal] = field(default_factory=dict)
    breaks: frozenset[str] = frozenset()
    rebases: frozenset[str] = frozenset()
    retired_after: date | None = None
    brought: Mapping[Slot, str] = field(default_factory=dict)
    defined_by: str = ""

    @property
    def exists(self) -> bool:
        return bool(self.definitions)

    @property
    def latest(self) -> IndicatorDefinition:
        return self.definitions[-1]

    def definition_on(self, day: date) -> IndicatorDefinition | None:
        in_force = [each for each in self.definitions if each.since <= day]
        return in_force[-1] if in_force else None

    def target_on(self, day: date) -> Target | None:
        in_force = [each for each in self.targets if each.since <= day]
        return max(in_force, key=lambda each: each.since) if in_force else None

    def polarity_on(self, day: date) -> Polarity:
        in_force = [(since, at, way) for at, (since, way) in enumerate(self.ways) if since <= day]
        return max(in_force)[2] if in_force else "unknown"


def evolve(state: Indicator, recorded: RecordedEvent[Any]) -> Indicator:
    batch = "" if recorded.meta.source is None else recorded.meta.source.batch
    match recorded.event:
        case events.IndicatorDefined(definition=new):
            ways = ((new.since, new.polarity),)
            return Indicator(definitions=(new,), ways=ways, defined_by=batch)
        case events.IndicatorRedefined() as event:
            return replace(
                state,
                definitions=(*state.definitions, event.new),
                ways=(*state.ways, (event.new.since, event.new.polarity)),
            )
        case events.IndicatorTargetSet() as event:
            return replace(state, targets=(*state.targets, event.new))
        case events.IndicatorPolarityDecided() as event:
            return replace(state, ways=(*state.ways, (event.since, event.new)))
        case events.IndicatorObserved() | events.IndicatorRestated() as event:
            now = CheckedValue(event.state, event.value, event.numerator, event.denominator)
            slot = (event.period, event.source)
            brought = {**state.brought, slot: batch}
            return replace(state, values={**state.values, slot: now}, brought=brought)
        case events.IndicatorValueWithdrawn() as event:
            gone = (event.period, event.source)
            values = {slot: value for slot, value in state.values.items() if slot != gone}
            return replace(state, values=values)
        case events.IndicatorComparatorObserved() as event:
            slot = (event.comparator, event.period)
            return replace(state, comparators={**state.comparators, slot: event.value})
        case events.IndicatorSeriesBroken() as event:
            return replace(state, breaks=state.breaks | {event.period})
        case events.IndicatorRebased() as event:
            return replace(state, rebases=state.rebases | {event.period})
        case events.IndicatorRetired() as event:
            return replace(state, retired_after=event.after)
        case events.IndicatorWithdrawn():
            return Indicator()
        case _:
            return state


def known(state: Indicator) -> None:
    """Raises `NotFound` for an indicator that was never defined."""
    if not state.exists:
        raise NotFound("There is no such indicator.")
