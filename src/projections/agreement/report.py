"""The agreement report: how much is moderated, how far moderators agree, and which way they move.

What is compared is always the auditor's submitted grade and the moderator's own, never the final
grade: otherwise moderation would be agreeing with itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from sqlalchemy.engine import Connection

from projections.agreement.counting import (
    AgreementCounts,
    AgreementTally,
    VersionScales,
    count_audits_and_pairs,
    count_days,
    count_rows,
    tally,
)
from projections.agreement.model import (
    AgreementReport,
    AgreementRow,
    area_caveats,
    laid_out,
    period_caveats,
    series_breaks,
    tool_labels,
    without_overall,
)
from projections.agreement.question import (
    EVERY_AUDIT,
    AgreementQuestion,
    FigureLimits,
    counted_for,
    in_range,
    rows_behind,
)
from projections.agreement.tables import agreement_audit
from projections.agreement.trust import reading
from projections.figures import statistics
from projections.figures.figure import (
    IN_ROOM,
    Basis,
    Figure,
    caveat,
    coefficient,
    count,
    mean_shift,
    median_days,
    rate,
)
from projections.figures.formulas import coefficients
from projections.figures.judgement_areas import AreaMappings
from projections.figures.rounding import Unit
from projections.figures.small_numbers import as_counts_below
from qa.core.one_of import one_of
from qa.core.words import NO_OVERALL_GRADE, Scale

NOTHING_PRINTED = Basis()


def report(
    connection: Connection,
    question: AgreementQuestion,
    *,
    scales: VersionScales,
    position: int | None = None,
    limits: FigureLimits = EVERY_AUDIT,
    small_number: int = 0,
    basis: Basis = NOTHING_PRINTED,
    today: date | None = None,
) -> AgreementReport:
    """The agreement report as known at `position` (now when None).

    `limits` are what is left out for the reader; audits that are sealed from them are counted in a
    caveat. Figures on a base smaller than `small_number` are replaced by their counts. `basis` is
    what all figures rest on alike: the version of the formulas that makes them, and the day and the
    position that are printed. `today` is the day on which a period may not be over yet. Where the
    limits let `only` one figure through, what that has no part in is not counted.

    Raises `CaseloopError` where a tool's scale is not among `scales`.
    """
    counted = tally(
        question,
        scales,
        *count_audits_and_pairs(
            connection, question, position=position, limits=limits, formulas=basis.formulas
        ),
        None
        if limits.only not in ("", "days_to_moderation")
        else count_days(connection, question, position=position, limits=limits),
    )

    def row(group: dict[str, object], found: AgreementTally, basis: Basis) -> AgreementRow:
        return agreement_row(question, group, found, basis_of(question, found, basis), small_number)

    left_out = range_caveats(connection, question, position, limits, scales.areas)
    rows, totals = row_parts(question, counted, scales, row, basis, today)
    return AgreementReport(
        name="agreement",
        title="Moderation agreement",
        question=question,
        as_at=basis.as_at,
        position=basis.position,
        rows=rows,
        totals=totals,
        caveats=(
            *left_out,
            *series_breaks(rows, question),
            *without_overall(counted),
            *area_caveats(question, scales),
        ),
    )


def basis_of(question: AgreementQuestion, found: AgreementTally, basis: Basis) -> Basis:
    """What a row rests on, besides its period and what is remarked on it."""
    return replace(
        basis,
        cohort_rule=question.rule.sentence,
        scale_version=found.scale.key,
        tool_versions=tool_labels(found),
    )


def row_parts(
    question: AgreementQuestion,
    counted: AgreementCounts,
    scales: VersionScales,
    row: Callable[[dict[str, object], AgreementTally, Basis], AgreementRow],
    basis: Basis,
    today: date | None,
) -> tuple[tuple[AgreementRow, ...], tuple[AgreementRow, ...]]:
    """The rows of the periods and of the whole range, each made by `row`."""
    running = None if basis.formulas < 2 else today
    periods, totals = laid_out(question, counted, scales)
    return (
        tuple(
            row(
                dict(group),
                found,
                replace(
                    basis,
                    period=period,
                    caveats=period_caveats(period, *question.within(period), found, running),
                ),
            )
            for period, group, found in periods
        ),
        tuple(row(dict(group), found, basis) for group, found in totals),
    )


def range_caveats(
    connection: Connection,
    question: AgreementQuestion,
    position: int | None,
    limits: FigureLimits,
    areas: AreaMappings,
) -> tuple[str, ...]:
    """What is left out of the whole report, and how much of it; not where one figure is opened."""
    if limits.only:
        return ()
    found = [] if limits.within is None else [IN_ROOM]
    day = question.rule.audits_by
    if limits.sealed:
        sealed = count_rows(
            connection,
            question,
            position,
            areas,
            in_range(day, question.start, question.end),
            one_of(agreement_audit.c.audit, limits.sealed),
        )
        if sealed:
            audits = "1 audit is" if sealed == 1 else f"{sealed} audits are"
            sentence = f"{audits} left out, because you are still to moderate them blind."
            found.append(caveat("sealed", sentence))
    if day != "audit_date":
        missing = agreement_audit.c[day].is_(None)
        undated = count_rows(connection, question, position, areas, missing, *counted_for(limits))
        if undated:
            audits = "1 audit has" if undated == 1 else f"{undated} audits have"
            sentence = f"{audits} no {day.replace('_on', '')} date and can be in no period."
            found.append(caveat("no-date", sentence))
    childless = count_rows(
        connection,
        question,
        position,
        areas,
        in_range(day, question.start, question.end),
        agreement_audit.c.child_key == "",
        *counted_for(limits),
    )
    if childless:
        audits = "1 audit is a result" if childless == 1 else f"{childless} audits are results"
        found.append(caveat("without-child", f"{audits} without a child, from a return."))
    return tuple(found)


def agreement_row(
    question: AgreementQuestion,
    group: dict[str, object],
    found: AgreementTally,
    basis: Basis,
    small_number: int,
) -> AgreementRow:
    """One group's figures, matrix and reading."""
    order = ranked(found.scale)
    table, ungraded = _table(found, order)
    notes = list(basis.caveats)
    if ungraded and found.scale.key == NO_OVERALL_GRADE.key:
        pairs = "1 moderation is" if ungraded == 1 else f"{ungraded} moderations are"
        notes.append(caveat("no-overall-grade", f"{pairs} compared by domain only."))
    elif ungraded:
        pairs = "1 moderation is" if ungraded == 1 else f"{ungraded} moderations are"
        sentence = f"{pairs} not compared, because one grade of the two has no rank."
        notes.append(caveat("ungraded", sentence))
    basis = replace(basis, caveats=tuple(notes))
    figures = {
        figure.name: as_counts_below(figure, small_number)
        for figure in _figures(question, found, table or [[0]], order, basis)
    }
    group_query = question.query(group)
    query = {
        name: replace(figure, basis=replace(basis, rows=rows_behind(group_query, name)))
        for name, figure in figures.items()
    }
    return AgreementRow(
        group=group,
        figures=query,
        grades=tuple(order),
        matrix=tuple(tuple(line) for line in table),
        reading="The tool has no overall grade: cut the report by domain or judgement area."
        if found.scale.key == NO_OVERALL_GRADE.key
        else reading(table, figures["kappa_quadratic"], figures["ac2"]),
        caveats=basis.caveats,
    )


