"""A plan as a meeting of its board saw it, and the meeting before beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from projections.plans.counting import PlanStanding, on_the_board
from projections.plans.queries import read
from projections.plans.ratings import Direction, Rating, direction, met, rating
from projections.plans.record import ActionRecord, MeetingRecord, PlanRecord


def at_meeting(
    connection: Connection, known: PlanRecord | None, meeting: str, *, position: int | None = None
) -> PlanRecord | None:
    """The plan, `known` as of `position`, as it was known at a meeting: up to the position that the
    meeting saw, once it was held.

    What was learnt after `position` stays out all the same. None for an unknown plan or meeting.
    """
    record = None if known is None else known.meeting(meeting)
    if known is None or record is None:
        return None
    if record.position is None or (position is not None and position <= record.position):
        return known
    return read(connection, known.plan.id, position=record.position)


def before(record: PlanRecord, day: date) -> MeetingRecord | None:
    """The last meeting before `day` that was not cancelled."""
    earlier = [one for one in met(record, day) if one.on < day]
    return earlier[-1] if earlier else None


@dataclass(frozen=True, slots=True)
class ActionMove:
    """One action from the earlier day to the later one."""

    action: ActionRecord
    before: Rating | None
    now: Rating | None
    direction: Direction


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """A plan on a day beside an earlier day: the standings, and every action with its direction.

    `since` is None where there was no earlier day to compare with.
    """

    since: date | None
    before: PlanStanding | None
    now: PlanStanding
    actions: tuple[ActionMove, ...]


def compared(
    record: PlanRecord, day: date, since: date | None, earlier: PlanRecord | None = None
) -> PlanComparison:
    """The plan on `day` beside how it stood on `since`.

    `earlier` is the record as known then; without it, both days are told as known now.
    """
    then = earlier or record
    rows = []
    for action in record.actions_on(day):
        was = None if since is None or action.since > since else rating(then, action.id, since)
        now = rating(record, action.id, day)
        rows.append(ActionMove(action, was, now, direction(record, was, now, day)))
    return PlanComparison(
        since=since,
        before=None if since is None else on_the_board(then, since),
        now=on_the_board(record, day),
        actions=tuple(rows),
    )
