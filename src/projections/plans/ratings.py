"""What an action was rated on a day, and the whole strip of its reviews.

A rating holds from the day it is as at until the next one. A review without a level leaves the
rating as it was; a level without a rank ("not yet rated") takes it away. Nothing is ever compared
by colour, and levels of two versions of a scale only by a mapping that is in force.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Literal

from projections.plans.record import ActionRecord, MeetingRecord, PlanRecord, Review
from qa.plans.rag_scale import RagLevel, RagScale

Direction = Literal["better", "worse", "level", "first", "unrated", "scales-differ"]
DIRECTIONS: dict[Direction, str] = {
    "better": "Better",
    "worse": "Worse",
    "level": "The same",
    "first": "Rated for the first time",
    "unrated": "Not rated",
    "scales-differ": "Cannot be compared: rated on another scale",
}


_as_at = attrgetter("as_at")


@dataclass(frozen=True, slots=True)
class Rating:
    """A level that holds, with the review that gave it and the scale it was given under."""

    review: Review
    scale: RagScale
    level: RagLevel

    @property
    def rank(self) -> int:
        assert self.level.rank is not None
        return self.level.rank


def strip(record: PlanRecord, action: str) -> tuple[Review, ...]:
    """Every review of an action in the order of their days, those withdrawn among them."""
    return record.reviews.get(action, ())


def standing(record: PlanRecord, action: str, day: date) -> list[Review]:
    """The reviews as at `day` or before that stand, in the order of their days."""
    return [one for one in _upto(record, action, day) if one.stands]


def _upto(record: PlanRecord, action: str, day: date) -> tuple[Review, ...]:
    reviews = strip(record, action)
    return reviews[: bisect_right(reviews, day, key=_as_at)]


def level_of(record: PlanRecord, review: Review) -> RagLevel | None:
    """The level that a review gave, on the version of the scale it was given under."""
    scale = record.scales.get(review.scale)
    return None if scale is None or review.level is None else scale.level(review.level)


def rating(record: PlanRecord, action: str, day: date) -> Rating | None:
    """The rating that holds at the end of `day`; None where the action is not rated."""
    for one in reversed(_upto(record, action, day)):
        if one.level is not None and one.stands:
            level = level_of(record, one)
            if level is None or level.rank is None:
                return None
            return Rating(one, record.scales[one.scale], level)
    return None


@dataclass(frozen=True, slots=True)
class RatingRemarks:
    """What is said of an action on a day beside its rating, each from the latest review that
    speaks of it."""

    percent_complete: int | None
    difference: str | None
    commentary: str
    reviewed_on: date | None


def remarks(record: PlanRecord, action: str, day: date) -> RatingRemarks:
    reviews = standing(record, action, day)
    latest = list(reversed(reviews))
    percents = (one.percent_complete for one in latest if one.percent_complete is not None)
    return RatingRemarks(
        percent_complete=next(percents, None),
        difference=next((one.difference for one in latest if one.difference), None),
        commentary=next((one.commentary for one in latest if one.commentary), ""),
        reviewed_on=latest[0].as_at if latest else None,
    )


def on_scale(record: PlanRecord, given: Rating, key: str, day: date) -> RagLevel | None:
    """The level that `given` is, or is taken for by a mapping in force on `day`, on scale `key`.

    None where no such mapping covers it.
    """
    if given.scale.key == key:
        return given.level
    found = None
    for mapping in record.mappings:
        if (mapping.old, mapping.new) == (given.scale.key, key) and mapping.since <= day:
            found = next((one.new for one in mapping.levels if one.old == given.level.code), None)
    scale = record.scales.get(key)
    return None if found is None or scale is None else scale.level(found)


def direction(
    record: PlanRecord, before: Rating | None, after: Rating | None, day: date
) -> Direction:
    """Which way a rating went, told on the later scale."""
    if after is None:
        return "unrated"
    if before is None:
        return "first"
    earlier = on_scale(record, before, after.scale.key, day)
    if earlier is None or earlier.rank is None:
        return "scales-differ"
    if earlier.rank == after.rank:
        return "level"
    rose = after.rank > earlier.rank
    return "better" if rose == (after.scale.best == "highest") else "worse"


@dataclass(frozen=True, slots=True)
class RatingCell:
    """One action at one meeting: its rating, and which way it went since the meeting before.

    `in_plan` is False where the action was not, or no longer, one of the plan's.
    """

    in_plan: bool
    rating: Rating | None
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One action with a cell for each meeting."""

    action: ActionRecord
    cells: tuple[RatingCell, ...]


def met(record: PlanRecord, upto: date) -> tuple[MeetingRecord, ...]:
    """The meetings up to a day that were not cancelled, the earliest first."""
    return tuple(one for one in record.meetings if one.state != "cancelled" and one.on <= upto)


def table(record: PlanRecord, theme: str | None, days: Sequence[date]) -> list[RatingLine]:
    """The actions of a theme (of the plan, for None) by days, each with its rating then."""
    lines = []
    for action in record.actions.values():
        if theme is not None and record.theme_of(action) != theme:
            continue
        cells = tuple(_cells(record, action, days))
        if any(cell.in_plan for cell in cells):
            lines.append(RatingLine(action, cells))
    return lines


def _cells(record: PlanRecord, action: ActionRecord, days: Iterable[date]) -> Iterable[RatingCell]:
    before: Rating | None = None
    first = True
    for day in days:
        in_plan = action.in_plan_on(day)
        now = rating(record, action.id, day) if in_plan else None
        way = None if first or not in_plan else direction(record, before, now, day)
        yield RatingCell(in_plan, now, way)
        before, first = now, False


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days in one state. `level` is None while the action was not rated; a spell that
    goes on has no `end`, and `days` counts up to the day asked for."""

    level: RagLevel | None
    scale: str | None
    start: date
    end: date | None
    days: int


def spells(record: PlanRecord, action: ActionRecord, day: date) -> list[Spell]:
    """The action's time in each state up to the end of `day`, from the day it began."""
    if action.since > day:
        return []
    over = action.ended_on if action.ended_on is not None and action.ended_on <= day else None
    turns: list[tuple[date, str | None, RagLevel | None]] = [(action.since, None, None)]
    for one in standing(record, action.id, over or day):
        if one.level is None:
            continue
        level = level_of(record, one)
        state = (one.scale, level) if level is not None and level.rank is not None else (None, None)
        if state != turns[-1][1:]:
            turns.append((one.as_at, *state))
    found = []
    ends = [turn[0] for turn in turns[1:]]
    for (start, scale, level), end in zip(turns, [*ends, over], strict=True):
        length = ((end or day) - start).days
        if length or end is None:
            found.append(Spell(level, scale, start, end, length))
    return found


@dataclass(frozen=True, slots=True)
class TimeIn:
    """Days in one state over all spells of it: those that ended, and the one that goes on."""

    level: RagLevel | None
    scale: str | None
    closed_days: int
    open_days: int | None
    spells: int


def time_in_states(record: PlanRecord, action: ActionRecord, day: date) -> list[TimeIn]:
    """Days in each level of each version, in the order first reached; unrated time for itself."""
    found: dict[tuple[str | None, str | None], list[Spell]] = {}
    for spell in spells(record, action, day):
        code = None if spell.level is None else spell.level.code
        found.setdefault((spell.scale, code), []).append(spell)
    return [
        TimeIn(
            of_level[0].level,
            of_level[0].scale,
            sum(spell.days for spell in of_level if spell.end is not None),
            next((spell.days for spell in of_level if spell.end is None), None),
            len(of_level),
        )
        for of_level in found.values()
    ]
