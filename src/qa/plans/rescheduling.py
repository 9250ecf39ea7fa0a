"""Decisions on the dates of an action: asked for with a reason, granted or refused by another.

The first agreed dates are never touched. An earlier date is refused rather than guessed to need no
approval: what was agreed then changes for whoever relies on it.
"""

from __future__ import annotations

from qa.core.due_dates import Stage, last_due
from qa.core.errors import Fault, Forbidden, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.plans import action_events
from qa.plans.action_commands import ApprovePlanDates, AskPlanDates, RefusePlanDates
from qa.plans.action_state import PlanAction, Request, goes_on


def ask(action: PlanAction, command: AskPlanDates, *, request: str) -> list[Event]:
    """Ask for other dates.

    Raises:
        NotNow: the action has ended, or a request waits for its answer.
        Refused: every fault, by field.
    """
    goes_on(action)
    if any(other.open for other in action.requests.values()):
        raise NotNow(
            "An earlier request for other dates has no answer yet.", code="reschedule-pending"
        )
    faults, stages = command.faults(), command.new
    owed = last_due(stages)
    if owed is None or any(stage.due.kind == "unknown" for stage in stages):
        sentence = "Give the new date on which it is due."
        faults.append(Fault("new", "reschedule-no-date", sentence))
    elif stages == action.stages:
        faults.append(Fault("new", "reschedule-same", "These are the dates in force."))
    else:
        faults += _earlier(action.stages, stages)
    refuse_any(faults)
    return [action_events.PlanActionRescheduleAsked(request=request, old=action.stages, new=stages)]


def _earlier(old: tuple[Stage, ...], new: tuple[Stage, ...]) -> list[Fault]:
    """A fault for each date that would come before the one in force: the last, and each stage
    that keeps its name."""
    pairs = [(last_due(old), last_due(new))]
    pairs += [
        (before.due, after.due)
        for before in old
        for after in new
        if before.role == after.role == "due" and before.label and before.label == after.label
    ]
    for before, after in pairs:
        if before is None or after is None:
            continue
        ends = before.last_day, after.last_day
        if ends[0] is not None and ends[1] is not None and ends[1] < ends[0]:
            sentence = (
                f"{after.label} is earlier than {before.label}, the date in force. "
                "An earlier date cannot be agreed by rescheduling."
            )
            return [Fault("new", "reschedule-earlier", sentence)]
    return []


def approve(action: PlanAction, command: ApprovePlanDates, *, by: str) -> list[Event]:
    """Grant the dates that somebody else asked for: they hold from now on."""
    request = _waiting(action, command, by)
    return [
        action_events.PlanActionRescheduled(
            request=command.asked, old=action.stages, new=request.new
        )
    ]


def refuse(action: PlanAction, command: RefusePlanDates, *, by: str) -> list[Event]:
    """Refuse the dates that somebody else asked for; those in force stay."""
    _waiting(action, command, by)
    command.refuse_faults()
    return [action_events.PlanActionRescheduleRefused(request=command.asked)]


def _waiting(action: PlanAction, command: ApprovePlanDates, by: str) -> Request:
    """
    Raises:
        NotFound: no such request.   NotNow: it was answered, or the action has ended.
        Forbidden: nobody answers their own request.
    """
    goes_on(action)
    request = action.requests.get(command.asked)
    if request is None:
        raise NotFound("There is no such request.")
    if not request.open:
        raise NotNow("This request was answered already.", code="reschedule-answered")
    if request.by == by:
        raise Forbidden("Nobody approves the dates they requested.", rule="approve-by-another")
    return request