def _table(found: AgreementTally, order: list[str]) -> tuple[list[list[int]], int]:
    """The contingency table, and how many pairs have a grade that cannot be ranked."""
    places = {code: at for at, code in enumerate(order)}
    table = [[0] * len(order) for _ in order]
    ungraded = 0
    for (auditor, moderator), number in found.pairs.items():
        if auditor in places and moderator in places:
            table[places[auditor]][places[moderator]] += number
        else:
            ungraded += number
    return table, ungraded


def _figures(
    question: AgreementQuestion,
    found: AgreementTally,
    table: list[list[int]],
    order: list[str],
    basis: Basis,
) -> list[Figure]:
    audits = sum(found.audits.values())
    moderated = sum(found.pairs.values())
    maths = coefficients(basis.formulas)
    agreeing, compared = statistics.agreement(table)
    near, _ = statistics.agreement(table, within=1)
    moved = maths.shift(table)
    figures = [
        count("audits_submitted", audits, basis=basis),
        count("moderated", moderated, basis=basis),
        coverage(question, moderated, audits, basis),
        rate("moderation_agreement_rate", agreeing, compared, basis),
        rate("within_one_rate", near, compared, basis),
        coefficient("kappa", maths.cohens_kappa(table, "none"), agreeing, basis),
        coefficient("kappa_linear", maths.cohens_kappa(table, "linear"), agreeing, basis),
        coefficient("kappa_quadratic", maths.cohens_kappa(table, "quadratic"), agreeing, basis),
        coefficient("ac1", maths.gwets_ac(table), agreeing, basis),
        coefficient("ac2", maths.gwets_ac(table, "ordinal"), agreeing, basis),
        coefficient("alpha", maths.krippendorffs_alpha(table), agreeing, basis),
        mean_shift("mean_shift", moved, basis),
        count("moderated_up", moved.up, moved.n, basis),
        count("moderated_down", moved.down, moved.n, basis),
        direction(moved, basis),
        median_days("days_to_moderation", found.days.elements(), basis),
        disputes(found.disputes, basis),
        *(_knowing(kind, found, basis) for kind in ("blind", "open")),
    ]
    for at, code in enumerate(order):
        figures.append(count(f"auditor_{code}", found.audits[code], audits, basis))
        given = sum(line[at] for line in table)
        figures.append(count(f"moderator_{code}", given, compared, basis))
    return figures


