"""A report as tables: which figures stand together, what each cell says, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.reports.sentences import Opened, nowhere
from api.reports.tables import ReportTable, TableLine, cell, sentence
from projections.agreement.model import AgreementReport, AgreementRow
from projections.figures.figure import Figure
from projections.figures.judgement_areas import NO_AREA
from projections.figures.rounding import UNKNOWN
from projections.figures.running import labelled
from qa.audit_tools.definition import JudgementArea
from qa.core.words import NO_OVERALL_GRADE

BEYOND_CHANCE = "Agreement beyond chance"
WHICH_WAY = "Which way moderation moves grades"
SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "How much is moderated, and how far moderators agree",
        (
            ("audits_submitted", "Audits"),
            ("moderation_coverage_rate", "Moderated"),
            ("moderation_agreement_rate", "Same grade"),
            ("within_one_rate", "Same or next grade"),
        ),
    ),
    (
        "Blind and open moderation apart",
        (
            ("blind_agreement_rate", "Same grade, blind"),
            ("open_agreement_rate", "Same grade, open"),
            ("days_to_moderation", "Median time to moderation"),
            ("dispute_upheld_rate", "Disputes upheld"),
        ),
    ),
    (
        BEYOND_CHANCE,
        (
            ("kappa", "Kappa"),
            ("kappa_linear", "Kappa, linear weights"),
            ("kappa_quadratic", "Kappa, quadratic weights"),
            ("ac1", "AC1"),
            ("ac2", "AC2, ordered"),
            ("alpha", "Alpha, ordered"),
        ),
    ),
    (
        WHICH_WAY,
        (
            ("mean_shift", "Mean shift in grades"),
            ("moderated_up", "Moderated up"),
            ("moderated_down", "Moderated down"),
            ("direction_sign_test", "p-value (sign test)"),
        ),
    ),
)

AREA_WORDS = {**{one.value: one.label for one in JudgementArea}, NO_AREA: "No judgement area"}
STATISTICS = frozenset({BEYOND_CHANCE, WHICH_WAY})
"""The sections whose figures are coefficients and tests."""

KEYS = {
    "team": "Team",
    "service": "Service",
    "tool": "Audit tool",
    "tool_version": "Version",
    "domain": "Domain",
    "area": "Judgement area",
    "auditor": "Auditor",
    "moderator": "Moderator",
    "scale": "Scale",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What codes are called: domain titles, names of people, titles of tools, labels of grades."""

    domains: Mapping[str, str]
    people: Mapping[str, str]
    tools: Mapping[str, str]
    grades: Mapping[str, str]


def key_headings(report: AgreementReport) -> tuple[str, ...]:
    """The headings of what a row is cut by."""
    several = any("scale" in row.group for row in (*report.rows, *report.totals))
    keys = [*report.question.keys, *(["scale"] if several else [])]
    return ("Period", *(KEYS[key] for key in keys))


def headings(
    report: AgreementReport, row: AgreementRow, words: Words, keys: int = 0
) -> tuple[str, ...]:
    """The words that name a row, the period first. `keys` are how many, where that is known."""
    keys = keys or len(key_headings(report))
    group = row.group
    if "total" in group:
        named = [str(group["total"]), *("All" for _ in report.question.keys)]
        return (*named, *([_scale(group)] if len(named) < keys else []))
    named = [labelled(group[report.question.period_key], row.caveats)]
    named += [_called(key, group, words) for key in report.question.keys]
    return (*named, *([_scale(group)] if len(named) < keys else []))


def _scale(group: Mapping[str, Any]) -> str:
    key = str(group["scale"])
    return NO_OVERALL_GRADE.name if key == NO_OVERALL_GRADE.key else key


def _called(key: str, group: Mapping[str, Any], words: Words) -> str:
    value = group.get(key)
    if value is None:
        return "Nobody" if key in ("moderator", "auditor") else "Not known"
    if key in ("team", "service"):
        return str(group.get(f"{key}_name", value))
    named = {"domain": words.domains, "area": AREA_WORDS, "tool": words.tools}
    known = named.get(key, words.people)
    return known.get(str(value), str(value))


