"""The board view of an improvement plan: what a board has to know at a meeting, and since the last.

It is put together from what the plan, the indicators and the published reports say at one moment.
For a meeting that was held, the plan is as the board saw it then. Every way in (page, Word, PDF,
JSON) shows this one value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy.engine import Connection

from api.indicators import reading
from api.indicators.derived import DerivedIndicator
from api.web.moments import AsAt
from projections.figures.figure import Basis, count
from projections.figures.formulas import NEWEST
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
from projections.plans.rag_report import RagReportRow
from projections.plans.rag_report import report as rag_report
from projections.plans.record import ActionRecord, MeetingRecord, PlanRecord
from projections.plans.success_measures import Answer
from projections.publishing import queries as publishing_queries
from qa.core.clock import civil_day, end_of_day, microseconds
from qa.core.dates_in_words import day as said_day
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor

FIGURES: Mapping[str, tuple[str, str]] = {
    "declared_better": (
        "Declared better than computed",
        "Actions whose rating is better than dates, evidence and measures bear out.",
    ),
    "moved_better": ("Moved to a better rating", "Actions rated better than at the last meeting."),
    "moved_worse": ("Moved to a worse rating", "Actions rated worse than at the last meeting."),
    "newly_worst": (
        "Newly at the worst level",
        "Actions at the worst level that were not there at the last meeting.",
    ),
    "stuck": (
        "Stuck",
        f"Actions at one level, short of delivered, at {changes.STUCK_AFTER} meetings in a row.",
    ),
    "dates_moved": ("Dates that moved", "Rescheduled dates approved since the last meeting."),
    "evidence_added": ("Evidence added", "Pieces of evidence since the last meeting."),
    "indicators_off_target": (
        "Indicators off target",
        "Indicators short of their target, or without the value they should have.",
    ),
    "reports_restated": (
        "Published reports restated",
        "Published reports whose readers were told, since the last meeting, that they changed.",
    ),
}
"""What a board has to know of the whole plan beside its ratings: what each is called, its rule."""


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
class BoardSpan:
    """Which meeting and days a board view is of: `known` is the plan as of the moment, `record` as
    the board saw it, `last` the meeting before."""

    known: PlanRecord
    record: PlanRecord
    meeting: MeetingRecord | None
    day: date
    last: MeetingRecord | None

    @property
    def since(self) -> date | None:
        return None if self.last is None else self.last.on


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board view. `since` is the day of the meeting before, `changed` what
    changed since then; both are None at the first meeting. `indicators` are all that there were."""

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
    indicators: tuple[Series, ...]
    rows: tuple[RagReportRow, ...]
    totals: tuple[RagReportRow, ...]
    caveats: tuple[str, ...] = ()
    cohort_rule: str = counting.RULE

    @property
    def title(self) -> str:
        return f"Board view of {self.record.plan.title}"

    @property
    def as_at(self) -> date:
        return self.at.day

    @property
    def position(self) -> int:
        return self.at.shown

    @property
    def true_on(self) -> date | None:
        return self.at.true_on

    @property
    def behind(self) -> dict[str, list[tuple[str, str]]]:
        """What each of `FIGURES` counts, by what it is called and its id."""
        found = {
            "declared_better": [
                _named(one.action) for one in self.gaps if one.gap == "declared-better"
            ],
            "indicators_off_target": [
                (one.series.indicator.definition.name, one.series.indicator.id)
                for one in self.off_target
            ],
            "reports_restated": [(one.title, one.published) for one in self.restated],
        }
        if self.changed is not None:
            moved = self.changed.moved
            found |= {
                "moved_better": [_named(one.action) for one in moved if one.direction == "better"],
                "moved_worse": [_named(one.action) for one in moved if one.direction == "worse"],
                "newly_worst": [_named(one.action) for one in self.changed.newly_worst],
                "stuck": [_named(one.action) for one in self.changed.stuck],
                "dates_moved": [_named(one.action) for one in self.changed.redated],
                "evidence_added": [_named(action) for action, _ in self.changed.evidence],
            }
        return found

    @property
    def headlines(self) -> tuple[tuple[str, str], ...]:
        """The view in plain sentences, the most important first, each with the figure it tells."""
        counts = {name: len(counted) for name, counted in self.behind.items()}
        found = [
            (
                _of(counts["declared_better"], "action is", "actions are")
                + " declared better than dates, evidence and measures bear out.",
                "declared_better",
            ),
            (
                _of(len(self.late.by_current), "action is", "actions are")
                + f" overdue, {len(self.late.by_first)} by the date that was agreed first.",
                "overdue_by_current_date",
            ),
        ]
        if self.changed is not None and self.since is not None:
            found += [
                (
                    f"Since {said_day(self.since)}, {counts['moved_better']} moved to a better "
                    f"rating and {counts['moved_worse']} to a worse one; "
                    f"{counts['stuck']} are stuck.",
                    "moved_worse",
                ),
                (
                    _of(counts["dates_moved"], "date was", "dates were")
                    + " moved and "
                    + _of(counts["evidence_added"], "piece", "pieces")
                    + " of evidence added.",
                    "dates_moved",
                ),
            ]
        found.append(
            (
                _of(counts["indicators_off_target"], "indicator is", "indicators are")
                + " short of the target or without a value.",
                "indicators_off_target",
            )
        )
        if self.restated:
            number = _of(len(self.restated), "published report was", "published reports were")
            found.append((f"{number} restated.", "reports_restated"))
        return tuple(found)

    @property
    def headline(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self.headlines)


