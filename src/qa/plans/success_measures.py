"""Decisions on the success measures of an action: what would show that it worked, and what is said
of it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.core.errors import Fault, NotFound, Refused
from qa.core.event import Event
from qa.core.reasons import owe_reason
from qa.indicators.definition import Number, Unit
from qa.plans import action_events
from qa.plans.action_events import MeasureComparator, Reading
from qa.plans.action_state import PlanAction, goes_on
from qa.plans.decisions import long_faults, text_faults

WITH_NUMBER: tuple[MeasureComparator, ...] = ("gte", "gt", "lte", "lt", "eq")
"""Comparators that ask for a number; the others ask for a direction, or for something done."""


def set_measure(
    action: PlanAction,
    *,
    measure: str,
    text: str,
    comparator: MeasureComparator | None,
    target: Number | None,
    unit: Unit | None,
    indicator: str | None,
) -> list[Event]:
    """Set what would show that the action worked.

    Raises:
        Refused: every fault, by field; among them a second target for a measure that has one.
    """
    goes_on(action)
    faults = text_faults(text, "text", "Say what would show that it worked.")
    if (comparator in WITH_NUMBER) != (target is not None):
        sentence = "At least, at most and exactly need a number; the other words have none."
        faults.append(Fault("target", "target-unfit", sentence))
    if target is not None and unit == "percent" and not 0 <= target <= 100:
        faults.append(Fault("target", "percent-out-of-range", "A share is from 0 to 100%."))
    faults += _held_faults(action, text, comparator, target, indicator)
    if faults:
        raise Refused(faults)
    return [
        action_events.SuccessMeasureSet(
            measure=measure,
            text=text.strip(),
            comparator=comparator,
            target=target,
            unit=unit,
            indicator=indicator,
        )
    ]


def _held_faults(
    action: PlanAction,
    text: str,
    comparator: MeasureComparator | None,
    target: Number | None,
    indicator: str | None,
) -> list[Fault]:
    for held in action.measures.values():
        same_words = _words(held.text) == _words(text)
        if not same_words and (indicator is None or held.indicator != indicator):
            continue
        if (held.comparator, held.target) != (comparator, target):
            sentence = (
                f"The measure “{held.text}” has the target {_said(held.comparator, held.target)} "
                f"already; this would be a second one, {_said(comparator, target)}."
            )
            return [Fault("target", "measure-two-targets", sentence)]
        if same_words:
            return [Fault("text", "measure-known", "The action has this measure already.")]
    return []


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _said(comparator: MeasureComparator | None, target: Number | None) -> str:
    signs = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<", "eq": "="}
    if comparator is None:
        return "none"
    return comparator if target is None else f"{signs.get(comparator, comparator)} {target}"


def withdraw_measure(action: PlanAction, *, measure: str, reason: str) -> list[Event]:
    """Take a measure away; what was said of it stays readable."""
    goes_on(action)
    if measure not in action.measures:
        raise NotFound("There is no such measure of this action.")
    owe_reason(reason, "Say why the measure goes.")
    return [action_events.SuccessMeasureWithdrawn(measure=measure)]


def report(
    action: PlanAction,
    *,
    report: str,
    measure: str | None,
    said: str,
    period: str,
    values: Sequence[Number],
    unit: Unit | None,
    numerator: int | None,
    denominator: int | None,
    note: str,
    reading: Reading,
) -> list[Event]:
    """Record what is said of a measure as at a period: figures, or words without a figure.

    Raises:
        NotFound: no such measure.   Refused: every fault, by field.
    """
    goes_on(action)
    if measure is not None and measure not in action.measures:
        raise NotFound("There is no such measure of this action.")
    faults = text_faults(said, "said", "Write what is said of the measure.")
    faults += long_faults(note, "note")
    for at, value in enumerate(values):
        if not value.is_finite():
            faults.append(Fault(f"values.{at}", "number-malformed", "Enter a number."))
        elif unit == "percent" and not 0 <= value <= 100:
            sentence = "A share is from 0 to 100%."
            faults.append(Fault(f"values.{at}", "percent-out-of-range", sentence))
    if denominator == 0:
        sentence = "Nothing can be divided by 0: leave both parts out and say so in a note."
        faults.append(Fault("denominator", "zero-denominator", sentence))
    elif (numerator is None) != (denominator is None):
        sentence = "Give both parts of the share, or neither."
        faults.append(Fault("denominator", "parts-unfit", sentence))
    if faults:
        raise Refused(faults)
    return [
        action_events.SuccessMeasureReported(
            report=report,
            measure=measure,
            state="value" if values else "no-value",
            said=said.strip(),
            period=period.strip(),
            values=tuple(values),
            unit=unit,
            numerator=numerator,
            denominator=denominator,
            note=note.strip(),
            reading=reading,
        )
    ]


def measure_named(action: PlanAction, measure: str, named: str) -> str:
    """The measure of the action with this id, or else with these words.

    Raises:
        Refused: there is none.
    """
    if measure in action.measures:
        return measure
    for held in action.measures.values():
        if held.text == named:
            return held.measure
    raise Refused(
        f"The action has no success measure “{named}”.", field="measure", code="measure-unknown"
    )
