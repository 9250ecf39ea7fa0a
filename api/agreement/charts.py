"""The charts of a report, drawn from its own figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from api.agreement.tables import Words, headings
from api.charts import charts
from api.charts.charts import (
    Band,
    ChartMatrix,
    GradeMix,
    HeatMap,
    Shifts,
)
from api.charts.drawing import Chart
from api.charts.funnel import FunnelChart, funnel_chart
from api.charts.trend import Trend, trend
from api.reports.sentences import Opened, nowhere, rate_links, rate_point, share_of
from projections.agreement.model import AgreementReport, AgreementRow
from projections.figures.figure import Figure
from projections.figures.funnels import FunnelPart, funnel
from projections.figures.running import NOT_OVER
from qa.core.words import Scale

MOST_SERIES = 4
MOST_BARS = 24

Series = tuple[str, list[AgreementRow]]


def series(report: AgreementReport, words: Words) -> list[Series]:
    """The rows of each group through the periods, named by what sets the group apart."""
    found: dict[tuple[str, ...], list[AgreementRow]] = {}
    for row in report.rows:
        found.setdefault(headings(report, row, words)[1:], []).append(row)
    return [(", ".join(name), rows) for name, rows in found.items()]


def agreement_charts(
    report: AgreementReport,
    words: Words,
    scales: Mapping[str, Scale],
    href: Opened = nowhere,
) -> list[Chart]:
    """Agreement by period, the matrix of grades, and the shift. One of each a series."""
    drawn = []
    for name, rows in series(report, words)[:MOST_SERIES]:
        points = [
            rate_point(row, "moderation_agreement_rate", report.question.period_key) for row in rows
        ]
        title = _titled("Moderators who gave the auditor’s grade", name)
        links = rate_links(rows, "moderation_agreement_rate", href)
        made = trend(Trend(title, "Same grade", points, tool_breaks(report, rows)))
        drawn.append(made.opening(links))
        table = _summed([row.matrix for row in rows])
        if table:
            bands = _bands(rows[0], scales)
            title = _titled("Auditor’s grade by moderator’s grade", name)
            whole, codes = _whole(report, rows[0]), rows[0].grades
            drawn.append(
                charts.matrix(ChartMatrix(title, bands, table)).opening(
                    ("", *(href(whole, f"pair_{one}:{other}") for other in codes)) for one in codes
                )
            )
    moved = [row for row in report.rows if row.figures["mean_shift"].exact is not None]
    if moved:
        moved = moved[-MOST_BARS:]
        found = [
            (", ".join(headings(report, row, words)), figure.exact, figure.denominator or 0)
            for row in moved
            if (figure := row.figures["mean_shift"]).exact is not None
        ]
        title = "Which way moderation moved grades"
        links = [("", *(2 * (href(row, "mean_shift"),))) for row in moved]
        drawn.append(charts.shifts(Shifts(title, found)).opening(links))
    return drawn


def _whole(report: AgreementReport, row: AgreementRow) -> AgreementRow:
    """The row of all its periods together, which its report does not hold."""
    kept = {name: row.group[name] for name in (*report.question.keys, "scale") if name in row.group}
    span = {"from": str(report.question.start), "to": str(report.question.end)}
    return replace(row, group={**span, **kept})


def grade_charts(
    report: AgreementReport,
    words: Words,
    scales: Mapping[str, Scale],
    href: Opened = nowhere,
) -> list[Chart]:
    """The grade mix by period, with a mark where the audit tool changed."""
    drawn = []
    # Without an overall grade there is nothing to draw: the domains are in the table.
    graded = [(name, rows) for name, rows in series(report, words) if rows[0].grades]
    for name, rows in graded[:MOST_SERIES]:
        broken = breaks(rows)
        periods = []
        for row in rows:
            label = str(row.group[report.question.period_key])
            counts = [row.figures[f"grade_{code}"].numerator or 0 for code in row.grades]
            label = f"{label} | {NOT_OVER}" if row.running else label
            periods.append((f"{label} | tool changed" if id(row) in broken else label, counts))
        title = _titled("Grades given", name)
        break_words = [*(f"grade_{code}" for code in rows[0].grades), "graded"]
        drawn.append(
            charts.grade_mix(GradeMix(title, _bands(rows[0], scales), periods)).opening(
                ("", *(href(row, figure) for figure in break_words)) for row in rows
            )
        )
        points = [
            rate_point(row, "good_or_better_rate", report.question.period_key) for row in rows
        ]
        if any(point.of for point in points):
            title = _titled("Audits graded good or better", name)
            made = trend(Trend(title, "Good or better", points, tool_breaks(report, rows)))
            drawn.append(made.opening(rate_links(rows, "good_or_better_rate", href)))
    return drawn


def breaks(rows: Sequence[AgreementRow]) -> set[int]:
    """The rows (by `id`) whose tools differ from those of the last period that had any."""
    found: set[int] = set()
    last: tuple[str, ...] = ()
    for row in rows:
        tools = next(iter(row.figures.values())).basis.tool_versions
        if not tools:
            continue
        if last and tools != last:
            found.add(id(row))
        last = tools
    return found


def tool_breaks(report: AgreementReport, rows: Sequence[AgreementRow]) -> dict[str, str]:
    """The periods with whose audit tools a series begins anew, each with these."""
    broken = breaks(rows)
    return {
        str(row.group[report.question.period_key]): (
            f"audited with {', '.join(next(iter(row.figures.values())).basis.tool_versions)}."
        )
        for row in rows
        if id(row) in broken
    }


def funnels(
    parts: Mapping[str, Sequence[FunnelPart]],
    least: int,
    href: Callable[[str, str], str] = lambda name, team: "",
) -> list[Chart]:
    """Teams against the limits of chance: a chart for each of what they were graded on, by name."""
    drawn = []
    for name, teams in [*parts.items()][:MOST_SERIES]:
        made = funnel(teams, least)
        if made is not None:
            title = _titled("Good or better by team, against what chance gives", name)
            shown = funnel_chart(FunnelChart(title, "Good or better", "Grades given", made))
            drawn.append(shown.opening(("", *(3 * (href(name, row[0]),))) for row in shown.rows))
    return drawn


def heat_map(
    cells: Mapping[tuple[str, str], Figure], href: Callable[[str, str], str] = lambda team, of: ""
) -> Chart:
    """Team by domain, from figures by the names of both."""
    teams = list(dict.fromkeys(team for team, _ in cells))
    domains = list(dict.fromkeys(domain for _, domain in cells))
    shown = {at: (share_of(figure.exact), figure.denominator or 0) for at, figure in cells.items()}
    title = "Good or better, team by domain"
    links = [("", *(href(team, domain) for domain in domains)) for team in teams]
    return charts.heat_map(HeatMap(title, "Good or better", teams, domains, shown)).opening(links)


def _summed(tables: Sequence[Sequence[Sequence[int]]]) -> list[list[int]]:
    counts = [table for table in tables if table]
    if not counts:
        return []
    size = range(len(counts[0]))
    return [[sum(table[i][j] for table in counts) for j in size] for i in size]


def _bands(row: AgreementRow, scales: Mapping[str, Scale]) -> list[Band]:
    scale = scales.get(next(iter(row.figures.values())).basis.scale_version or "")
    found = []
    for code in row.grades:
        point = None if scale is None else scale.point(code)
        label = code if point is None else point.label
        letter = label[0] if point is None or not point.short else point.short
        found.append(Band(label, letter))
    return found


def _titled(title: str, name: str) -> str:
    return f"{title}: {name}" if name else title