def span_of(
    connection: Connection,
    plan: str,
    at: AsAt,
    *,
    meeting: str | None = None,
    day: date | None = None,
) -> BoardSpan:
    """What the view of a plan is of at a meeting, or on `day` (that of the moment) without one.

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
            meetings.at_meeting(connection, known, meeting, position=at.position),
        )
        if called is None or seen is None:
            raise NotFound("There is no such meeting.")
        record = seen
    day = (day or at.on) if called is None else min(called.on, at.on)
    return BoardSpan(known, record, called, day, meetings.before(known, day))


def board(
    connection: Connection,
    plan: str,
    at: AsAt,
    *,
    actor: Actor | None,
    meeting: str | None = None,
    day: date | None = None,
    formulas: int = NEWEST,
    counted: Sequence[DerivedIndicator] | None = None,
) -> Board:
    """The board view of a plan; `counted` are the indicators, where they are known already. Raises
    as `span_of` does."""
    span = span_of(connection, plan, at, meeting=meeting, day=day)
    record, day, last, since = span.record, span.day, span.last, span.since
    earlier = None
    if last is not None and last.position is not None:
        earlier = meetings.at_meeting(connection, span.known, last.id, position=at.position)
    indicators = reading.every(connection, at, actor=actor, formulas=formulas, counted=counted)
    answers = _answers(record, indicators, day)
    ratings = rag_report(record, day, head=at.shown, true_on=at.true_on)
    made = Board(
        rows=ratings.rows,
        totals=ratings.totals,
        caveats=ratings.caveats,
        indicators=tuple(indicators),
        record=record,
        meeting=span.meeting,
        day=day,
        since=since,
        at=at,
        standing=counting.on_the_board(record, day),
        gaps=tuple(computed_status.gaps(record, day, answers)),
        changed=None if since is None else changes.changed(record, day, since, earlier),
        late=lateness.overdue(record, day),
        off_target=tuple(_off_target(record, indicators, day)),
        restated=tuple(_restated(connection, at, since, day)),
    )
    whole, *others = ratings.totals
    basis = Basis(as_at=day, position=at.shown)
    own = {
        name: count(name, len(records), None, replace(basis, cohort_rule=FIGURES[name][1]))
        for name, records in made.behind.items()
    }
    whole = replace(whole, figures={**whole.figures, **own})
    return replace(made, totals=(whole, *others))


def _answers(record: PlanRecord, indicators: list[Series], day: date) -> Mapping[str, Answer]:
    """Whether the latest value of its indicator meets the number that a measure asks for."""
    by_id = {series.indicator.id: series for series in indicators}
    found: dict[str, Answer] = {}
    for measures in record.measures.values():
        for measure in measures:
            series = by_id.get(measure.indicator or "")
            point = None if series is None else latest(series, day)
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


def latest(series: Series, day: date) -> SeriesPoint | None:
    """The last period that was over by a day and has a value."""
    ended = [p for p in series.points if p.figure is not None and p.period.end <= day]
    return ended[-1] if ended else None


def _off_target(record: PlanRecord, indicators: list[Series], day: date) -> list[OffTarget]:
    linked: dict[str, list[str]] = {}
    for action in record.actions_on(day):
        for link in record.links.get(action.id, ()):
            if link.kind == "indicator":
                linked.setdefault(link.to, []).append(action.reference)
        for measure in record.measures.get(action.id, ()):
            if measure.indicator and measure.withdrawn_because is None:
                linked.setdefault(measure.indicator, []).append(action.reference)
    found = []
    for series in indicators:
        point = latest(series, day)
        mine = tuple(dict.fromkeys(linked.get(series.indicator.id, ())))
        waiting = [period for period in series.waiting if period.end <= day]
        if point is not None and point.target.code in ("not-met", "near"):
            found.append(OffTarget(series, point, point.target.sentence, mine))
        elif waiting and (mine or series.indicator.target_on(day) is not None):
            labels = ", ".join(period.label for period in waiting[-4:])
            found.append(OffTarget(series, point, f"No value yet for {labels}.", mine))
    return sorted(found, key=lambda one: (not one.linked, one.series.indicator.definition.name))


def _restated(connection: Connection, at: AsAt, since: date | None, day: date) -> list[Restated]:
    first = microseconds(end_of_day(since or day - timedelta(days=92)))
    restatements = publishing_queries.restatements(
        connection, first, microseconds(end_of_day(day)), position=at.position
    )
    return [
        Restated(row.published, title, row.figures or 0, row.said, civil_day(row.at))
        for row, title in restatements
    ]  # fmt: skip


def _named(action: ActionRecord) -> tuple[str, str]:
    return action.reference, action.id


def _of(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