def coverage(question: AgreementQuestion, moderated: int, audits: int, basis: Basis) -> Figure:
    """The share of the audits that were moderated.

    Where moderations count by their own date they are not among these audits, so the figure is no
    share: it has no interval, and may pass 100.
    """
    if question.cohort != "moderation":
        return rate("moderation_coverage_rate", moderated, audits, basis)
    sentence = "Moderations made in the period are set against audits of the period: not a share."
    whole = rate("moderation_coverage_rate", min(moderated, audits), audits, basis)
    exact = None if audits == 0 else Fraction(100 * moderated, audits)
    caveats = (caveat("not-a-share", sentence), *whole.caveats)
    return replace(whole, numerator=moderated, exact=exact, interval=None, caveats=caveats)


def direction(moved: statistics.Shift, basis: Basis) -> Figure:
    """How likely a split of up and down at least as uneven is, if both were equally likely."""
    note = moved.note if moved.sign_test is None else ""
    estimate = statistics.Estimate(moved.sign_test, moved.up + moved.down, note=note)
    unit: Unit = "coefficient" if basis.formulas < 2 else "probability"
    figure = coefficient("direction_sign_test", estimate, moved.up, basis, unit)
    sentence = (
        "The exact two-sided probability of a split of up and down at least as uneven, if both "
        "were equally likely. The counts are those moderated up, of those moved."
    )
    return replace(figure, caveats=(caveat("probability", sentence), *figure.caveats))


def disputes(outcomes: Counter[str], basis: Basis) -> Figure:
    """The share of decided disputes that were upheld in full."""
    decided = sum(outcomes[code] for code in ("upheld", "partly-upheld", "not-upheld"))
    figure = rate("dispute_upheld_rate", outcomes["upheld"], decided, basis)
    partly = outcomes["partly-upheld"]
    if not partly:
        return figure
    sentence = f"{partly} more {'was' if partly == 1 else 'were'} upheld in part."
    return replace(figure, caveats=(caveat("partly-upheld", sentence), *figure.caveats))


def _knowing(kind: str, found: AgreementTally, basis: Basis) -> Figure:
    same, differing = found.knowing[kind, True], found.knowing[kind, False]
    return rate(f"{kind}_agreement_rate", same, same + differing, basis)


def ranked(scale: Scale) -> list[str]:
    """The grades of a scale that have a rank, best first."""
    return [point.code for point in scale.points if point.rank is not None]