def part_words(of: str, words: Words) -> str:
    """What a judgement area or a domain is called."""
    return AREA_WORDS.get(of) or words.domains.get(of, of)


def agreement_tables(report: AgreementReport, words: Words, href: Opened) -> list[ReportTable]:
    """Every figure of the agreement report, four or so to a table."""
    return [
        _table(report, title, dict(columns), words, href, own_notes=at == 0)
        for at, (title, columns) in enumerate(SECTIONS)
    ]


def grade_tables(report: AgreementReport, words: Words, href: Opened) -> list[ReportTable]:
    """The grades given, the shares of good and better, and the domains."""
    rows = (*report.rows, *report.totals)
    order = list(dict.fromkeys(code for row in rows for code in row.grades))
    domains = dict.fromkeys(
        name for row in rows for name in row.figures if name.startswith("domain_good_rate.")
    )
    given = {"audits_submitted": "Audits", "graded": "Graded"}
    given |= {f"share_{code}": words.grades.get(code, code) for code in order}
    whether = {
        "good_or_better_rate": "Good or better",
        "ri_or_better_rate": "Better than the lowest grade",
        "inadequate_rate": "The lowest grade",
    }
    tables = [
        _table(report, "Grades given", given, words, href, own_notes=True),
        _table(report, "Good or better", whether, words, href, own_notes=False),
    ]
    if domains:
        columns = {
            name: words.domains.get(name.partition(".")[2], name.partition(".")[2])
            for name in domains
        }
        title = "Good or better, by domain (the auditor’s grades)"
        tables.append(_table(report, title, columns, words, href, own_notes=False))
    return tables


def _table(
    report: AgreementReport,
    title: str,
    columns: Mapping[str, str],
    words: Words,
    href: Opened,
    *,
    own_notes: bool,
) -> ReportTable:
    def line(row: AgreementRow, total: bool) -> TableLine:
        cells = [cell(row.figures.get(name), href(row, name)) for name in columns]
        notes = tuple(map(sentence, row.caveats)) if own_notes else ()
        return TableLine(headings(report, row, words, len(named)), tuple(cells), notes, total)

    named = key_headings(report)

    lines = [line(row, False) for row in report.rows] + [line(row, True) for row in report.totals]
    return ReportTable(title, named, tuple(columns.values()), tuple(lines))


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """From one period to the next: the figure then and now, where these lead, and what lies
    between them in points and in number."""

    headings: tuple[str, ...]
    before: str
    after: str
    links: tuple[str, str]
    points: str
    number: str
    notes: tuple[str, ...]


def steps(
    report: AgreementReport, figure: str, words: Words, href: Opened = nowhere
) -> list[PeriodChange]:
    """The changes of a rate; a rate may fall while its number rises, so both are given."""
    if any(figure not in row.figures for row in report.rows):
        return []
    found, keys = [], len(key_headings(report))
    for before, after, points, number in report.changes(figure):
        named, then = (headings(report, row, words, keys) for row in (after, before))
        was, now = points.before, points.after
        notes = dict.fromkeys(map(sentence, (*points.caveats, *number.caveats)))
        found.append(
            PeriodChange(
                (f"{then[0]} to {named[0]}", *named[1:]),
                _shown(was),
                _shown(now),
                (href(before, figure), href(after, figure)),
                "Cannot be calculated" if points.exact is None else points.display,
                "Cannot be calculated" if number.exact is None else number.display,
                tuple(notes),
            )
        )
    return found


def _shown(figure: Figure) -> str:
    value = "Not known" if figure.display == UNKNOWN else figure.display
    return f"{value} ({figure.numerator} of {figure.denominator})"


def readings(report: AgreementReport, words: Words) -> list[tuple[str, str]]:
    """The sentence on what to trust, for each row that has one."""
    return [
        (", ".join(headings(report, row, words)), row.reading)
        for row in (*report.rows, *report.totals)
        if row.reading
    ]


def people_in(reports: Sequence[AgreementReport]) -> set[str]:
    """Everybody that a row is named after."""
    return {
        str(row.group[key])
        for report in reports
        for row in report.rows
        for key in ("auditor", "moderator")
        if row.group.get(key) is not None
    }
