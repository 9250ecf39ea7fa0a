"""A report on grades: rows of groups with their figures, from which a page, a file and the API are
made.

A row's group names its period (``{"quarter": "2021/22 Q2", "from": …, "to": …}``) and the value of
every dimension; ``scale`` is named where the report meets more than one, because grades of two
scales are never added together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from projections.agreement.counting import AgreementCounts, AgreementTally, Key, VersionScales
from projections.agreement.question import AgreementQuestion
from projections.figures.figure import (
    Figure,
    FigureChange,
    caveat,
    change_in_number,
    change_in_points,
)
from projections.figures.ranges import WHOLE
from projections.figures.running import is_running, running_caveats
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Refused
from qa.core.periods import Period
from qa.core.words import NO_OVERALL_GRADE, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """One group. `matrix` holds auditor's (down) by moderator's (across) grades, best first."""

    group: Mapping[str, Any]
    figures: Mapping[str, Figure]
    grades: tuple[str, ...] = ()
    matrix: tuple[tuple[int, ...], ...] = ()
    reading: str = ""
    caveats: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        """Whether its period is not over yet: it is compared with no other then."""
        return is_running(self.caveats)

    def for_outside(self, least: int) -> AgreementRow:
        """The row without any figure that rests on fewer than `least`, and without its matrix."""
        kept = {name: figure.suppressed_below(least) for name, figure in self.figures.items()}
        hidden = any(figure.suppressed for figure in kept.values())
        return replace(
            self,
            figures=kept,
            matrix=() if hidden else self.matrix,
            reading="" if hidden else self.reading,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReport:
    """A whole report. `totals` are the rows for the whole range, one a scale (none by domain)."""

    name: str
    title: str
    question: AgreementQuestion
    as_at: date | None
    position: int | None
    rows: tuple[AgreementRow, ...]
    totals: tuple[AgreementRow, ...]
    caveats: tuple[str, ...]
    true_on: date | None = None

    @property
    def cohort_rule(self) -> str:
        return self.question.rule.sentence

    def for_outside(self, least: int) -> AgreementReport:
        """The report for readers outside the council.

        Nothing that rests on fewer than `least` is shown; totals go too where a row is hidden,
        because the rest of the rows would give it back.
        """
        rows = tuple(row.for_outside(least) for row in self.rows)
        hidden = any(figure.suppressed for row in rows for figure in row.figures.values())
        totals = () if hidden else tuple(row.for_outside(least) for row in self.totals)
        return replace(self, rows=rows, totals=totals)

    def changes(
        self, figure: str
    ) -> list[tuple[AgreementRow, AgreementRow, FigureChange, FigureChange]]:
        """From each period to the next of the same group: the change in points and in number.

        A rate may fall while its number rises, so neither is given alone. A period that is not over
        is compared with none.
        """
        found = []
        last: dict[tuple[Any, ...], AgreementRow] = {}
        for row in self.rows:
            if row.running or figure not in row.figures:
                continue
            key = (*(row.group.get(name) for name in self.question.keys), row.group.get("scale"))
            before = last.get(key)
            if before is not None:
                was, now = before.figures[figure], row.figures[figure]
                found.append((before, row, change_in_points(was, now), change_in_number(was, now)))
            last[key] = row
        return found


def laid_out(
    question: AgreementQuestion, counted: AgreementCounts, scales: VersionScales
) -> tuple[
    list[tuple[Period, Mapping[str, Any], AgreementTally]],
    list[tuple[Mapping[str, Any], AgreementTally]],
]:
    """Every period with every group that the range knows, then the whole range by scale.

    A period without audits is there too: that nothing was done is something to see.
    """
    several = len(counted.scales) > 1
    empty = _one_scale(scales)
    combinations = sorted({key[1:] for key in counted.groups}, key=_sortable) or [
        (*(None for _ in question.keys), empty.key)
    ]
    known = {empty.key: empty, **counted.scales}
    rows: list[tuple[Period, Mapping[str, Any], AgreementTally]] = []
    for period in question.periods():
        first, last = question.within(period)
        named = {question.period_key: period.label, "from": str(first), "to": str(last)}
        for combination in combinations:
            *values, scale = combination
            found = counted.groups.get((period.start, *combination)) or AgreementTally(known[scale])
            group = {**named, **_labelled(question, values, counted)}
            rows.append((period, _with_scale(group, scale, several), found))
    if question.by_domain:
        return rows, []
    whole = {"total": WHOLE, "from": str(question.start), "to": str(question.end)}
    totals = counted.totals or {empty.key: AgreementTally(empty)}
    return rows, [
        (_with_scale(whole, scale, several), found) for scale, found in sorted(totals.items())
    ]


def _one_scale(scales: VersionScales) -> Scale:
    """The scale that an empty report is laid out on."""
    for scale in sorted(scales.overall.values(), key=lambda one: not one.points):
        return scale
    raise Refused("There is no audit tool yet, so there are no grades.", code="no-tool")


def _sortable(key: Key) -> list[tuple[bool, int, str]]:
    """Numbers by size, words by letter, and what has no name last."""
    return [(value is None, value if isinstance(value, int) else 0, str(value)) for value in key]


def _labelled(
    question: AgreementQuestion, values: Iterable[Any], counted: AgreementCounts
) -> dict[str, Any]:
    group: dict[str, Any] = {}
    for name, value in zip(question.keys, values, strict=True):
        group[name] = value
        if name in ("team", "service") and value is not None:
            group[f"{name}_name"] = counted.names.get((name, value), value)
    return group


def _with_scale(group: Mapping[str, Any], scale: str, several: bool) -> dict[str, Any]:
    return {**group, "scale": scale} if several else dict(group)


def tool_labels(tally: AgreementTally) -> tuple[str, ...]:
    return tuple(f"{tool}@{version}" for tool, version in sorted(tally.tools))


def period_caveats(
    period: Period, first: date, last: date, tally: AgreementTally, today: date | None = None
) -> tuple[str, ...]:
    """What has to be said of a whole row: a period that is not over or cut short, or a change of
    tool within it."""
    found = running_caveats(period, today)
    if (first, last) != (period.start, period.end):
        sentence = f"Only {in_words(first)} to {in_words(last)} of {period.label} was asked for."
        found.append(caveat("partial-period", sentence))
    versions: dict[str, list[int]] = {}
    for tool, version in sorted(tally.tools):
        versions.setdefault(tool, []).append(version)
    for tool, used in versions.items():
        if len(used) > 1:
            listed = " and ".join(str(version) for version in used)
            sentence = f"The audit tool {tool} changed: versions {listed} are counted together."
            found.append(caveat("series-break", sentence))
    return tuple(found)


def series_breaks(rows: Iterable[AgreementRow], question: AgreementQuestion) -> tuple[str, ...]:
    """Where the tools of a group differ from those of its last period that had any."""
    last: dict[tuple[Any, ...], AgreementRow] = {}
    found: dict[str, None] = {}
    for row in rows:
        key = (*(row.group.get(name) for name in question.keys), row.group.get("scale"))
        tools = _tools_of(row)
        if not tools:
            continue
        before = last.get(key)
        if before is not None and _tools_of(before) != tools:
            sentence = (
                f"The audit tool differs between {before.group[question.period_key]} "
                f"({', '.join(_tools_of(before))}) and {row.group[question.period_key]} "
                f"({', '.join(tools)}); part of a change may come from the tool."
            )
            found[caveat("series-break", sentence)] = None
        last[key] = row
    return tuple(found)


def without_overall(counted: AgreementCounts) -> tuple[str, ...]:
    """What has to be said where tools without an overall grade are counted, as Ofsted's judgements
    have none since April 2026."""
    if NO_OVERALL_GRADE.key not in counted.scales:
        return ()
    alone = len(counted.scales) == 1
    sentence = (
        "Audits made with a tool that has no overall grade are compared by domain or judgement "
        "area."
    )
    if not alone:
        sentence += (
            " They stand in rows of their own: the step from one kind of tool to the other is a "
            "break in the series, and nothing is compared across it."
        )
    return (caveat("no-overall-grade", sentence),)


def area_caveats(question: AgreementQuestion, scales: VersionScales) -> tuple[str, ...]:
    """How domains were put under judgement areas, where the report is cut by these."""
    if "area" not in question.keys:
        return ()
    each = "Each grade of a domain counts once, so an audit may count more than once in an area."
    return (caveat("by-area", each), *scales.areas.caveats(question.start, question.end))


def _tools_of(row: AgreementRow) -> tuple[str, ...]:
    return next(iter(row.figures.values())).basis.tool_versions
