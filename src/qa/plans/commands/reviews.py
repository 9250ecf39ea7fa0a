"""Commands on what is said of an action over time: its reviews, its dates, its success measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.authorisation.context import Desk, Once, command
from qa.core.due_dates import Stage
from qa.core.words import Actor
from qa.indicators.definition import Number, Unit
from qa.plans import assessments, decisions, rescheduling, success_measures
from qa.plans.action_events import Difference, MeasureComparator, Reading, plan_action_stream
from qa.plans.commands.actions import load_action
from qa.plans.commands.plans import plan_beside
from qa.plans.commands.rag_scales import scale_version
from qa.store.unit import Receipt


@command
def assess(
    desk: Desk,
    *,
    action: str,
    as_at: date | None = None,
    level: str | None = None,
    percent_complete: int | None = None,
    difference: Difference | None = None,
    commentary: str = "",
    evidence: Sequence[str] = (),
    assessed_by: str = "",
    replaces: str | None = None,
    reason: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Review an action as at a day (today), on the scale that its plan uses at that day.

    The response holds ``assessment``. With `replaces` (and a `reason`), the review of the same day
    that it names is withdrawn.

    Raises:
        NotNow: the action has ended.   Refused: every fault, by field.
    """
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        plan, day = plan_beside(work, state.plan), as_at or work.today
        key = decisions.scale_on(plan, day)
        assessment = work.new_id()
        decided = assessments.assess(
            state,
            assessment=assessment,
            as_at=day,
            today=work.today,
            scale=scale_version(work, key, field="scale"),
            level=level,
            percent_complete=percent_complete,
            difference=difference,
            commentary=commentary,
            evidence=evidence,
            assessed_by=assessed_by,
            replaces=replaces,
            reason=reason or "",
        )
        work.append(plan_action_stream(action), *decided, effective_on=day)
        work.unit.respond(assessment=assessment)
    return work.receipt


@command
def withdraw(
    desk: Desk,
    *,
    action: str,
    assessment: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Withdraw a review that was recorded by mistake."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        decided = assessments.withdraw(state, assessment=assessment, reason=reason)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def accept(
    desk: Desk,
    *,
    action: str,
    assessment: str,
    meeting: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that the board accepted a rating at a meeting."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        decided = assessments.accept(
            state,
            plan_beside(work, state.plan),
            assessment=assessment,
            meeting=meeting,
            by=by.person,
        )
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def challenge(
    desk: Desk,
    *,
    action: str,
    assessment: str,
    meeting: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that the board did not accept a rating at a meeting, and why."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        decided = assessments.challenge(
            state,
            plan_beside(work, state.plan),
            assessment=assessment,
            meeting=meeting,
            reason=reason,
            by=by.person,
        )
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def ask_for_dates(
    desk: Desk,
    *,
    action: str,
    new: Sequence[Stage],
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Ask for other dates. The response holds ``request``."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        request = work.new_id()
        decided = rescheduling.ask(state, request=request, new=new, reason=reason)
        work.append(plan_action_stream(action), *decided)
        work.unit.respond(request=request)
    return work.receipt


@command
def approve_dates(
    desk: Desk,
    *,
    action: str,
    request: str,
    reason: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Grant the dates that somebody else asked for."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen, "approve-reschedule")
        decided = rescheduling.approve(state, request=request, by=by.person)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def refuse_dates(
    desk: Desk,
    *,
    action: str,
    request: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Refuse the dates that somebody else asked for."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen, "approve-reschedule")
        decided = rescheduling.refuse(state, request=request, reason=reason, by=by.person)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def set_measure(
    desk: Desk,
    *,
    action: str,
    text: str,
    comparator: MeasureComparator | None = None,
    target: Number | None = None,
    unit: Unit | None = None,
    indicator: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set what would show that the action worked. The response holds ``measure``."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        measure = work.new_id()
        decided = success_measures.set_measure(
            state,
            measure=measure,
            text=text,
            comparator=comparator,
            target=target,
            unit=unit,
            indicator=indicator,
        )
        work.append(plan_action_stream(action), *decided)
        work.unit.respond(measure=measure)
    return work.receipt


@command
def withdraw_measure(
    desk: Desk,
    *,
    action: str,
    measure: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take a measure away; what was said of it stays readable."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action, seen)
        decided = success_measures.withdraw_measure(state, measure=measure, reason=reason)
        work.append(plan_action_stream(action), *decided)
    return work.receipt


@command
def report_measure(
    desk: Desk,
    *,
    action: str,
    measure: str | None = None,
    said: str,
    period: str = "",
    values: Sequence[Number] = (),
    unit: Unit | None = None,
    numerator: int | None = None,
    denominator: int | None = None,
    note: str = "",
    reading: Reading = "each",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record what is said of a measure as at a period. The response holds ``report``."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action, seen)
        report = work.new_id()
        decided = success_measures.report(
            state,
            report=report,
            measure=measure,
            said=said,
            period=period,
            values=values,
            unit=unit,
            numerator=numerator,
            denominator=denominator,
            note=note,
            reading=reading,
        )
        work.append(plan_action_stream(action), *decided)
        work.unit.respond(report=report)
    return work.receipt
