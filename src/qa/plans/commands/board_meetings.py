"""Commands on the meetings of the board that a plan answers to."""

from __future__ import annotations

from datetime import date

from qa.authorisation.context import Desk, Once, command
from qa.core.words import Actor
from qa.plans import board_meetings
from qa.plans.commands.plans import load_plan
from qa.plans.events import plan_stream
from qa.store.unit import Receipt


@command
def call(
    desk: Desk,
    *,
    plan: str,
    on: date,
    title: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Call a meeting for a day. The response holds ``meeting``."""
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        meeting = work.new_id()
        decided = board_meetings.call(state, meeting=meeting, on=on, title=title)
        work.append(plan_stream(plan), *decided, effective_on=min(on, work.today))
        work.unit.respond(meeting=meeting)
    return work.receipt


@command
def cancel(
    desk: Desk,
    *,
    plan: str,
    meeting: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Cancel a meeting that was called."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_plan(work, plan, seen)
        decided = board_meetings.cancel(state, meeting=meeting, reason=reason)
        work.append(plan_stream(plan), *decided)
    return work.receipt


@command
def hold(
    desk: Desk,
    *,
    plan: str,
    meeting: str,
    decisions: str = "",
    position: int | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that a meeting took place, and what it decided.

    It saw the log up to `position`; None is up to now.
    """
    with desk.work(by, once=once) as work:
        state = load_plan(work, plan, seen)
        head = desk.store.head(work.unit.connection)
        decided = board_meetings.hold(
            state,
            meeting=meeting,
            position=head if position is None else position,
            decisions=decisions,
            head=head,
            today=work.today,
        )
        work.append(plan_stream(plan), *decided, effective_on=state.meetings[meeting].on)
    return work.receipt
