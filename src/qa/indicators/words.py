"""How the events of indicators are told in history."""

from __future__ import annotations

from typing import Any

from qa.core.event import Event
from qa.core.event_words import EventWords, RoomWords, code_in_words, parts_beneath
from qa.indicators import events

_NO_VALUE = {"not-applicable": "not applicable", "no-value": "no value"}
_BETTER = {"higher": "higher is better", "lower": "lower is better"}


def _own(kind: type[Event]) -> dict[str, str]:
    """The paths of an event of which every field is told under the indicator."""
    return {name: f"indicator.{name}" for name in kind.model_fields}


def _beneath(path: str, _tool: Any) -> str:
    return code_in_words(path.partition(".")[2])


def _redefined(event: events.IndicatorRedefined) -> str:
    breaks = "; the series breaks there" if event.breaks else ""
    return f"Changed the definition from {event.new.since} on{breaks}"


def _decided(event: events.IndicatorPolarityDecided) -> str:
    better = _BETTER.get(event.new, "it is not known which way is better")
    return f"Decided that from {event.since} on {better}"


def _value(event: events.IndicatorObserved | events.IndicatorRestated) -> str:
    source = f" ({event.source})" if event.source else ""
    return f"{event.period}{source}: {_NO_VALUE.get(event.state, str(event.value))}"


HISTORY = RoomWords(
    beneath={"indicator": _beneath, "target": _beneath, "definition": parts_beneath},
    events=(
        EventWords(
            events.IndicatorDefined,
            lambda event: (
                f"Defined the indicator “{event.definition.name}” from {event.definition.since}"
            ),
        ),
        EventWords(
            events.IndicatorRedefined,
            _redefined,
            paths={"breaks": "indicator.breaks"},
            compared="definition",
        ),
        EventWords(
            events.IndicatorTargetSet,
            lambda event: f"Set the target from {event.new.since} on",
            compared="target",
        ),
        EventWords(
            events.IndicatorPolarityDecided,
            _decided,
            paths={**_own(events.IndicatorPolarityDecided), "new": "indicator.polarity"},
            before={"new": "old"},
        ),
        EventWords(
            events.IndicatorObserved,
            lambda event: f"Recorded {_value(event)}",
            paths=_own(events.IndicatorObserved),
        ),
        EventWords(
            events.IndicatorRestated,
            lambda event: f"Restated {_value(event)}",
            paths=_own(events.IndicatorRestated),
            before={
                "value": "old_value",
                "numerator": "old_numerator",
                "denominator": "old_denominator",
            },
        ),
        EventWords(
            events.IndicatorValueWithdrawn,
            lambda event: f"Took the value of {event.period} back",
            paths=_own(events.IndicatorValueWithdrawn),
        ),
        EventWords(
            events.IndicatorComparatorObserved,
            lambda event: f"Recorded {event.value} of {event.comparator} for {event.period}",
            paths=_own(events.IndicatorComparatorObserved),
            before={"value": "old"},
        ),
        EventWords(
            events.IndicatorClaimRecorded,
            lambda event: f"Kept a claim about {event.period}",
            paths=_own(events.IndicatorClaimRecorded),
            hidden={"claim": "the id of the claim: the entry is its own"},
        ),
        EventWords(
            events.IndicatorSeriesBroken,
            lambda event: f"The series breaks at {event.period}",
            paths=_own(events.IndicatorSeriesBroken),
        ),
        EventWords(
            events.IndicatorRebased,
            lambda event: f"Limits of the control chart recalculated from {event.period}",
            paths=_own(events.IndicatorRebased),
        ),
        EventWords(
            events.IndicatorRetired,
            lambda event: f"Retired the indicator after {event.after}",
            paths=_own(events.IndicatorRetired),
        ),
        EventWords(events.IndicatorWithdrawn, "Took the indicator back"),
    ),
)
