"""Decisions on the success measures of an action: what would show that it worked, and what is said
of it."""

from __future__ import annotations

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.event import Event
from qa.indicators.definition import Number
from qa.plans import action_events
from qa.plans.action_commands import (
    ReportSuccessMeasure,
    SetSuccessMeasure,
    WithdrawSuccessMeasure,
)
from qa.plans.action_events import MeasureComparator
from qa.plans.action_state import PlanAction, goes_on

WITH_NUMBER: tuple[MeasureComparator, ...] = ("gte", "gt", "lte", "lt", "eq")
"""Comparators that ask for a number; the others ask for a direction, or for something done."""


def set_measure(action: PlanAction, command: SetSuccessMeasure, *, measure: str) -> list[Event]:
    """Set what would show that the action worked.

    Raises:
        Refused: every fault, by field; among them a second target for a measure that has one.
    """
    goes_on(action)
    faults, target = command.faults(), command.target
    if (command.comparator in WITH_NUMBER) != (target is not None):
        sentence = "At least, at most and exactly need a number; the other words have none."
        faults.append(Fault("target", "target-unfit", sentence))
    if target is not None and command.unit == "percent" and not 0 <= target <= 100:
        faults.append(Fault("target", "percent-out-of-range", "A share is from 0 to 100%."))
    faults += _held_faults(action, command)
    refuse_any(faults)
    return [carry(action_events.SuccessMeasureSet, command, measure=measure, target=target)]


def _held_faults(action: PlanAction, command: SetSuccessMeasure) -> list[Fault]:
    indicator, wanted = command.indicator, (command.comparator, command.target)
    for other in action.measures.values():
        same_words = _words(other.text) == _words(command.text)
        if not same_words and (indicator is None or other.indicator != indicator):
            continue
        if (other.comparator, other.target) != wanted:
            sentence = (
                f"The measure “{other.text}” has the target {_aim(other.comparator, other.target)} "
                f"already; this would be a second one, {_aim(*wanted)}."
            )
            return [Fault("target", "measure-two-targets", sentence)]
        if same_words:
            return [Fault("text", "measure-known", "The action has this measure already.")]
    return []


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _aim(comparator: MeasureComparator | None, target: Number | None) -> str:
    signs = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<", "eq": "="}
    if comparator is None:
        return "none"
    return comparator if target is None else f"{signs.get(comparator, comparator)} {target}"


def withdraw_measure(action: PlanAction, command: WithdrawSuccessMeasure) -> list[Event]:
    """Take a measure away; what was said of it stays readable."""
    goes_on(action)
    if command.measure not in action.measures:
        raise NotFound("There is no such measure of this action.")
    command.refuse_faults()
    return [action_events.SuccessMeasureWithdrawn(measure=command.measure)]


def report(action: PlanAction, command: ReportSuccessMeasure, *, report: str) -> list[Event]:
    """Record what is said of a measure as at a period: figures, or words without a figure.

    Raises:
        NotFound: no such measure.   Refused: every fault, by field.
    """
    goes_on(action)
    if command.measure is not None and command.measure not in action.measures:
        raise NotFound("There is no such measure of this action.")
    faults = command.faults()
    for at, value in enumerate(command.values):
        if not value.is_finite():
            faults.append(Fault(f"values.{at}", "number-malformed", "Enter a number."))
        elif command.unit == "percent" and not 0 <= value <= 100:
            sentence = "A share is from 0 to 100%."
            faults.append(Fault(f"values.{at}", "percent-out-of-range", sentence))
    if command.denominator == 0:
        sentence = "Nothing can be divided by 0: leave both parts out and say so in a note."
        faults.append(Fault("denominator", "zero-denominator", sentence))
    elif (command.numerator is None) != (command.denominator is None):
        sentence = "Give both parts of the share, or neither."
        faults.append(Fault("denominator", "parts-unfit", sentence))
    refuse_any(faults)
    return [
        carry(
            action_events.SuccessMeasureReported,
            command,
            report=report,
            state="value" if command.values else "no-value",
        )
    ]


def measure_named(action: PlanAction, measure: str, named: str) -> str:
    """The measure of the action with this id, or else with these words.

    Raises:
        Refused: there is none.
    """
    if measure in action.measures:
        return measure
    for other in action.measures.values():
        if other.text == named:
            return other.measure
    raise Refused(
        f"The action has no success measure “{named}”.", field="measure", code="measure-unknown"
    )
