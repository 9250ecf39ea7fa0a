"""Decisions on the meetings of the board that an improvement plan answers to."""

from __future__ import annotations

from datetime import date

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.plans import events
from qa.plans.commands import CallBoardMeeting, CancelBoardMeeting, HoldBoardMeeting
from qa.plans.decisions import open_still
from qa.plans.state import ImprovementPlan, MeetingState
from qa.publishing.reviews import beyond_head


def call(plan: ImprovementPlan, command: CallBoardMeeting, *, meeting: str) -> list[Event]:
    """Call a meeting for a day.

    Raises:
        Refused: no title, a day before the plan began, or a day that has its meeting.
    """
    open_still(plan)
    faults, on = command.faults(), command.on
    if on < plan.since:
        faults.append(Fault("on", "date-before-plan", "The plan began after that day."))
    if any(other.on == on and other.state != "cancelled" for other in plan.meetings.values()):
        faults.append(Fault("on", "meeting-same-day", "There is a meeting on that day already."))
    refuse_any(faults)
    return [events.BoardMeetingCalled(meeting=meeting, on=on, title=command.title.strip())]


def meeting_of(plan: ImprovementPlan, meeting: str) -> MeetingState:
    """A meeting of the plan. Raises `NotFound` where there is none."""
    found = plan.meetings.get(meeting)
    if found is None:
        raise NotFound("There is no such meeting of this plan.")
    return found


def cancel(plan: ImprovementPlan, command: CancelBoardMeeting) -> list[Event]:
    """Cancel a meeting that was called.

    Raises:
        NotNow: it was held or cancelled.   Refused: no reason.
    """
    if meeting_of(plan, command.meeting).state != "called":
        raise NotNow("Only a coming meeting can be cancelled.", code="meeting-ended")
    command.refuse_faults()
    return [events.BoardMeetingCancelled(meeting=command.meeting)]


def hold(
    plan: ImprovementPlan, command: HoldBoardMeeting, *, head: int, today: date
) -> list[Event]:
    """Record that a meeting took place, which saw the log up to a position, or up to its `head`.

    Raises:
        NotNow: it is not yet its day, or it was held or cancelled already.
        Refused: a position that the log has not reached, or decisions that are too long.
    """
    found = meeting_of(plan, command.meeting)
    if found.state != "called":
        raise NotNow("This meeting took place or was cancelled already.", code="meeting-ended")
    if found.on > today:
        raise NotNow("This meeting is still to come.", code="meeting-to-come")
    position = head if command.position is None else command.position
    refuse_any([*command.faults(), *beyond_head(position, head)])
    return [carry(events.BoardMeetingHeld, command, position=position)]
