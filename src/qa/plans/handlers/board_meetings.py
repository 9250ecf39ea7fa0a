"""Carries out the commands on the meetings of the board that a plan answers to."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.plans import board_meetings
from qa.plans.commands import (
    BoardMeetingMade,
    CallBoardMeeting,
    CancelBoardMeeting,
    HoldBoardMeeting,
)
from qa.plans.events import plan_stream
from qa.plans.handlers.plans import load_plan


@handles(CallBoardMeeting)
def call(command: CallBoardMeeting, work: Work) -> BoardMeetingMade:
    state, meeting = load_plan(work, command.plan), work.new_id()
    decided = board_meetings.call(state, command, meeting=meeting)
    work.append(plan_stream(state.id), *decided, effective_on=min(command.on, work.today))
    return BoardMeetingMade(meeting=meeting)


@handles(CancelBoardMeeting)
def cancel(command: CancelBoardMeeting, work: Work) -> None:
    state = load_plan(work, command.plan)
    decided = board_meetings.cancel(state, command)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@handles(HoldBoardMeeting)
def hold(command: HoldBoardMeeting, work: Work) -> None:
    state = load_plan(work, command.plan)
    head = work.desk.store.head(work.unit.connection)
    decided = board_meetings.hold(state, command, head=head, today=work.today)
    day = state.meetings[command.meeting].on
    work.append(plan_stream(state.id), *decided, effective_on=day)
