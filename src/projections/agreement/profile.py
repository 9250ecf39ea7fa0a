"""The grade profile: what audits were graded, overall and by domain, period by period.

Either the auditor's submitted grades or the final grades are counted, and the report says which;
"judged to be good" without that word is how published figures come to differ. A final grade is
given overall; where a tool has no overall grade, to each domain. Of other tools the domain grades
are always the auditor's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, case
from sqlalchemy.engine import Connection

from projections.agreement.counting import AgreementTally, VersionScales, count_audits, tally
from projections.agreement.model import (
    AgreementReport,
    AgreementRow,
    area_caveats,
    series_breaks,
    without_overall,
)
from projections.agreement.question import (
    EVERY_AUDIT,
    AgreementQuestion,
    FigureLimits,
    grades,
    rows_behind,
)
from projections.agreement.report import (
    NOTHING_PRINTED,
    basis_of,
    range_caveats,
    ranked,
    row_parts,
)
from projections.agreement.tables import agreement_audit, agreement_domain
from projections.figures.figure import Basis, Figure, caveat, count, rate
from projections.figures.small_numbers import as_counts_below
from qa.core.errors import Refused
from qa.core.periods import period_of

Grade = Literal["auditor", "final"]
WHOSE: Mapping[str, str] = {
    "auditor": "The grades are those the auditors submitted.",
    "final": "The grades are the final ones; audits without a final grade are not graded.",
}


@dataclass(slots=True)
class DomainTally:
    """Of one domain in one group: how many are good or better, of how many graded, on what."""

    good: int = 0
    graded: int = 0
    scales: set[str] = field(default_factory=set)


_BY_DOMAIN = (
    "Domain grades are the final ones where the tool has no overall grade, and the auditor's where "
    "it has."
)
DOMAIN = "domain_good_rate."
"""What the name of a domain's figure begins with."""


def report(
    connection: Connection,
    question: AgreementQuestion,
    *,
    scales: VersionScales,
    grade: Grade = "auditor",
    position: int | None = None,
    limits: FigureLimits = EVERY_AUDIT,
    small_number: int = 0,
    basis: Basis = NOTHING_PRINTED,
    today: date | None = None,
) -> AgreementReport:
    """The grade profile; the arguments are those of the agreement report.

    Raises `Refused` for a cut or a rule that is about moderations.
    """
    check(question, grade)
    given = graded_column(question, grade)
    final = grade == "final" and basis.formulas >= 3
    audits = count_audits(
        connection, question, position=position, limits=limits, grade=given, final=final
    )
    counted = tally(question, scales, audits)
    domains = (
        {}
        if question.by_domain or (limits.only and not limits.only.startswith(DOMAIN))
        else _domains(connection, question, scales, position, limits, grade, final)
    )
    known = sorted({domain for each in domains.values() for domain in each})

    def row(group: dict[str, object], found: AgreementTally, basis: Basis) -> AgreementRow:
        basis = basis_of(question, found, basis)
        period = None if basis.period is None else basis.period.start
        values = () if period is None else tuple(group[key] for key in question.keys)
        group_query = question.query(group)
        own = domains.get((period, *values, found.scale.key), {})
        figures = [
            *_overall(found, basis),
            *(_of_domain(domain, own.get(domain, DomainTally()), basis) for domain in known),
        ]
        return AgreementRow(
            group=group,
            figures={
                figure.name: replace(
                    shown, basis=replace(shown.basis, rows=rows_behind(group_query, figure.name))
                )
                for figure in figures
                if limits.only in ("", figure.name)
                for shown in (as_counts_below(figure, small_number),)
            },
            grades=tuple(ranked(found.scale)),
            caveats=basis.caveats,
        )

    left_out = range_caveats(connection, question, position, limits, scales.areas)
    rows, totals = row_parts(question, counted, scales, row, basis, today)
    return AgreementReport(
        name="grades",
        title="Grade profile",
        question=question,
        as_at=basis.as_at,
        position=basis.position,
        rows=rows,
        totals=totals,
        caveats=(
            caveat("whose-grade", _whose(question, grade)),
            *left_out,
            *series_breaks(rows, question),
            *without_overall(counted),
            *area_caveats(question, scales),
        ),
    )


