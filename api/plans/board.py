"""The board view of an improvement plan: what a board has to know at a meeting, and since the last.

It is put together from what the plan, the indicators and the published reports say at one moment.
For a meeting that was held, the plan is as the board saw it then. Every way in (page, Word, PDF,
JSON) shows this one value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy.engine import Connection

from api.indicators import reading
from api.web.moments import AsAt
from projections.indicators.series import Series, SeriesPoint
from projections.plans import (
    changes,
    computed_status,
    counting,
    lateness,
    meetings,
    success_measures,
)
from projections.plans import (
    queries as plan_queries,
)
from projections.plans.changes import Changed
from projections.plans.computed_status import Status
from projections.plans.counting import PlanStanding
from projections.plans.lateness import Overdue
from projections.plans.record import MeetingRecord, PlanRecord
from projections.plans.success_measures import Answer
from projections.publishing import queries as publishing_queries
from qa.core.clock import civil_day, end_of_day, microseconds
from qa.core.dates_in_words import day as said_day
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor


@dataclass(frozen=True, slots=True)
class OffTarget:
    """An indicator short of its target, or without the value it should have. `linked` are the
    references of the plan's actions that are meant to move it."""

    series: Series
    point: SeriesPoint | None
    why: str
    linked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restated:
    """A published report of which readers were told, since the last meeting, that it changed."""

    published: str
    title: str
    figures: int
    note: str
    on: date


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board view. `since` is the day of the meeting before, `changed` what
    changed since then; both are None at the first meeting."""

    record: PlanRecord
    meeting: MeetingRecord | None
    day: date
    since: date | None
    at: AsAt
    standing: PlanStanding
    gaps: tuple[Status, ...]
    changed: Changed | None
    late: Overdue
    off_target: tuple[OffTarget, ...]
    restated: tuple[Restated, ...]

    @property
    def headline(self) -> tuple[str, ...]:
        """The view in plain sentences, the most important first."""
        better = sum(1 for one in self.gaps if one.gap == "declared-better")
        said = [
            _of(better, "action is", "actions are")
            + " declared better than dates, evidence and measures bear out.",
            _of(len(self.late.by_current), "action is", "actions are")
            + f" overdue, {len(self.late.by_first)} by the date that was agreed first.",
        ]
        if self.changed is not None and self.since is not None:
            ways = [one.direction for one in self.changed.moved]
            said.append(
                f"Since {said_day(self.since)}, {ways.count('better')} moved to a better rating "
                f"and {ways.count('worse')} to a worse one; {len(self.changed.stuck)} are stuck."
            )
            said.append(
                _of(len(self.changed.redated), "date was", "dates were")
                + " moved and "
                + _of(len(self.changed.evidence), "piece", "pieces")
                + " of evidence added."
            )
        said.append(
            _of(len(self.off_target), "indicator is", "indicators are")
            + " short of the target or without a value."
        )
        if self.restated:
            said.append(_of(len(self.restated), "published report was", "published reports were")
                        + " restated.")  # fmt: skip
        return tuple(said)


def board(
    connection: Connection,
    plan: str,
    at: AsAt,
    *,
    actor: Actor | None,
    meeting: str | None = None,
    day: date | None = None,
) -> Board:
    """The board view of a plan at a meeting, or on `day` (that of the moment) without one.

    Raises:
        NotFound: no such plan, or no such meeting of it.
        Refused: a day after that of the moment.
    """
    if day is not None and day > at.on:
        raise Refused("Nothing is known yet of a day in the future.", field="day")
    known = plan_queries.read(connection, plan, position=at.position)
    if known is None:
        raise NotFound("There is no such improvement plan.")
    called, record = None, known
    if meeting is not None:
        called, seen = (
            known.meeting(meeting),
            meetings.at_meeting(connection, plan, meeting, position=at.position),
        )
        if called is None or seen is None:
            raise NotFound("There is no such meeting.")
        record = seen
    day = (day or at.on) if called is None else min(called.on, at.on)
    last = meetings.before(known, day)
    earlier = None
    if last is not None and last.position is not None:
        earlier = meetings.at_meeting(connection, plan, last.id, position=at.position)
    held = reading.every(connection, at, actor=actor)
    answers = _answers(record, held, day)
    since = None if last is None else last.on
    return Board(
        record=record,
        meeting=called,
        day=day,
        since=since,
        at=at,
        standing=counting.on_the_board(record, day),
        gaps=tuple(computed_status.gaps(record, day, answers)),
        changed=None if since is None else changes.changed(record, day, since, earlier),
        late=lateness.overdue(record, day),
        off_target=tuple(_off_target(record, held, day)),
        restated=tuple(_restated(connection, at, since, day)),
    )


def _answers(record: PlanRecord, held: list[Series], day: date) -> Mapping[str, Answer]:
    """Whether the latest value of its indicator meets the number that a measure asks for."""
    by_id = {series.held.id: series for series in held}
    found: dict[str, Answer] = {}
    for measures in record.measures.values():
        for measure in measures:
            series = by_id.get(measure.indicator or "")
            point = None if series is None else _latest(series, day)
            if point is None or point.figure is None or point.figure.exact is None:
                continue
            if measure.target is None or measure.comparator is None:
                continue
            met = success_measures.meets(
                measure.comparator, Fraction(point.figure.exact), measure.target
            )
            if met is not None:
                found[measure.id] = "met" if met else "not-met"
    return found


def _latest(series: Series, day: date) -> SeriesPoint | None:
    """The last period that was over by a day and has a value."""
    ended = [p for p in series.points if p.figure is not None and p.period.end <= day]
    return ended[-1] if ended else None


def _off_target(record: PlanRecord, held: list[Series], day: date) -> list[OffTarget]:
    linked: dict[str, list[str]] = {}
    for action in record.actions_on(day):
        for link in record.links.get(action.id, ()):
            if link.kind == "indicator":
                linked.setdefault(link.to, []).append(action.reference)
        for measure in record.measures.get(action.id, ()):
            if measure.indicator and measure.withdrawn_because is None:
                linked.setdefault(measure.indicator, []).append(action.reference)
    found = []
    for series in held:
        point = _latest(series, day)
        mine = tuple(dict.fromkeys(linked.get(series.held.id, ())))
        waiting = [period for period in series.waiting if period.end <= day]
        if point is not None and point.target.code in ("not-met", "near"):
            found.append(OffTarget(series, point, point.target.sentence, mine))
        elif waiting and (mine or series.held.target_on(day) is not None):
            labels = ", ".join(period.label for period in waiting[-4:])
            found.append(OffTarget(series, point, f"No value yet for {labels}.", mine))
    return sorted(found, key=lambda one: (not one.linked, one.series.held.definition.name))


def _restated(connection: Connection, at: AsAt, since: date | None, day: date) -> list[Restated]:
    first = microseconds(end_of_day(since or day - timedelta(days=92)))
    told = publishing_queries.restatements(
        connection, first, microseconds(end_of_day(day)), position=at.position
    )
    return [
        Restated(row.published, title, row.figures or 0, row.said, civil_day(row.at))
        for row, title in told
    ]  # fmt: skip


def _of(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
