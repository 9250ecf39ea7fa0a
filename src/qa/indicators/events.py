"""Events of an indicator (stream ``indicator:<id>``).

A value is never overwritten: a second value for the same period and source is a restatement that
keeps the first, and another source's value for the same period stands beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from qa.core.event import Event
from qa.indicators.definition import IndicatorDefinition, Number, Polarity, Target


def indicator_stream(indicator: str) -> str:
    return f"indicator:{indicator}"


class IndicatorDefined(Event):
    """The indicator's first definition."""

    definition: IndicatorDefinition


class IndicatorRedefined(Event):
    """The definition changed from its `since` on; `breaks` says that the series breaks there."""

    old: IndicatorDefinition
    new: IndicatorDefinition
    breaks: bool


class IndicatorTargetSet(Event):
    """A target holds from its `since` on, in place of the one before it."""

    old: Target | None
    new: Target


class IndicatorPolarityDecided(Event):
    """From `since` on, this way is better."""

    old: Polarity
    new: Polarity
    since: date


class IndicatorObserved(Event):
    """A value for a period (its label, as `qa.core.periods` prints it), as a source gives it.

    `state` tells a value from "N/A", from text without a value. `said` is what the cell held.
    `excluded` says in words what both parts leave out. `value` may stand without its parts.
    """

    period: str
    state: Literal["value", "not-applicable", "no-value"]
    value: Number | None = None
    numerator: int | None = None
    denominator: int | None = None
    definition_version: int
    source: str = ""
    said: str = ""
    note: str = ""
    excluded: str = ""


class IndicatorRestated(Event):
    """The value of a period and source was replaced; the reason is in the envelope."""

    period: str
    source: str = ""
    old_value: Number | None
    old_numerator: int | None = None
    old_denominator: int | None = None
    state: Literal["value", "not-applicable", "no-value"]
    value: Number | None = None
    numerator: int | None = None
    denominator: int | None = None
    definition_version: int
    said: str = ""
    note: str = ""
    excluded: str = ""


class IndicatorValueWithdrawn(Event):
    """A value was taken back as never given: its import was undone. The period has none again."""

    period: str
    source: str = ""
    old_value: Number | None
    old_numerator: int | None = None
    old_denominator: int | None = None


class IndicatorComparatorObserved(Event):
    """A value of others to set beside: England, statistical neighbours.

    `old` is the value it replaces, with the reason in the envelope.
    """

    comparator: str
    period: str
    value: Number
    old: Number | None = None
    note: str = ""


class IndicatorClaimRecorded(Event):
    """What a document says of the indicator in words, kept beside what the values say.

    Where the claim is a number, `claimed` holds it.
    """

    claim: str
    period: str
    text: str
    source: str
    claimed: Number | None = None


class IndicatorSeriesBroken(Event):
    """From this period on, values are not comparable with those before; the reason is in the
    envelope."""

    period: str


class IndicatorRebased(Event):
    """From this period on, the limits of the control chart are calculated anew; by a recorded
    decision only, its reason in the envelope."""

    period: str


class IndicatorRetired(Event):
    """No new values are asked for after `after`; the reason is in the envelope."""

    after: date


class IndicatorWithdrawn(Event):
    """The indicator was defined by mistake, or its import was undone: there is none by this name
    until it is defined anew. The reason is in the envelope."""