def check(question: AgreementQuestion, grade: str) -> None:
    """Raises `Refused` where a grade profile is asked for something about moderations."""
    if grade not in WHOSE:
        sentence = f"Grades are the auditor's or final, not “{grade}”."
        raise Refused(sentence, field="grade", code="unknown-grade")
    moderators = "moderator" in question.dimensions or "moderator" in question.filters
    if moderators or question.blind is not None or question.cohort == "moderation":
        sentence = "A grade profile counts audits, so it cannot be broken down by their moderation."
        raise Refused(sentence, field="dimension", code="not-about-moderation")


def graded_column(question: AgreementQuestion, grade: Grade) -> ColumnElement[Any]:
    """The column of the grades that are counted."""
    given = grades(question)[0]
    if grade != "final":
        return given
    if not question.by_domain:
        return agreement_audit.c.final_grade
    return case((agreement_audit.c.overall == "", agreement_domain.c.final_grade), else_=given)


def _whose(question: AgreementQuestion, grade: Grade) -> str:
    if grade == "final":
        return _BY_DOMAIN if question.by_domain else f"{WHOSE[grade]} {_BY_DOMAIN}"
    return WHOSE[grade]


def _overall(found: AgreementTally, basis: Basis) -> list[Figure]:
    order = ranked(found.scale)
    graded = sum(found.audits[code] for code in order)
    lowest = sum(found.audits[code] for code in order[-1:])
    met = found.scale.met_rank
    good = [code for code in order if met is not None and (found.scale.rank(code) or 0) <= met]
    figures = [
        count("audits_submitted", sum(found.audits.values()), basis=basis),
        count("graded", graded, sum(found.audits.values()), basis),
        *(count(f"grade_{code}", found.audits[code], graded, basis) for code in order),
        *(rate(f"share_{code}", found.audits[code], graded, basis) for code in order),
        rate("ri_or_better_rate", graded - lowest, graded, basis),
        rate("inadequate_rate", lowest, graded, basis),
    ]
    if met is not None:
        number = sum(found.audits[code] for code in good)
        figures.append(rate("good_or_better_rate", number, graded, basis))
    return figures


def _of_domain(domain: str, found: DomainTally, basis: Basis) -> Figure:
    figure = rate(f"{DOMAIN}{domain}", found.good, found.graded, basis)
    if len(found.scales) < 2:
        return figure
    sentence = "The domain was graded on different scales, which cannot be added together."
    caveats = (*figure.caveats, caveat("scales-differ", sentence))
    return replace(figure, exact=None, interval=None, caveats=caveats)


def _domains(
    connection: Connection,
    question: AgreementQuestion,
    scales: VersionScales,
    position: int | None,
    limits: FigureLimits,
    grade: Grade,
    final: bool,
) -> dict[tuple[Any, ...], dict[str, DomainTally]]:
    """Per group (and, under the period None, for the whole range): domain → its counts."""
    by_domain = replace(question, dimensions=(*question.dimensions, "domain"))
    given = graded_column(by_domain, grade)
    frame = count_audits(
        connection,
        by_domain,
        position=position,
        limits=limits,
        grade=given,
        final=final,
    )

    @cache
    def start_of(month: str) -> date:
        return period_of(date.fromisoformat(f"{month}-01"), question.by).start

    @cache
    def graded_on(tool: str, version: int, domain: str, grade: str) -> tuple[str, str, bool] | None:
        """The scale of the audit and of the domain, and whether the grade is good; or no rank."""
        scale = scales.of(tool, version, domain)
        rank, overall = scale.rank(grade), scales.of(tool, version).key
        met = scale.met_rank
        return None if rank is None or met is None else (overall, scale.key, rank <= met)

    found: dict[tuple[Any, ...], dict[str, DomainTally]] = {}
    # Columns by their place: a dictionary of every line is most of what this would cost.
    named = ["month", "tool", "tool_version", "domain", "grade", "number"]
    lines = zip(*(frame[name] for name in (*named, *question.keys)), strict=True)
    for month, tool, version, domain, grade_given, number, *values in lines:
        judged = graded_on(tool, version, domain, grade_given or "")
        if judged is None:
            continue
        overall, scale, good = judged
        for key in ((start_of(month), *values, overall), (None, overall)):
            one = found.setdefault(key, {}).setdefault(domain, DomainTally())
            one.graded += number
            one.good += number if good else 0
            one.scales.add(scale)
    return found
