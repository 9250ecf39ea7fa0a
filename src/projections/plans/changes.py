"""What changed in a plan between two meetings: what a board asks first, from one record or two.

Given the plan as it was known at the earlier meeting, everything new in it counts as changed, also
what was so before and was told later. Without it, changes are found by the days they are of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from projections.plans.meetings import ActionMove, PlanComparison, compared
from projections.plans.ratings import Rating, met, rating
from projections.plans.record import (
    ActionRecord,
    EvidenceRecord,
    PartRecord,
    PlanRecord,
    Rescheduling,
    Rewording,
)

STUCK_AFTER = 3
"""Meetings in a row at one level, short of met, from which an action is called stuck."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stuck:
    """An action at one level, short of met, at this many meetings in a row; since `first`."""

    action: ActionRecord
    rating: Rating
    meetings: int
    first: date


@dataclass(frozen=True, slots=True)
class Redated:
    """An approved rescheduling, with the days its final date moved (None: not to be told)."""

    action: ActionRecord
    rescheduling: Rescheduling
    days: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Everything that changed. `ended` are actions that were split, merged, routed or removed."""

    compared: PlanComparison
    moved: tuple[ActionMove, ...]
    stuck: tuple[Stuck, ...]
    newly_worst: tuple[ActionMove, ...]
    redated: tuple[Redated, ...]
    pending: tuple[tuple[ActionRecord, Rescheduling], ...]
    evidence: tuple[tuple[ActionRecord, EvidenceRecord], ...]
    reworded: tuple[tuple[ActionRecord, Rewording], ...]
    added: tuple[ActionRecord, ...]
    ended: tuple[ActionRecord, ...]
    parts_ended: tuple[PartRecord, ...]


def changed(
    record: PlanRecord,
    day: date,
    since: date,
    earlier: PlanRecord | None = None,
    *,
    stuck_after: int = STUCK_AFTER,
) -> Changed:
    """What changed in the plan from the end of `since` to the end of `day`.

    `earlier` is the record as known at the earlier meeting (`at_meeting`).
    """
    before = earlier or record
    beside = compared(record, day, since, earlier)
    fresh = _Fresh(record, before, day, since)
    moved = tuple(one for one in beside.actions if one.direction in ("better", "worse"))
    approved = fresh.under(
        lambda known, end: _under(
            known.reschedulings,
            lambda one: one.state == "approved" and _by(one.decided_on, end),
        )
    )
    pending = [
        (record.actions[key], one)
        for key, requests in record.reschedulings.items()
        for one in requests
        if one.asked_on <= day and (one.state == "asked" or not _by(one.decided_on, day))
    ]
    return Changed(
        compared=beside,
        moved=moved,
        stuck=tuple(_stuck(record, day, stuck_after)),
        newly_worst=tuple(one for one in beside.actions if _newly_worst(one)),
        redated=tuple(_redated(action, one) for action, one in approved),
        pending=tuple(pending),
        evidence=fresh.under(lambda known, end: _under(known.evidence, lambda one: one.on <= end)),
        reworded=fresh.under(
            lambda known, end: _under(known.rewordings, lambda one: one.on <= end)
        ),
        added=tuple(
            action
            for action in record.actions.values()
            if action.since <= day and (action.id not in before.actions or action.since > since)
        ),
        ended=tuple(
            action
            for action in record.actions.values()
            if _by(action.ended_on, day) and not _ended_then(before, action.id, since)
        ),
        parts_ended=tuple(
            part
            for part in record.parts.values()
            if _by(part.ended_on, day)
            and not (part.id in before.parts and _by(before.parts[part.id].ended_on, since))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Finds what the later record holds by its day and the earlier one did not by its own."""

    record: PlanRecord
    before: PlanRecord
    day: date
    since: date

    def under(
        self, entries: Callable[[PlanRecord, date], Sequence[tuple[str, T]]]
    ) -> tuple[tuple[ActionRecord, T], ...]:
        known = {_name(one) for _, one in entries(self.before, self.since)}
        return tuple(
            (self.record.actions[action], one)
            for action, one in entries(self.record, self.day)
            if _name(one) not in known
        )


def _name(one: Any) -> Any:
    return getattr(one, "id", one)


def _under(by_action: Mapping[str, tuple[T, ...]], so: Callable[[T], bool]) -> list[tuple[str, T]]:
    return [(action, one) for action, each in by_action.items() for one in each if so(one)]


def _by(day: date | None, end: date) -> bool:
    return day is not None and day <= end


def _ended_then(before: PlanRecord, action: str, since: date) -> bool:
    record = before.actions.get(action)
    return record is not None and _by(record.ended_on, since)


def _newly_worst(one: ActionMove) -> bool:
    if one.now is None or one.now.level.code != one.now.scale.from_worst()[0].code:
        return False
    return one.before is None or one.direction == "worse"


def _redated(action: ActionRecord, one: Rescheduling) -> Redated:
    before, after = one.ends
    days = None if before is None or after is None else (after - before).days
    return Redated(action, one, days)


def _stuck(record: PlanRecord, day: date, after: int) -> list[Stuck]:
    meetings = met(record, day)
    found = []
    for action in record.actions_on(day):
        now = rating(record, action.id, day)
        if now is None or now.level.met:
            continue
        run = []
        for meeting in reversed(meetings):
            then = rating(record, action.id, meeting.on) if action.in_plan_on(meeting.on) else None
            if then is None or (then.scale.key, then.level) != (now.scale.key, now.level):
                break
            run.append(meeting.on)
        if len(run) >= after:
            found.append(Stuck(action, now, len(run), run[-1]))
    return found
