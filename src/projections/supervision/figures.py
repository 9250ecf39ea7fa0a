"""Figures of supervision: each a share of things on record, each of which can be shown.

=============================  =================================  ================================
figure                         numerator                          denominator
=============================  =================================  ================================
supervision_timeliness_rate    sessions held by the day owed      sessions owed in the period
reflection_evidenced_rate      checks that saw reflection         checks that answered the question
check_agreement_rate           overall grades that are equal      checks that were moderated
case_supervision_recency       open cases supervised lately       cases open at the end of a day
=============================  =================================  ================================

A session counts in the period of the day by which it was owed, once that day has come; owed days
on which the practitioner was away are left out. A check counts in the period of the day it was
made. Of a period's lists of open cases the last counts, as at its own day; "lately" is the months
that the policy gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy.engine import Connection

from projections.figures.figure import Basis, Figure, rate
from projections.figures.running import running_caveats
from projections.figures.small_numbers import as_counts_below
from projections.supervision.queries import (
    Policies,
    all_checks,
    all_pairs,
    cases_supervised,
    known,
    open_cases,
    teams_of_pairs,
)
from projections.supervision.tables import SupervisionCheckRow
from qa.core.clock import add_months
from qa.core.errors import Refused
from qa.core.periods import Period, PeriodKind, periods_between
from qa.supervision.due import owed
from qa.supervision.states import CheckState

Name = Literal[
    "supervision_timeliness_rate",
    "reflection_evidenced_rate",
    "check_agreement_rate",
    "case_supervision_recency",
]
NAMES: tuple[Name, ...] = (
    "supervision_timeliness_rate",
    "reflection_evidenced_rate",
    "check_agreement_rate",
    "case_supervision_recency",
)
Cut = Literal["", "team", "service", "standard"]
CUTS: tuple[Cut, ...] = ("", "team", "service", "standard")
REFLECTION = "reflection-evidenced"
"""The question of a tool whose answer says whether reflection was seen."""
RULE = (
    "A session counts in the period of the day by which it was owed, a check in that of the day it "
    "was made. Days on which the practitioner was sick or on leave are owed no session. Cases are "
    "counted as at the day of the last list of open cases in the period."
)
MOST_PERIODS = 120


@dataclass(frozen=True, slots=True)
class SupervisionQuestion:
    """Which days are counted, by which periods, cut by what, and of which team or service alone.

    Raises:
        Refused: the last day is before the first; more periods than a report holds.
    """

    start: date
    end: date
    by: PeriodKind = PeriodKind.QUARTER
    cut: Cut = ""
    team: str = ""
    service: str = ""
    standard: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Refused("The last day is before the first.", field="to", code="period-backwards")
        if (self.end - self.start).days > 31 * MOST_PERIODS:
            raise Refused("Ask for ten years or less.", field="to", code="period-long")

    @property
    def period_key(self) -> str:
        return self.by.value.replace("-", "_")


@dataclass(frozen=True, slots=True)
class SupervisionFigureLine:
    """One thing in the denominator of a figure; `counts` says that it is in the numerator too.

    `record` is the id of the pair or the check, or the reference of the case (`kind`); `sentence`
    is what became of it, and `streams` hold the events that say so, its own first.
    """

    figure: Name
    kind: Literal["supervision", "supervision-check", "open-case"]
    record: str
    on: date
    team: str
    service: str
    standard: str
    counts: bool
    sentence: str
    streams: tuple[str, ...]

    def within(self, question: SupervisionQuestion, period: Period | None = None) -> bool:
        first = question.start if period is None else max(question.start, period.start)
        last = question.end if period is None else min(question.end, period.end)
        return (
            first <= self.on <= last
            and question.team in ("", self.team)
            and question.service in ("", self.service)
            and question.standard in ("", self.standard)
        )

    def cut(self, by: Cut) -> str:
        return {"": "", "team": self.team, "service": self.service, "standard": self.standard}[by]


@dataclass(frozen=True, slots=True)
class SupervisionReportRow:
    """One period of one group, with its figures."""

    group: Mapping[str, Any]
    figures: Mapping[str, Figure]

    @property
    def caveats(self) -> tuple[str, ...]:
        """What has to be said of the whole row."""
        return next(iter(self.figures.values())).basis.caveats


@dataclass(frozen=True, slots=True)
class SupervisionReport:
    """Supervision in figures. `totals` are of the whole range."""

    question: SupervisionQuestion
    as_at: date
    position: int
    rows: tuple[SupervisionReportRow, ...]
    totals: tuple[SupervisionReportRow, ...]
    caveats: tuple[str, ...] = ()
    true_on: date | None = None
    title: str = "Supervision"
    cohort_rule: str = RULE

    def for_outside(self, least: int) -> SupervisionReport:
        """The report for whoever does not keep supervision: nothing that rests on fewer than
        `least`, and no totals where a row is hidden, because the others would give it back."""
        rows = tuple(_outside(row, least) for row in self.rows)
        hidden = any(figure.suppressed for row in rows for figure in row.figures.values())
        totals = () if hidden else tuple(_outside(row, least) for row in self.totals)
        return replace(self, rows=rows, totals=totals)


def _outside(row: SupervisionReportRow, least: int) -> SupervisionReportRow:
    kept = {name: figure.suppressed_below(least) for name, figure in row.figures.items()}
    return replace(row, figures=kept)


def lines(
    connection: Connection, policies: Policies, until: date, *, position: int | None = None
) -> Iterator[SupervisionFigureLine]:
    """Everything that figures count, up to a day."""
    pairs = all_pairs(connection, position=position)
    sessions = known(connection, pairs, position=position)
    teams = teams_of_pairs(connection, position=position)
    standards: dict[str, str] = {}
    for pair in pairs:
        standards[pair.pair] = pair.standard
        for one in owed(sessions[pair.pair], policies.days, until):
            if one.outcome != "excused":
                met = one.held_on is not None
                day = one.due_on.isoformat()
                of = [row for row in teams[pair.pair] if row.since <= day][-1]
                sentence = (
                    f"held on {one.held_on.isoformat()}" if one.held_on else "not held by then"
                )
                yield SupervisionFigureLine(
                    "supervision_timeliness_rate",
                    "supervision",
                    pair.pair,
                    one.due_on,
                    of.team,
                    of.service,
                    one.standard,
                    met,
                    sentence,
                    (f"supervision:{pair.pair}",),
                )
    for check in all_checks(connection, position=position):
        if not CheckState(check.state).counts or (check.checked_on or "") > until.isoformat():
            continue
        standard = standards.get(check.pair, "")
        yield from _of_check(check, standard)
    yield from _of_cases(connection, policies, until, position)


def _of_cases(
    connection: Connection, policies: Policies, until: date, position: int | None
) -> Iterator[SupervisionFigureLine]:
    supervised = cases_supervised(connection, position=position)
    for row in open_cases(connection, position=position):
        day = date.fromisoformat(row.counted_on)
        if day > until:
            continue
        first = add_months(day, -policies.on(day).case_supervision_months).isoformat()
        known = [(on, f"supervision:{pair}") for on, pair in supervised.get(row.case, ())]
        if row.supervised_on is not None:
            known.append((row.supervised_on, ""))
        last, stream = max((one for one in known if one[0] <= row.counted_on), default=("", ""))
        sentence = f"last supervised on {last}" if last else "no supervision on record"
        streams = ("open-cases", *({stream} - {""}))
        yield SupervisionFigureLine(
            "case_supervision_recency",
            "open-case",
            row.case,
            day,
            row.team,
            row.service,
            "",
            last > first,
            sentence,
            streams,
        )


def _of_check(check: SupervisionCheckRow, standard: str) -> Iterator[SupervisionFigureLine]:
    streams = (f"supervision-check:{check.check}", f"supervision:{check.pair}")

    def line(figure: Name, counts: bool, sentence: str) -> SupervisionFigureLine:
        on = date.fromisoformat(check.checked_on or "")
        return SupervisionFigureLine(
            figure,
            "supervision-check",
            check.check,
            on,
            check.team,
            check.service,
            standard,
            counts,
            sentence,
            streams,
        )

    answers = {
        answer["question"]: answer["point"]
        for judgement in check.judgement["judgements"]
        for answer in judgement["answers"]
    }
    seen = answers.get(REFLECTION)
    if seen in ("yes", "no"):
        sentence = "reflection seen" if seen == "yes" else "no reflection seen"
        yield line("reflection_evidenced_rate", seen == "yes", sentence)
    if check.moderated_overall is not None:
        agrees = check.moderated_overall == check.overall
        yield line("check_agreement_rate", agrees, "agrees" if agrees else "differs")


def report(
    found: Sequence[SupervisionFigureLine],
    question: SupervisionQuestion,
    *,
    as_at: date,
    position: int,
    true_on: date | None = None,
    least: int = 0,
) -> SupervisionReport:
    """The figures of these lines, by period and by what the report is cut by; only counts where
    they rest on fewer than `least`."""
    today = true_on or as_at
    chosen = [
        line
        for line in found
        if line.within(question) and (question.cut != "standard" or line.kind != "open-case")
    ]
    values = sorted({line.cut(question.cut) for line in chosen}) or [""]
    basis = Basis(cohort_rule=RULE, as_at=as_at, position=position)
    rows: list[SupervisionReportRow] = []
    for period in periods_between(question.start, question.end, question.by):
        below = counted([line for line in chosen if line.within(question, period)])
        named = {
            question.period_key: period.label,
            "from": max(period.start, question.start).isoformat(),
            "to": min(period.end, question.end).isoformat(),
        }
        own = replace(basis, period=period, caveats=tuple(running_caveats(period, today)))
        rows += _rows(named, below, values, question.cut, own, least)
    whole = {"from": question.start.isoformat(), "to": question.end.isoformat()}
    totals = _rows(whole, counted(chosen), values, question.cut, basis, least)
    return SupervisionReport(question, as_at, position, tuple(rows), tuple(totals), true_on=true_on)


def counted(lines: Sequence[SupervisionFigureLine]) -> list[SupervisionFigureLine]:
    """The lines of a stretch of time without those of any list of open cases but its last."""
    last = max((line.on for line in lines if line.kind == "open-case"), default=None)
    return [line for line in lines if line.kind != "open-case" or line.on == last]


def _rows(
    named: Mapping[str, str],
    lines: Sequence[SupervisionFigureLine],
    values: Sequence[str],
    cut: Cut,
    basis: Basis,
    least: int,
) -> list[SupervisionReportRow]:
    return [
        SupervisionReportRow(
            {**named, **({cut: value} if cut else {})},
            _figures([line for line in lines if line.cut(cut) == value], basis, least),
        )
        for value in values
    ]


def _figures(
    chosen: Sequence[SupervisionFigureLine], basis: Basis, least: int
) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for name in NAMES:
        below = [line for line in chosen if line.figure == name]
        figure = rate(name, sum(line.counts for line in below), len(below), basis)
        found[name] = as_counts_below(figure, least)
    return found
