"""Decisions on indicators: what one is, what it should reach, and the values it takes.

A value is never overwritten: another value for the same period and source is a restatement, with
its reason. What Caseloop counts itself cannot be entered.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from qa.core.carry import carry
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Conflict, Fault, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.fields import WHY
from qa.core.periods import Period, parse_period
from qa.core.reasons import reason_faults
from qa.indicators import checks, events, values
from qa.indicators.commands import (
    DecideIndicatorPolarity,
    MarkIndicator,
    ObserveIndicatorComparator,
    RecordIndicatorClaim,
    RestateIndicator,
    RetireIndicator,
)
from qa.indicators.definition import LONGEST, DefinitionDraft, TargetDraft
from qa.indicators.state import Indicator, known
from qa.indicators.values import CheckedValue, ValueDraft


def define(state: Indicator, draft: DefinitionDraft, *, id: str) -> list[Event]:
    """Define an indicator under an id of its own.

    Raises:
        Refused: every fault, by field.   Conflict: the id is taken.
    """
    defined = checks.definition(draft, id=id, version=1)
    if state.exists:
        sentence = f"There is an indicator {id} already: {state.latest.name}."
        raise Conflict(sentence, field="id", code="indicator-exists")
    return [events.IndicatorDefined(definition=defined)]


def redefine(state: Indicator, draft: DefinitionDraft, *, breaks: bool) -> list[Event]:
    """Change what the indicator is from `since` on, the first day of a period.

    Raises:
        Refused: faults by field; nothing changed; or what cannot be compared is not called a break.
    """
    _in_use(state)
    old = state.latest
    new = checks.definition(draft, id=old.id, version=old.version + 1, after=old)
    same = {"version", "since"}
    if new.model_dump(exclude=same) == old.model_dump(exclude=same):
        raise Refused("Nothing was changed.", field="name", code="nothing-changed")
    if not breaks and (new.unit, new.period, new.measure) != (old.unit, old.period, old.measure):
        raise Refused(
            "Values in another unit, by another period or from another source of counting cannot "
            "be compared with those before. Say that the series breaks here.",
            field="breaks",
            code="break-needed",
        )
    return [events.IndicatorRedefined(old=old, new=new, breaks=breaks)]


def set_target(state: Indicator, draft: TargetDraft) -> list[Event]:
    """Set the target that holds from a day on, in place of the one before it.

    Raises:
        Refused: faults by field; a target holds from that very day already; or nothing changed.
    """
    _in_use(state)
    new = checks.target(draft, state.latest.unit)
    if any(new.since == each.since for each in state.targets):
        raise Refused(
            f"A target is set from {in_words(new.since)} already. An indicator has one target at a "
            "time: choose another day.",
            field="since",
            code="two-targets",
        )
    old = state.target_on(new.since)
    if old is not None and old.model_copy(update={"since": new.since}) == new:
        raise Refused("This target holds already.", field="comparator", code="nothing-changed")
    return [events.IndicatorTargetSet(old=old, new=new)]


def decide_polarity(state: Indicator, command: DecideIndicatorPolarity) -> list[Event]:
    """Decide which way is better from a day on."""
    _in_use(state)
    faults = command.faults()
    values.plausible(command.since, "since", faults)
    refuse_any(faults)
    old = state.polarity_on(command.since)
    if old == command.polarity:
        raise Refused("This holds already.", field="polarity", code="nothing-changed")
    return [events.IndicatorPolarityDecided(old=old, new=command.polarity, since=command.since)]


def observe(state: Indicator, draft: ValueDraft, *, today: date) -> list[Event]:
    """Record the value of a period.

    Raises:
        Refused: every fault, by field; among them a period that has a value of this source.
    """
    known(state)
    faults: list[Fault] = []
    period, checked, version = _checked(state, draft, today, faults)
    if period is not None and (period.label, draft.source.strip()) in state.values:
        sentence = f"{period.label} has a value already. To change it, restate it with a reason."
        faults.append(Fault("period", "already-observed", sentence, value=draft.period))
    if faults or period is None or checked is None:
        raise Refused(faults)
    return [
        events.IndicatorObserved(
            period=period.label,
            source=draft.source.strip(),
            definition_version=version,
            **_content(draft, checked),
        )
    ]


def restate(state: Indicator, command: RestateIndicator, *, today: date) -> list[Event]:
    """Replace the value of a period and source; the first stays on record.

    Raises:
        Refused: faults by field; there is no value yet; nothing changed; or no reason.
    """
    known(state)
    faults: list[Fault] = []
    period, checked, version = _checked(state, command, today, faults)
    slot = ("" if period is None else period.label, command.source.strip())
    old = state.values.get(slot)
    if period is not None and old is None:
        sentence = f"{period.label} has no value of this source yet."
        faults.append(Fault("period", "never-observed", sentence, value=command.period))
    elif checked is not None and checked == old and str(checked.value) == str(old.value):
        faults.append(Fault("value", "nothing-changed", "This is the value it has already."))
    if faults or period is None or checked is None or old is None:
        raise Refused(faults)
    return [
        events.IndicatorRestated(
            period=period.label,
            source=command.source.strip(),
            old_value=old.value,
            old_numerator=old.numerator,
            old_denominator=old.denominator,
            definition_version=version,
            **_content(command, checked),
        )
    ]


def withdraw_value(state: Indicator, *, period: str, source: str) -> list[Event]:
    """Take a value back as never given, where it still stands."""
    old = state.values.get((period, source))
    if old is None:
        return []
    return [
        events.IndicatorValueWithdrawn(
            period=period,
            source=source,
            old_value=old.value,
            old_numerator=old.numerator,
            old_denominator=old.denominator,
        )
    ]


def withdraw(state: Indicator) -> list[Event]:
    """Take an indicator back as never defined.

    Raises:
        NotNow: it holds values, which would be left without a meaning.
    """
    if not state.exists:
        return []
    if state.values:
        raise NotNow(
            f"The indicator {state.latest.id} has values. Undo what brought them in first.",
            code="indicator-has-values",
        )
    return [events.IndicatorWithdrawn()]


def observe_comparator(
    state: Indicator, command: ObserveIndicatorComparator, *, today: date
) -> list[Event]:
    """Record a value of others to set beside; a second one for a period owes its reason."""
    _in_use(state)
    faults, name = command.faults(), command.comparator.strip()
    found = values.any_period(command.period, today, faults)
    if found is not None and found.kind.months < state.latest.period_kind.months:
        sentence = f"{found.label} is shorter than a {state.latest.period}."
        faults.append(Fault("period", "period-of-the-wrong-kind", sentence, value=command.period))
    draft = ValueDraft(period=command.period, value=command.value)
    checked = values.value(draft, state.latest.unit, faults)
    old = None if found is None else state.comparators.get((name, found.label))
    replaces = old is not None and checked is not None
    if checked is not None and old is not None and str(old) == str(checked.value):
        faults.append(Fault("value", "nothing-changed", "This is the value it has already."))
    elif replaces or command.reason.strip():
        why = "It has another value already. Say why this one replaces it." if replaces else WHY
        faults += reason_faults(command.reason, why, longest=LONGEST)
    if faults or found is None or checked is None or checked.value is None:
        raise Refused(faults)
    return [
        events.IndicatorComparatorObserved(
            comparator=name,
            period=found.label,
            value=checked.value,
            old=old,
            note=command.note.strip(),
        )
    ]


def record_claim(
    state: Indicator, command: RecordIndicatorClaim, *, claim: str, today: date
) -> list[Event]:
    """Keep what a document says of the indicator, beside what the values say."""
    known(state)
    faults = command.faults()
    found = values.any_period(command.period, today, faults)
    sign = values.sign_of(state.latest.unit)
    number = values.number(command.claimed, "claimed", faults, sign=sign)
    if faults or found is None:
        raise Refused(faults)
    of = {"claim": claim, "period": found.label, "claimed": number}
    return [carry(events.IndicatorClaimRecorded, command, **of)]


def break_series(state: Indicator, command: MarkIndicator, *, today: date) -> list[Event]:
    """Say that values from this period on are not comparable with those before."""
    return [events.IndicatorSeriesBroken(period=_marked(state, command, today, state.breaks))]


def rebase(state: Indicator, command: MarkIndicator, *, today: date) -> list[Event]:
    """Decide that the limits of the control chart are calculated anew from this period on."""
    return [events.IndicatorRebased(period=_marked(state, command, today, state.rebases))]


def retire(state: Indicator, command: RetireIndicator) -> list[Event]:
    """Ask for no new values after a day."""
    _in_use(state)
    faults = command.faults()
    values.plausible(command.after, "after", faults)
    refuse_any(faults)
    return [events.IndicatorRetired(after=command.after)]


def _checked(
    state: Indicator, draft: ValueDraft, today: date, faults: list[Fault]
) -> tuple[Period | None, CheckedValue | None, int]:
    """The period and the value that were entered, and the version of the definition they fall
    under."""
    kind = _kind_for(state, draft.period)
    period = values.period(draft.period, kind, today, faults)
    definition = state.latest if period is None else state.definition_on(period.start)
    if definition is None:
        first = state.definitions[0].since
        sentence = f"The indicator is defined from {in_words(first)} on."
        faults.append(Fault("period", "period-before-definition", sentence, value=draft.period))
        definition = state.definitions[0]
    if definition.derived:
        sentence = "Caseloop counts this indicator itself; a value cannot be entered."
        faults.append(Fault("value", "derived-indicator", sentence))
    after = state.retired_after
    if period is not None and after is not None and period.start > after:
        sentence = f"The indicator was retired after {in_words(after)}."
        faults.append(Fault("period", "indicator-retired", sentence, value=draft.period))
    return period, values.value(draft, definition.unit, faults), definition.version


def _kind_for(state: Indicator, label: str) -> str:
    """The kind of period that the definition in force asks for."""
    try:
        begins = parse_period(label).start
    except (Refused, ValueError):
        return state.latest.period
    return (state.definition_on(begins) or state.definitions[0]).period


def _content(draft: ValueDraft, checked: CheckedValue) -> dict[str, Any]:
    return {
        "state": checked.state,
        "value": checked.value,
        "numerator": checked.numerator,
        "denominator": checked.denominator,
        "said": draft.said.strip(),
        "note": draft.note.strip(),
        "excluded": draft.excluded.strip(),
    }


def _marked(state: Indicator, command: MarkIndicator, today: date, taken: frozenset[str]) -> str:
    """The label of the period to mark, with its reason given."""
    known(state)
    faults, period = command.faults(), command.period
    found = values.any_period(period, today, faults)
    if found is not None and found.kind != _kind_for(state, period):
        sentence = f"{found.label} is not a {_kind_for(state, period)}."
        faults.append(Fault("period", "period-of-the-wrong-kind", sentence, value=period))
    if found is not None and found.label in taken:
        sentence = f"This is recorded for {found.label} already."
        faults.append(Fault("period", "already-marked", sentence, value=period))
    if faults or found is None:
        raise Refused(faults)
    return found.label


def _in_use(state: Indicator) -> None:
    known(state)
    if state.retired_after is not None:
        raise NotNow("This indicator is retired.", code="indicator-retired")
