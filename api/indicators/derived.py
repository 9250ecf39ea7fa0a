"""Indicators that Caseloop fills itself: values counted from its own audits and moderations.

They are counted when they are asked for, as known at the same moment as everything else, by the
rule of the reports on grades: an audit counts by its date, a moderation in the period of the audit
it moderates. Every value keeps the figure's own base and the query of the rows behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api.agreement import report as agreement_report
from api.agreement.report import Name
from api.web.moments import AsAt
from projections.agreement.model import AgreementReport
from projections.agreement.question import AgreementQuestion
from projections.figures.figure import Basis, Figure, count, rate
from projections.figures.formulas import NEWEST
from projections.figures.small_numbers import as_counts_below
from projections.indicators.queries import IndicatorRecord
from projections.indicators.rows import ValueRecord
from qa.audit_tools.definition import JudgementArea
from qa.core.periods import Period, PeriodKind, parse_period, periods_between
from qa.core.words import NO_OVERALL_GRADE, Actor, rounded
from qa.indicators.definition import BY_AREA, IndicatorDefinition

REPORTED: Mapping[str, tuple[Name, str]] = {
    "audits-submitted": ("grades", "audits_submitted"),
    "graded-good-or-better": ("grades", "good_or_better_rate"),
    "ri-or-better": ("grades", "ri_or_better_rate"),
    "inadequate": ("grades", "inadequate_rate"),
    "moderation-coverage": ("agreement", "moderation_coverage_rate"),
    "moderation-agreement": ("agreement", "moderation_agreement_rate"),
}
"""The report and the figure that each measure is."""


def reported(measure: str | None) -> tuple[Name, str, Mapping[str, tuple[str, ...]]]:
    """The report and the figure of a measure, and what the report is narrowed to."""
    base, _, area = (measure or "").partition(":")
    name, figure = REPORTED[base]
    return name, figure, {"area": (area,)} if area else {}


def measure_words(measure: str) -> str:
    """What a measure is called."""
    base, _, area = measure.partition(":")
    words = base.replace("-", " ").capitalize()
    return f"{words}: {JudgementArea(area).label}" if area else words


SEVERAL_SCALES = "Graded on more than one scale; the two cannot be added together."
NOTHING = "Nothing to count: there is no base."


@dataclass(frozen=True, slots=True)
class DerivedIndicator:
    """An indicator with its counted values, and what the value of each counted period rests on.

    `broken_by` says from which days on values are graded with another tool, version or scale.
    """

    held: IndicatorRecord
    bases: Mapping[str, Basis] = field(default_factory=dict)
    broken_by: Mapping[date, str] = field(default_factory=dict)


def fill(
    connection: Connection,
    indicators: Sequence[IndicatorRecord],
    at: AsAt,
    *,
    actor: Actor | None,
    formulas: int = NEWEST,
) -> list[DerivedIndicator]:
    """The indicators, with the values of those periods that are counted and over by `at`.

    Each report is made once for all of them. Audits sealed from the reader are left out, as in the
    reports themselves.
    """
    wanted = {record.id: list(_counted_periods(record, at)) for record in indicators}
    by_report: dict[_ReportKey, list[Period]] = {}
    for periods in wanted.values():
        for definition, period in periods:
            by_report.setdefault(_report_key(definition, period), []).append(period)
    made = {}
    least = agreement_report.small_number(connection, at)
    for (name, kind, area), spans in by_report.items():
        question = AgreementQuestion(
            start=min(period.start for period in spans),
            end=max(period.end for period in spans),
            by=kind,
            filters={"area": area} if area else {},
        )
        report = agreement_report.make(connection, name, question, at, actor=actor)
        made[name, kind, area] = _by_period(report)
    return [filled(record, wanted[record.id], made, least, formulas) for record in indicators]


_ReportKey = tuple[Name, PeriodKind, tuple[str, ...]]
Made = Mapping[_ReportKey, Mapping[str, Sequence[Mapping[str, Figure]]]]


def _report_key(definition: IndicatorDefinition, period: Period) -> _ReportKey:
    name, _, narrowed = reported(definition.measure)
    return name, period.kind, narrowed.get("area", ())


def _by_period(report: AgreementReport) -> dict[str, list[Mapping[str, Figure]]]:
    """The rows of a report, one a scale, by their period."""
    found: dict[str, list[Mapping[str, Figure]]] = {}
    for row in report.rows:
        label = str(row.group[report.question.period_key])
        found.setdefault(label, []).append(row.figures)
    return found


def _counted_periods(
    record: IndicatorRecord, at: AsAt
) -> Iterator[tuple[IndicatorDefinition, Period]]:
    """The periods that are over, each with the definition by which Caseloop counts it."""
    last = at.on if record.retired_after is None else min(at.on, record.retired_after)
    versions = [definition for definition, _ in record.definitions]
    for number, definition in enumerate(versions):
        following = versions[number + 1].since if number + 1 < len(versions) else None
        until = last if following is None else min(last, following - timedelta(days=1))
        if definition.derived:
            for period in periods_between(definition.since, until, definition.period_kind):
                if period.end <= until:
                    yield definition, period


def filled(
    record: IndicatorRecord,
    periods: Sequence[tuple[IndicatorDefinition, Period]],
    made: Made,
    least: int,
    formulas: int = NEWEST,
) -> DerivedIndicator:
    """A rate on fewer than `least` has no value."""
    if not periods:
        return DerivedIndicator(record)
    bases: dict[str, Basis] = {}
    broken_by: dict[date, str] = {}
    graded: tuple[str, ...] = ()
    values = {(value.period, value.source): value for value in record.values}
    for definition, period in periods:
        _, figure_name, _ = reported(definition.measure)
        every = made[_report_key(definition, period)].get(period.label, ())
        rows = [row[figure_name] for row in every if figure_name in row]
        value, basis = _counted(definition, period, rows, least, formulas)
        value = value._replace(
            note=" ".join(filter(None, (value.note, _ungraded(definition, every))))
        )
        values[period.label, ""] = value
        bases[period.label] = replace(basis, period=period)
        tools = _graded_with(rows)
        if tools and graded and tools != graded and definition.unit != "count":
            broken_by[period.start] = (
                f"Graded with {', '.join(tools)}, before with {', '.join(graded)}: not comparable."
            )
        graded = tools or graded
    ordered = sorted(values.values(), key=lambda v: (parse_period(v.period).start, v.source))
    return DerivedIndicator(replace(record, values=tuple(ordered)), bases, broken_by)


def _ungraded(definition: IndicatorDefinition, every: Sequence[Mapping[str, Figure]]) -> str:
    """That audits without an overall grade are in no rate of overall grades."""
    submitted = [row["audits_submitted"] for row in every if "audits_submitted" in row]
    number = sum(
        figure.numerator or 0
        for figure in submitted
        if figure.basis.scale_version == NO_OVERALL_GRADE.key
    )
    if definition.measure not in BY_AREA or not number:
        return ""
    audits = "1 audit has" if number == 1 else f"{number} audits have"
    return f"{audits} no overall grade: the measures by judgement area count their domains."


def _graded_with(rows: Sequence[Figure]) -> tuple[str, ...]:
    """The tools, with their versions and scales, that a period was graded with."""
    return tuple(
        sorted(
            f"{tool} ({row.basis.scale_version})"
            for row in rows
            for tool in row.basis.tool_versions
        )
    )


def _counted(
    definition: IndicatorDefinition,
    period: Period,
    rows: Sequence[Figure],
    least: int,
    formulas: int,
) -> tuple[ValueRecord, Basis]:
    """One counted value. Where a period was graded on several scales, only what rests on no grade
    can be added."""
    addable = definition.measure == "moderation-coverage" and formulas >= 3
    known = [figure for figure in rows if figure.denominator]
    figure = next(iter(known or rows), None)
    note = ""
    if definition.unit == "count":
        total = sum(each.numerator or 0 for each in rows)
        figure = count(definition.name, total, basis=None if figure is None else figure.basis)
    elif len(known) > 1 and addable:
        above = sum(each.numerator or 0 for each in known)
        below = sum(each.denominator or 0 for each in known)
        added = rate(definition.name, above, below, known[0].basis)
        figure = as_counts_below(added, least)
    elif len(known) > 1:
        figure, note = replace(known[0], exact=None), SEVERAL_SCALES
    elif figure is None or figure.denominator in (None, 0):
        note = NOTHING
    if figure is not None and figure.exact is None and not note:
        note = f"{figure.numerator} of {figure.denominator}: too few for more than the counts."
    exact = None if figure is None else figure.exact
    given = figure if exact is not None else None
    counted = definition.unit != "count"
    return ValueRecord(
        period=period.label,
        source="",
        state="no-value" if exact is None else "value",
        value=None if exact is None else rounded(exact, 1 if counted else 0),
        numerator=None if given is None else given.numerator,
        denominator=None if given is None or not counted else given.denominator,
        definition_version=definition.version,
        said="",
        note=note,
        excluded="",
        restated=0,
    ), Basis() if figure is None else figure.basis
