"""Decisions on the meetings of the board that an improvement plan answers to."""

from __future__ import annotations

from datetime import date

from qa.core.errors import Fault, NotFound, NotNow, Refused
from qa.core.event import Event
from qa.core.reasons import owe_reason
from qa.plans import events
from qa.plans.decisions import LONGEST, LONGEST_NAME, open_still, text_faults
from qa.plans.state import ImprovementPlan, MeetingState


def call(plan: ImprovementPlan, *, meeting: str, on: date, title: str) -> list[Event]:
    """Call a meeting for a day.

    Raises:
        Refused: no title, a day before the plan began, or a day that has its meeting.
    """
    open_still(plan)
    faults = text_faults(title, "title", "Say what the meeting is called.", LONGEST_NAME)
    if on < plan.since:
        faults.append(Fault("on", "date-before-plan", "The plan began after that day."))
    if any(held.on == on and held.state != "cancelled" for held in plan.meetings.values()):
        faults.append(Fault("on", "meeting-same-day", "There is a meeting on that day already."))
    if faults:
        raise Refused(faults)
    return [events.BoardMeetingCalled(meeting=meeting, on=on, title=title.strip())]


def meeting_of(plan: ImprovementPlan, meeting: str) -> MeetingState:
    """A meeting of the plan. Raises `NotFound` where there is none."""
    held = plan.meetings.get(meeting)
    if held is None:
        raise NotFound("There is no such meeting of this plan.")
    return held


def cancel(plan: ImprovementPlan, *, meeting: str, reason: str) -> list[Event]:
    """Cancel a meeting that was called.

    Raises:
        NotNow: it was held or cancelled.   Refused: no reason.
    """
    if meeting_of(plan, meeting).state != "called":
        raise NotNow("Only a meeting yet to be held can be cancelled.", code="meeting-ended")
    owe_reason(reason, "Say why the meeting is cancelled.")
    return [events.BoardMeetingCancelled(meeting=meeting)]


def hold(
    plan: ImprovementPlan, *, meeting: str, position: int, decisions: str, head: int, today: date
) -> list[Event]:
    """Record that a meeting took place, which saw the log up to `position`.

    Raises:
        NotNow: it is not yet its day, or it was held or cancelled already.
        Refused: a position that the log has not reached, or decisions that are too long.
    """
    held = meeting_of(plan, meeting)
    if held.state != "called":
        raise NotNow("This meeting was held or cancelled already.", code="meeting-ended")
    if held.on > today:
        raise NotNow("This meeting is still to come.", code="meeting-to-come")
    faults: list[Fault] = []
    if not 0 < position <= head:
        sentence = f"The log ends at position {head}."
        faults.append(Fault("position", "position-beyond-head", sentence))
    if len(decisions) > 4 * LONGEST:
        sentence = f"It must be {4 * LONGEST:,} characters or fewer."
        faults.append(Fault("decisions", "decisions-long", sentence))
    if faults:
        raise Refused(faults)
    return [
        events.BoardMeetingHeld(meeting=meeting, position=position, decisions=decisions.strip())
    ]
