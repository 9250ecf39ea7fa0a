"""A comparison of two moments as one answer: for a page, a document, the API and the command line.

Every record of every kind that is not as it was, every figure of every report that moved, and the
events that moved them: as far as this reader may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from api.agreement.report import limits_of
from api.history import compared_figures, compared_records, two_moments
from api.history.compared_figures import ComparedDays
from api.history.comparison_order import board_kinds, first_figures, first_records
from api.history.two_moments import ADDED, CHANGED, GONE, RecordMoved, Sides, sides
from api.records.compared_kinds import compared_kinds
from api.reports.moved import FigureMoved
from api.services import Services
from api.web.moments import AsAt
from projections.agreement import offered_queries
from projections.core.base import present
from projections.people import queries as people_queries
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind, period_of
from qa.core.words import Actor

QUARTERS = 5
HOW = {ADDED: "Added", GONE: "Gone", CHANGED: "Changed"}
SHOWN = {"records": "Records", "figures": "Figures"}
AUDITS = compared_records.AUDITS


@dataclass(frozen=True, slots=True)
class ComparisonFilter:
    """What a comparison is narrowed to; the default is everything.

    `days` are those that figures are counted over, `show` leaves the records or the figures out.
    `team` is the code of one, or its name.
    """

    days: ComparedDays | None = None
    kinds: tuple[str, ...] = ()
    team: str = ""
    reports: tuple[str, ...] = ()
    show: str = ""


@dataclass(frozen=True, slots=True)
class KindMoved:
    """How many records of a kind, by the `label` of several, were added, changed and are gone."""

    kind: str
    label: str
    added: int
    changed: int
    gone: int

    @property
    def total(self) -> int:
        return self.added + self.changed + self.gone


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved. `audits`, `records` and `figures` are those of the page asked for, their totals
    beside; `others` are events that moved none of the records."""

    before: AsAt
    after: AsAt
    days: ComparedDays
    kinds: Sequence[KindMoved]
    audits: Sequence[RecordMoved]
    audits_moved: int
    records: Sequence[RecordMoved]
    records_moved: int
    figures: Sequence[FigureMoved]
    figures_moved: int
    others: Sequence[Mapping[str, Any]]
    others_total: int

    @property
    def nothing(self) -> bool:
        return not (
            self.audits_moved or self.records_moved or self.figures_moved or self.others_total
        )


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Leave out so many from the beginning, and show at most so many."""

    start: int = 0
    most: int | None = None

    def of(self, rows: Sequence[Any]) -> Sequence[Any]:
        return rows[self.start :][: self.most]


@dataclass(frozen=True, slots=True)
class ComparisonPart:
    """Which of what moved is shown. `together` counts the audits among the other records;
    `for_a_board` shows what weighs most of each kind and report, whatever else is asked."""

    audits: ShownPart = field(default_factory=ShownPart)
    records: ShownPart = field(default_factory=ShownPart)
    figures: ShownPart = field(default_factory=ShownPart)
    others: int | None = None
    together: bool = False
    for_a_board: bool = False


EVERYTHING = ComparisonPart()
FOR_A_BOARD = ComparisonPart(others=0, for_a_board=True)
UNNARROWED = ComparisonFilter()


def preset(connection: Connection, actor: Actor, at: AsAt) -> ComparedDays:
    """The last five quarters that there is an audit of: what figures are compared over."""
    limits = limits_of(connection, actor)
    last = offered_queries.last_audit_date(connection, position=at.position, limits=limits)
    period = period_of(last or at.on, PeriodKind.QUARTER)
    end = period.end
    for _ in range(QUARTERS - 1):
        period = period.preceding
    return ComparedDays(period.start, end)


def compare(
    services: Services,
    connection: Connection,
    actor: Actor,
    before: AsAt,
    after: AsAt,
    wanted: ComparisonFilter = UNNARROWED,
    part: ComparisonPart = EVERYTHING,
) -> Comparison:
    """What is not the same at both moments, as far as this reader may see it.

    `connection` reads the present.

    Raises:
        Refused: what it is narrowed to is not there.
    """
    with sides(services, connection, actor, before, after) as two:
        team = _narrowed(two, wanted)
        days = wanted.days or preset(two.now, actor, after)
        streams = two_moments.touched(two)
        moved: list[RecordMoved] = []
        if wanted.show != "figures":
            moved = compared_records.records(two, streams, wanted.kinds)
            moved = [one for one in moved if not team or one.team == team]
        figures: list[compared_figures.ReportMoved] = []
        if wanted.show != "records" and (streams or before.on != after.on):
            figures = compared_figures.figures(two, days, streams, wanted.reports)
        audits = [one for one in moved if one.kind == AUDITS]
        others = [one for one in moved if one.kind != AUDITS]
        shown: Sequence[RecordMoved] = [] if part.together else part.audits.of(audits)
        beside = part.records.of(moved if part.together else others)
        told_of = part.figures.of(figures)
        if part.for_a_board:
            shown, beside = [], first_records(moved, board_kinds(wanted.kinds))
            first = {id(one) for one in first_figures([one.moved for one in figures])}
            told_of = [one for one in figures if id(one.moved) in first]
        rest = _rest(two, streams, moved, wanted, part)
        changes = two_moments.with_events(two, [*shown, *beside])
        return Comparison(
            before=before,
            after=after,
            days=days,
            kinds=_counted(moved),
            audits=changes[: len(shown)],
            audits_moved=len(audits),
            records=changes[len(shown) :],
            records_moved=len(others),
            figures=compared_figures.with_causes(two, told_of),
            figures_moved=len(figures),
            others=rest.entries,
            others_total=rest.total,
        )


def _narrowed(two: Sides, wanted: ComparisonFilter) -> str:
    """The name of the team that is asked for; every fault of what is asked at once."""
    reports = {one.name for one in compared_figures.readable(two.actor)}
    faults = [
        *(
            Fault("kind", "kind-unknown", f"There is no kind of record “{one}”.")
            for one in wanted.kinds
            if one not in compared_kinds()
        ),
        *(
            Fault("report", "report-unknown", f"There is no report “{one}” that you may read.")
            for one in wanted.reports
            if one not in reports
        ),
    ]
    if wanted.show and wanted.show not in SHOWN:
        faults.append(Fault("show", "show-unknown", "Show records or figures."))
    names = people_queries.team_names(present(two.now), position=two.known)
    team = names.get(wanted.team, wanted.team)
    if team and team not in names.values():
        faults.append(Fault("team", "team-unknown", f"There is no team “{team}”."))
    if faults:
        raise Refused(faults, code=faults[0].code)
    return team


def _counted(moved: Sequence[RecordMoved]) -> list[KindMoved]:
    found = []
    for kind in compared_kinds().values():
        ways = [one.how for one in moved if one.kind == kind.stream]
        if ways:
            added, changed, gone = (ways.count(how) for how in (ADDED, CHANGED, GONE))
            found.append(KindMoved(kind.stream, kind.label, added, changed, gone))
    return found


def _rest(
    two: Sides,
    streams: set[str],
    moved: Sequence[RecordMoved],
    wanted: ComparisonFilter,
    part: ComparisonPart,
) -> two_moments.EventsBetween:
    """The events of streams on which no record moved; of a narrowed comparison none."""
    if wanted.kinds or wanted.team or wanted.show:
        return two_moments.EventsBetween(0, ())
    others = streams - {one.stream for one in moved}
    return two_moments.events_between(two, others, most=part.others)
