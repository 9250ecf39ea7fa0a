"""The entries of an indicator's facts: sentences, fields, and what these were before."""

from __future__ import annotations

from qa.core.fact import Fact
from qa.indicators import events
from qa.indicators.definition import IndicatorDefinition, Target

_BEFORE = "shown beside the new value, as what it was before"

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    events.IndicatorRestated: dict.fromkeys(
        ("old_value", "old_numerator", "old_denominator"), _BEFORE
    ),
    events.IndicatorClaimRecorded: {"claim": "the id of the claim: the entry is its own"},
}

OLD: dict[type[Fact], dict[str, str]] = {
    events.IndicatorRestated: {
        "value": "old_value",
        "numerator": "old_numerator",
        "denominator": "old_denominator",
    },
    events.IndicatorComparatorObserved: {"value": "old"},
    events.IndicatorPolarityDecided: {"new": "old"},
}
"""Fields that a fact holds a second time as they were before."""

_ALL: tuple[type[Fact], ...] = (
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
CALLED: dict[tuple[type[Fact], str], str] = {
    (kind, name): f"indicator.{name}" for kind in _ALL for name in kind.model_fields
}
CALLED[events.IndicatorRedefined, "breaks"] = "indicator.breaks"
CALLED[events.IndicatorPolarityDecided, "new"] = "indicator.polarity"


def replaced(
    fact: Fact,
) -> tuple[IndicatorDefinition | Target | None, IndicatorDefinition | Target, str] | None:
    """Old and new of a fact that states both whole, and the path they stand under."""
    match fact:
        case events.IndicatorRedefined():
            return fact.old, fact.new, "definition"
        case events.IndicatorTargetSet():
            return fact.old, fact.new, "target"
        case _:
            return None


def sentence(fact: Fact) -> str | None:
    """What the fact says, or None where it is not of an indicator."""
    match fact:
        case events.IndicatorDefined():
            return f"Defined the indicator “{fact.definition.name}” from {fact.definition.since}"
        case events.IndicatorRedefined():
            breaks = "; the series breaks there" if fact.breaks else ""
            return f"Changed the definition from {fact.new.since} on{breaks}"
        case events.IndicatorTargetSet():
            return f"Set the target from {fact.new.since} on"
        case events.IndicatorPolarityDecided():
            better = {"higher": "higher is better", "lower": "lower is better"}
            said = better.get(fact.new, "it is not known which way is better")
            return f"Decided that from {fact.since} on {said}"
        case events.IndicatorObserved() | events.IndicatorRestated():
            verb = "Restated" if isinstance(fact, events.IndicatorRestated) else "Recorded"
            value = {"not-applicable": "not applicable", "no-value": "no value"}.get(
                fact.state, str(fact.value)
            )
            source = f" ({fact.source})" if fact.source else ""
            return f"{verb} {fact.period}{source}: {value}"
        case events.IndicatorValueWithdrawn():
            return f"Took the value of {fact.period} back"
        case events.IndicatorComparatorObserved():
            return f"Recorded {fact.value} of {fact.comparator} for {fact.period}"
        case events.IndicatorClaimRecorded():
            return f"Kept a claim about {fact.period}"
        case events.IndicatorSeriesBroken():
            return f"The series breaks at {fact.period}"
        case events.IndicatorRebased():
            return f"Limits of the control chart begin anew at {fact.period}"
        case events.IndicatorRetired():
            return f"Retired the indicator after {fact.after}"
        case events.IndicatorWithdrawn():
            return "Took the indicator back"
        case _:
            return None
