"""The closing-the-loop report as tables: which figures stand together, what each is called, by
which rule it counts, and the share that is still open by every fourth week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from api.actions.loop_forms import CUTS, Choices
from api.reports.tables import ReportTable, TableLine, cell, sentence
from projections.actions.closing_the_loop.report import LoopReport, LoopReportRow
from projections.actions.closing_the_loop.rules import P90
from projections.actions.tables import ActionRow
from projections.figures.durations import Curve
from projections.figures.rounding import shown
from projections.figures.running import labelled

Href = Callable[[LoopReportRow, str], str]
"""The address of the actions behind a figure of a row."""

NAMES: Mapping[str, str] = {
    "raised": "Raised",
    "accepted": "Accepted",
    "claimed": "Claimed done",
    "evidenced": "Evidence accepted",
    "verified": "Impact checked",
    "effective": "Effective",
    "not_effective": "Impact not seen",
    "no_longer_applicable": "No longer applicable",
    "open": "Still open",
    "overdue_by_current_date": "Overdue",
    "overdue_by_first_date": "Overdue by first date",
    "redated": "Date moved",
    "action_completion_rate": "Done by first due date",
    "action_completion_rate_by_current_date": "Done by date in force",
    "loop_closed_rate": "Loop closed",
    "recurrence_rate": "Came back",
    "days_to_acceptance": "Raised to accepted",
    "days_to_claim": "Accepted to claimed",
    "days_to_evidence": "Claimed to evidence accepted",
    "days_to_impact_check": "Evidence to impact checked",
    "days_to_effect": "Raised to effective",
    "days_overdue_by_current_date": "Overdue by the date in force",
    "days_overdue_by_first_date": "Overdue by the first date",
}

_RAISED = "every action that was raised in the period"
_OWED = "those past their date: still owed, or claimed done only after it"
RULES: Mapping[str, tuple[str, str]] = {
    "raised": (_RAISED, "all of them"),
    "accepted": (_RAISED, "those that their present owner accepted"),
    "claimed": (_RAISED, "those whose claim stands: it was not returned"),
    "evidenced": (_RAISED, "those whose evidence was accepted"),
    "verified": (_RAISED, "those whose impact was checked: seen, not seen, or later lost"),
    "effective": (_RAISED, "those whose impact was confirmed, and that nothing reopened"),
    "not_effective": (_RAISED, "those that were done and changed nothing"),
    "no_longer_applicable": (_RAISED, "those that fell away, with a reason"),
    "open": (_RAISED, "those that have not ended"),
    "overdue_by_current_date": (_RAISED, f"{_OWED}. The date is the one in force"),
    "overdue_by_first_date": (_RAISED, f"{_OWED}. The date is the first one"),
    "redated": (_RAISED, "those whose due date was moved at least once"),
    "action_completion_rate": (
        "every action whose first due date lies in the period and has passed",
        "those whose evidence was accepted by that date",
    ),
    "action_completion_rate_by_current_date": (
        "every action whose date in force lies in the period and has passed",
        "those whose evidence was accepted by that date",
    ),
    "loop_closed_rate": (
        "every action with accepted evidence, whose impact was to be checked by a day in the "
        "period that has passed",
        "those whose impact was confirmed, and that nothing reopened",
    ),
    "recurrence_rate": (
        "every action raised in the period whose loop was closed at some time",
        "those that were reopened because the same thing was seen again",
    ),
    "days_overdue_by_current_date": (f"{_OWED}. The date is the one in force", "all of them"),
    "days_overdue_by_first_date": (f"{_OWED}. The date is the first one", "all of them"),
}
_LASTING = ("every action raised in the period that came to both steps", "all of them")

WITHOUT_EFFECT = "Children for whom nothing has changed yet"

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "From finding to effect",
        ("raised", "accepted", "claimed", "evidenced", "verified", "effective"),
    ),
    (
        "How well loops close",
        (
            "action_completion_rate",
            "action_completion_rate_by_current_date",
            "loop_closed_rate",
            "recurrence_rate",
        ),
    ),
    (
        "What is still owed, and what ended otherwise",
        (
            "open",
            "overdue_by_first_date",
            "overdue_by_current_date",
            "redated",
            "not_effective",
            "no_longer_applicable",
        ),
    ),
)
STEPS = tuple(name for name in NAMES if name.startswith("days_"))
TIMED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Days between steps: the median", STEPS),
    (
        "Days between steps: the 90th percentile, within which nine in ten were done",
        tuple(name + P90 for name in STEPS),
    ),
)


def named(figure: str) -> str:
    """What a figure is called where it stands alone."""
    name = figure.removesuffix(P90)
    if not name.startswith("days_"):
        return NAMES[name]
    return f"{NAMES[name]}, {'90th percentile' if name != figure else 'median'} days"


def rule(figure: str) -> tuple[str, str]:
    """What the denominator of a figure counts, and what of that its numerator counts."""
    return RULES.get(figure.removesuffix(P90), _LASTING)


def headings(report: LoopReport) -> tuple[str, ...]:
    return ("Period", *(CUTS[name] for name in report.question.keys))


def row_headings(report: LoopReport, row: LoopReportRow, words: Choices) -> tuple[str, ...]:
    """The words that name a row, the period first."""
    dimensions = report.question.keys
    if "total" in row.group:
        return (str(row.group["total"]), *("All" for _ in dimensions))
    values = [(name, str(row.group[name])) for name in dimensions]
    return (
        labelled(row.group[report.question.period_key], row.caveats),
        *(words[name].get(value, value) for name, value in values),
    )


def tables(report: LoopReport, words: Choices, href: Href) -> list[ReportTable]:
    """Every figure of the report, a few to a table."""

    def line(row: LoopReportRow, columns: Sequence[str], own_notes: bool) -> TableLine:
        cells = [cell(row.figures[name], href(row, name)) for name in columns]
        notes = tuple(map(sentence, row.caveats)) if own_notes else ()
        named = row_headings(report, row, words)
        return TableLine(named, tuple(cells), notes, "total" in row.group)

    rows = (*report.rows, *report.totals)
    return [
        ReportTable(
            title,
            headings(report),
            tuple(NAMES[name.removesuffix(P90)] for name in columns),
            tuple(line(row, columns, at == 0) for row in rows),
        )
        for at, (title, columns) in enumerate((*SECTIONS, *TIMED))
    ]


def series(report: LoopReport, words: Choices) -> list[tuple[str, list[LoopReportRow]]]:
    """The rows of each group through the periods, named by what sets the group apart."""
    found: dict[tuple[str, ...], list[LoopReportRow]] = {}
    for row in report.rows:
        found.setdefault(row_headings(report, row, words)[1:], []).append(row)
    return [(", ".join(name), rows) for name, rows in found.items()]


WEEKS_APART = 4
CURVE_RULE = (
    "An action ends here when its impact was checked, whatever was seen. One that still waits for "
    "that, or that no longer applies, counts as open for as long as it was watched and is then "
    "left out of those at risk (the product-limit estimate of Kaplan and Meier, 1958)."
)
CURVE_COLUMNS = ("Days since raised", "Still open and watched", "Ended since", "Stopped being "
                 "watched since", "Share still open")  # fmt: skip


def by_weeks(curve: Curve) -> list[tuple[str, str, str, str, str]]:
    """The curve at every fourth week until the last step: what happened since the mark before."""
    found: list[tuple[str, str, str, str, str]] = []
    last = curve.steps[-1].day if curve.steps else -1
    mark, at = 0, 0
    at_risk = sum(step.ended + step.censored for step in curve.steps)
    while mark - 7 * WEEKS_APART < last:
        first = at
        while at < len(curve.steps) and curve.steps[at].day <= mark:
            at_risk -= curve.steps[at].ended + curve.steps[at].censored
            at += 1
        steps = curve.steps[first:at]
        upto = curve.after(mark)
        found.append(
            (
                str(mark),
                str(at_risk),
                str(sum(step.ended for step in steps)),
                str(sum(step.censored for step in steps)),
                "100%" if upto is None else shown(100 * upto.share, "percent"),
            )
        )
        mark += 7 * WEEKS_APART
    return found


def curve_words(curve: Curve) -> str:
    """The curve in a sentence or two."""
    if not curve.n:
        return "No action was raised."
    actions = "1 action" if curve.n == 1 else f"{curve.n} actions"
    ended = f"the impact of {curve.ended} was checked; {curve.censored} were still waiting for "
    half = (
        "More than half are still open at the end of what was watched."
        if curve.median is None
        else f"Half had ended after {curve.median} days."
    )
    return f"Of {actions}, {ended}that when last looked at, or fell away. {half}"


def days_open(row: ActionRow, made: LoopReport) -> int:
    """The days from the day it was raised to the day of the report."""
    return (made.day - made.day.fromisoformat(row.raised_on)).days
