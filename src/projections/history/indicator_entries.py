"""The entries of an indicator's events: sentences, fields, and what these were before."""

from __future__ import annotations

from qa.core.event import Event
from qa.indicators import events
from qa.indicators.definition import IndicatorDefinition, Target

_BEFORE = "shown beside the new value, as what it was before"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.IndicatorRestated: dict.fromkeys(
        ("old_value", "old_numerator", "old_denominator"), _BEFORE
    ),
    events.IndicatorClaimRecorded: {"claim": "the id of the claim: the entry is its own"},
}

OLD: dict[type[Event], dict[str, str]] = {
    events.IndicatorRestated: {
        "value": "old_value",
        "numerator": "old_numerator",
        "denominator": "old_denominator",
    },
    events.IndicatorComparatorObserved: {"value": "old"},
    events.IndicatorPolarityDecided: {"new": "old"},
}
"""Fields that an event holds a second time as they were before."""

_ALL: tuple[type[Event], ...] = (
    events.IndicatorPolarityDecided,
    events.IndicatorObserved,
    events.IndicatorRestated,
    events.IndicatorValueWithdrawn,
    events.IndicatorComparatorObserved,
    events.IndicatorClaimRecorded,
    events.IndicatorSeriesBroken,
    events.IndicatorRebased,
    events.IndicatorRetired,
)
CALLED: dict[tuple[type[Event], str], str] = {
    (kind, name): f"indicator.{name}" for kind in _ALL for name in kind.model_fields
}
CALLED[events.IndicatorRedefined, "breaks"] = "indicator.breaks"
CALLED[events.IndicatorPolarityDecided, "new"] = "indicator.polarity"


def replaced(
    event: Event,
) -> tuple[IndicatorDefinition | Target | None, IndicatorDefinition | Target, str] | None:
    """Old and new of an event that states both whole, and the path they stand under."""
    match event:
        case events.IndicatorRedefined():
            return event.old, event.new, "definition"
        case events.IndicatorTargetSet():
            return event.old, event.new, "target"
        case _:
            return None


def sentence(event: Event) -> str | None:
    """What the event says, or None where it is not of an indicator."""
    match event:
        case events.IndicatorDefined():
            return f"Defined the indicator “{event.definition.name}” from {event.definition.since}"
        case events.IndicatorRedefined():
            breaks = "; the series breaks there" if event.breaks else ""
            return f"Changed the definition from {event.new.since} on{breaks}"
        case events.IndicatorTargetSet():
            return f"Set the target from {event.new.since} on"
        case events.IndicatorPolarityDecided():
            better = {"higher": "higher is better", "lower": "lower is better"}
            said = better.get(event.new, "it is not known which way is better")
            return f"Decided that from {event.since} on {said}"
        case events.IndicatorObserved() | events.IndicatorRestated():
            verb = "Restated" if isinstance(event, events.IndicatorRestated) else "Recorded"
            value = {"not-applicable": "not applicable", "no-value": "no value"}.get(
                event.state, str(event.value)
            )
            source = f" ({event.source})" if event.source else ""
            return f"{verb} {event.period}{source}: {value}"
        case events.IndicatorValueWithdrawn():
            return f"Took the value of {event.period} back"
        case events.IndicatorComparatorObserved():
            return f"Recorded {event.value} of {event.comparator} for {event.period}"
        case events.IndicatorClaimRecorded():
            return f"Kept a claim about {event.period}"
        case events.IndicatorSeriesBroken():
            return f"The series breaks at {event.period}"
        case events.IndicatorRebased():
            return f"Limits of the control chart begin anew at {event.period}"
        case events.IndicatorRetired():
            return f"Retired the indicator after {event.after}"
        case events.IndicatorWithdrawn():
            return "Took the indicator back"
        case _:
            return None
