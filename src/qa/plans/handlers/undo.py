"""Undoing an import of a plan by later events: what it brought leaves, and stays readable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from qa.authorisation.context import Work
from qa.core.event import Event
from qa.imports.commands.batches import is_undone
from qa.plans import action_events, decisions, rag_scale_decisions
from qa.plans.action_state import PlanAction
from qa.plans.action_state import evolve as evolve_action
from qa.plans.events import (
    ImprovementPlanClosed,
    PlanClaimWithdrawn,
    PlanPartRemoved,
    PlanPartReworded,
    scale_stream,
)
from qa.plans.handlers.on_record import BatchBefore, action_on_record, evolve_before, plan_on_record
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import load_scales

_ACTION, _PLAN, _SCALE = action_events.plan_action_stream(""), "plan:", scale_stream("")


def undo_plan_batch(work: Work, batch: str, streams: Sequence[str]) -> int:
    """Take out what a batch brought to plans; how many records.

    Its actions leave the plan, its reviews and measures are withdrawn, its parts go where nothing
    else stands under them, and a plan that it opened is closed where nothing is left in it.

    Raises:
        NotNow: nothing of the batch is left, or a plan is rated on the scale that it brought.
    """
    records = sum(
        _undo_scale(work, batch, stream.removeprefix(_SCALE))
        for stream in dict.fromkeys(streams)
        if stream.startswith(_SCALE)
    )
    gone: Counter[str] = Counter()
    once = list(dict.fromkeys(streams))
    for stream in once:
        if stream.startswith(_ACTION):
            records += _undo_action(work, batch, stream.removeprefix(_ACTION), gone)
    for stream in once:
        if stream.startswith(_PLAN):
            records += _undo_plan(work, batch, stream.removeprefix(_PLAN), gone)
    decisions.something_undone(records)
    return records


def _undo_scale(work: Work, batch: str, scale: str) -> int:
    connection, lookups = work.unit.connection, work.desk.lookups
    decided = rag_scale_decisions.take_back(
        load_scales(work, scale),
        batch,
        in_use=lambda key: lookups.rag_scale_in_use(connection, key),
    )
    work.append(scale_stream(scale), *decided)
    return len(decided)


def _undo_action(work: Work, batch: str, action: str, gone: Counter[str]) -> int:
    on_record = action_on_record(work, action)
    state = work.unit.load(action_events.plan_action_stream(action), evolve_action, PlanAction())
    undone: list[Event] = []
    if on_record.brought.get(action) == batch:
        if not state.ended:
            undone.append(action_events.PlanActionRemoved())
            gone[state.part] += 1
    else:
        undone += [
            action_events.PlanActionAssessmentWithdrawn(assessment=one)
            for one in on_record.assessments
            if on_record.brought.get(one) == batch
        ]
        undone += [
            action_events.SuccessMeasureWithdrawn(measure=one)
            for one in on_record.measures
            if on_record.brought.get(one) == batch
        ]
        undone += [
            action_events.SuccessMeasureReportWithdrawn(report=one.report)
            for one in on_record.reports
            if on_record.brought.get(one.report) == batch
        ]
        records = len(undone)
        before = work.unit.load(
            action_events.plan_action_stream(action), evolve_before, BatchBefore(batch)
        )
        put_back = _put_back(before.changed, state)
        work.append(action_events.plan_action_stream(action), *undone)
        for again in before.taken_up_again(undone, partial(is_undone, work)):
            day = again.event.as_at if hasattr(again.event, "as_at") else None
            work.append(
                action_events.plan_action_stream(action),
                again.event,
                effective_on=day,
                source=again.meta.source,
            )
        work.append(action_events.plan_action_stream(action), *put_back)
        return records + bool(put_back)
    work.append(action_events.plan_action_stream(action), *undone)
    return len(undone)


def _put_back(changed: Sequence[Event], state: PlanAction) -> list[Event]:
    """What puts words and people back as they were, where nobody changed them since. Dates that
    were asked for and wait are refused; those that somebody granted stay."""
    found: list[Event] = []
    for event in changed:
        if isinstance(event, action_events.PlanActionReworded) and state.title == event.new:
            found.append(action_events.PlanActionReworded(old=event.new, new=event.old))
        elif isinstance(event, action_events.PlanActionLedBy) and (
            state.leads,
            state.responsible,
        ) == (
            event.new_leads,
            event.new_responsible,
        ):
            found.append(
                action_events.PlanActionLedBy(
                    old_leads=event.new_leads,
                    new_leads=event.old_leads,
                    old_responsible=event.new_responsible,
                    new_responsible=event.old_responsible,
                )
            )
        elif (
            isinstance(event, action_events.PlanActionRescheduleAsked)
            and state.requests[event.request].open
        ):
            found.append(action_events.PlanActionRescheduleRefused(request=event.request))
    return found


def _undo_plan(work: Work, batch: str, plan: str, gone: Counter[str]) -> int:
    state, on_record = plan_beside(work, plan), plan_on_record(work, plan)
    if state.closed:
        return 0
    before = work.unit.load(f"{_PLAN}{plan}", evolve_before, BatchBefore(batch))
    left = {key for key, part in state.parts.items() if part.open}
    undone: list[Event] = []
    ours = [
        part for part, brought in on_record.brought.items() if brought == batch and part in left
    ]
    for part in reversed(ours):  # what stands under a part was added after it
        actions = work.desk.lookups.plan_actions_open(work.unit.connection, plan, part)
        below = any(state.parts[other].under == part for other in left)
        if actions <= gone[part] and not below:
            undone.append(PlanPartRemoved(part=part))
            left.discard(part)
    undone += [
        PlanPartReworded(part=event.part, old=event.new, new=event.old)
        for event in before.changed
        if isinstance(event, PlanPartReworded) and state.parts[event.part].title == event.new
    ]
    undone += [
        PlanClaimWithdrawn(claim=one) for one in state.claims if on_record.brought.get(one) == batch
    ]
    if on_record.brought.get("") == batch and not left:
        undone.append(ImprovementPlanClosed())
    work.append(f"{_PLAN}{plan}", *undone)
    for again in before.taken_up_again(undone, partial(is_undone, work)):
        event, source = again.event, again.meta.source
        work.append(f"{_PLAN}{plan}", event, effective_on=event.as_at, source=source)
    return len(undone)
