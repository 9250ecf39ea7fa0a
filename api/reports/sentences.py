"""What a report page says first: sentences made of the report's own figures, each with its why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

from api.charts.charts import ChartRate
from api.documents.figures import FiguresRow
from api.reports.tables import ReportTable, cell, sentence
from projections.figures.figure import Figure, change_in_points, code_of_caveat
from projections.figures.rounding import Exact
from projections.figures.running import is_running


@dataclass(frozen=True, slots=True)
class ReportSentence:
    """`href` leads to why the figure is what it is, and `about` says which figure that is."""

    text: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class RateWords:
    """A rate in words: of so many `base`, so many `did`."""

    figure: str
    base: str
    did: str


def _counted(figure: Figure) -> str:
    share = "" if figure.exact is None else f" ({figure.display})"
    return f"{figure.numerator} of {figure.denominator}{share}"


def _whole(figure: Figure, words: RateWords) -> str:
    base = f"{words.base[0].upper()}{words.base[1:]}"
    if not figure.denominator:
        nothing = "too few to show" if figure.suppressed else "none to count"
        return f"{base}: {nothing}."
    if figure.denominator == 1:
        return f"{base}: {_counted(figure)} {words.did}."
    share = "" if figure.exact is None else f" ({figure.display})"
    return f"Of {figure.denominator} {words.base}, {figure.numerator}{share} {words.did}."


def figure_sentence(row: str, figure: Figure, called: str, words: RateWords | None) -> str:
    """A figure of the row called `row` in one sentence; empty where it has no value to tell."""
    if figure.exact is None:
        return ""
    if words is None:
        shown = cell(figure)
        return f"{row}: {called} {shown.value}{f' ({shown.of})' if shown.of else ''}."
    text = _whole(figure, words)
    return f"{row}: {text[0].lower()}{text[1:]}"


Row = TypeVar("Row", bound=FiguresRow)


def whole_and_latest(
    total: Row,
    rows: Sequence[Row],
    key: str,
    says: Sequence[RateWords],
    href: Callable[[Row, str], str],
) -> list[ReportSentence]:
    """A sentence for each of `says` on the whole range, and one on the last two periods of the last
    of them; none of a rate that the report cannot give on this scale.

    Rates are compared only where both can be; a period that is not over is compared with none.
    """
    says = [one for one in says if one.figure in total.figures]
    if not says:
        return []
    found = [
        ReportSentence(_whole(total.figures[one.figure], one), href(total, one.figure), one.did)
        for one in says
    ]
    last_words = says[-1]
    name = last_words.figure
    over = [
        row for row in rows if row.figures[name].exact is not None and not is_running(row.caveats)
    ]
    if not over:
        return found
    last = over[-1]
    text = f"In {last.group[key]}, {_counted(last.figures[name])} {last_words.did}"
    if len(over) > 1:
        before = over[-2]
        text += f"; in {before.group[key]}, {_counted(before.figures[name])}"
        text += f". {_difference(before.figures[name], last.figures[name])}"
    about = f"{last_words.did}, {last.group[key]}"
    return [*found, ReportSentence(text.rstrip(". ") + ".", href(last, name), about)]


def _difference(before: Figure, after: Figure) -> str:
    """Whether two rates lie further apart than their intervals, or why that cannot be told."""
    change = change_in_points(before, after)
    if change.exact is None:
        return sentence(change.caveats[0]) if change.caveats else ""
    notes = [sentence(one) for one in change.caveats if code_of_caveat(one) == "tools-differ"]
    if before.interval is not None and after.interval is not None:
        apart = before.interval[0] > after.interval[1] or after.interval[0] > before.interval[1]
        notes.insert(
            0,
            "Their 95% intervals do not overlap, so the difference is more than chance."
            if apart
            else "Their 95% intervals overlap, so the difference may be chance.",
        )
    return " ".join(notes)


def by_name(table: ReportTable) -> ReportTable:
    """The table with the names of each period in their order; totals stay last."""
    periods = {line.headings[0]: at for at, line in reversed([*enumerate(table.lines)])}
    lines = sorted(
        table.lines,
        key=lambda line: (
            line.total,
            periods[line.headings[0]],
            [name.casefold() for name in line.headings[1:]],
        ),
    )
    return replace(table, lines=tuple(lines))


def without_notes(table: ReportTable) -> ReportTable:
    return replace(table, lines=tuple(replace(line, notes=()) for line in table.lines))


def rate_point(row: FiguresRow, name: str, key: str) -> ChartRate:
    """A rate of a row as a point of a chart by period."""
    figure = row.figures.get(name)
    period = str(row.group[key])
    if figure is None:
        return ChartRate(period, 0, 0, None, None, None)
    low, high = figure.interval or (None, None)
    return ChartRate(
        period,
        figure.numerator or 0,
        figure.denominator or 0,
        share_of(figure.exact),
        share_of(low) if figure.exact is not None else None,
        share_of(high) if figure.exact is not None else None,
        running=is_running(row.caveats),
    )


Opened = Callable[[Any, str], str]
"""Where a figure of a row leads: to why it is what it is."""


def nowhere(_row: Any, _figure: str) -> str:
    """Of a document, whose tables lead nowhere."""
    return ""


def rate_links(rows: Sequence[FiguresRow], name: str, href: Opened) -> list[tuple[str, ...]]:
    """Where the cells of the table of a trend lead: count, base, rate and interval."""
    return [("", *(4 * (href(row, name),))) if name in row.figures else () for row in rows]


def share_of(percent: Exact | None) -> Fraction | None:
    return None if percent is None else Fraction(percent) / 100
