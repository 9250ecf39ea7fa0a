"""The register of indicators, and the periods of one, as lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from api.documents.listing import ColumnKind
from api.indicators import reading as indicator_reading
from api.indicators.cli import IndicatorsQuery
from api.indicators.derived import reported
from api.indicators.reports import REPORTS
from api.lists.declaration import (
    ListCell,
    ListColumn,
    ListFilter,
    ListSearch,
    RecordList,
    record_column,
    whether,
)
from api.web.context import Reader, Reading
from projections.figures.figure import Figure
from projections.figures.rounding import UNKNOWN
from projections.indicators.against_target import TargetStatus
from projections.indicators.series import STATE_LABELS, Movement, Series, SeriesPoint
from qa.authorisation.policy import require

DIRECTIONS = {
    "better": "Better",
    "worse": "Worse",
    "same": "The same",
    "no-real-change": "No real change",
    "unknown": "Not stated",
}
NO_VALUE = "No value yet"


@dataclass(frozen=True)
class PeriodLine:
    """A period of an indicator; None where the indicator has no value yet. What is worked out from
    the whole series is so once."""

    point: SeriesPoint | None

    @cached_property
    def movement(self) -> Movement | None:
        return None if self.point is None else self.point.movement

    @cached_property
    def against(self) -> TargetStatus | None:
        return None if self.point is None else self.point.target

    @property
    def figure(self) -> Figure | None:
        return None if self.point is None else self.point.figure

    @property
    def period(self) -> str:
        return UNKNOWN if self.point is None else self.point.period.label

    @property
    def since(self) -> str | None:
        return None if self.point is None else self.point.period.start.isoformat()

    @property
    def shown(self) -> str:
        return UNKNOWN if self.figure is None else self.figure.display

    @property
    def direction(self) -> tuple[str, str]:
        claim = "unknown" if self.movement is None else self.movement.claim
        return claim, DIRECTIONS[claim]

    @property
    def target(self) -> tuple[str, str]:
        standing = self.against
        return ("none", NO_VALUE) if standing is None else (standing.code, standing.label)

    @property
    def direction_cell(self) -> ListCell:
        why = "" if self.movement is None else self.movement.sentence
        return ListCell(self.direction[1], beneath=why)

    @property
    def target_cell(self) -> ListCell:
        why = "" if self.against is None else self.against.sentence
        return ListCell(self.target[1], beneath=why)


JUDGED_COLUMNS: tuple[ListColumn[Any], ...] = (
    ListColumn(
        "direction",
        "Direction",
        lambda line: line.direction[1],
        drawn=lambda line: line.direction_cell,
    ),
    ListColumn(
        "target", "Target", lambda line: line.target[1], drawn=lambda line: line.target_cell
    ),
)
JUDGED_FILTERS: tuple[ListFilter[Any], ...] = (
    ListFilter("direction", "Direction", lambda line: line.direction, DIRECTIONS),
    ListFilter("target", "Target", lambda line: line.target),
)
"""How a period moved and stands against its target: of both lists."""


@dataclass(frozen=True)
class RegisteredIndicator(PeriodLine):
    """An indicator with its latest period."""

    series: Series

    @property
    def name(self) -> str:
        return self.series.indicator.definition.name

    def latest_cell(self, reading: Reading) -> ListCell:
        if self.point is None or self.figure is None:
            return ListCell(self.shown)
        there = opened_value(reading, self.series.indicator.id, self.period)
        hidden = f": why this number, {self.name}"
        return ListCell(self.shown, there, hidden, beneath="\n".join(self.point.notes))


def opened_value(
    reading: Reading,
    indicator: str,
    period: str,
    figure: str = "value",
    moment: Mapping[str, str] | None = None,
) -> str:
    """The page that says why a value is what it is."""
    group = {"indicator": indicator, "period": period}
    query = IndicatorsQuery(indicator=indicator)
    return REPORTS.receipt(query, figure, group, reading.moment if moment is None else moment)


def indicator_list(reading: Reader) -> RecordList[RegisteredIndicator]:
    """Every indicator by name, with its latest value, direction and target in words."""
    require(reading.actor, "read-indicators")
    found = indicator_reading.every(reading.connection, reading.at, actor=reading.actor)

    def owner(one: RegisteredIndicator) -> str:
        return one.series.indicator.definition.owner or ""

    return RecordList(
        path="/indicators",
        title="Indicators",
        noun=("indicator", "indicators"),
        rows=[RegisteredIndicator(each.latest, each) for each in found],
        key=lambda one: one.series.indicator.id,
        columns=(
            record_column(
                "name",
                "Indicator",
                lambda one: one.name,
                lambda one: f"/indicators/{one.series.indicator.id}",
                lambda one: one.series.warning,
            ),
            ListColumn("period", "Period", lambda one: one.period, by=lambda one: one.since),
            ListColumn(
                "value",
                "Latest value",
                lambda one: one.shown,
                drawn=lambda one: one.latest_cell(reading),
                sortable=False,
            ),
            *JUDGED_COLUMNS,
            ListColumn("owner", "Owner", owner, on_page=False),
            ListColumn("warning", "Warning", lambda one: one.series.warning, on_page=False),
        ),
        filters=(
            whether(
                "retired",
                "In use or retired",
                lambda one: one.series.indicator.retired_after,
                "Retired",
                "In use",
                "no",
            ),
            *JUDGED_FILTERS,
            ListFilter("owner", "Owner", lambda one: (owner(one) or "none", owner(one) or "None")),
        ),
        searches=(ListSearch("q", "Words of the name", lambda one: one.name),),
        order="by name",
        empty=(
            "No indicator yet",
            "A QA lead defines indicators, or imports them from a file.",
        ),
        file_name="indicators",
    )


def period_list(reading: Reader, shown: Series, *, restates: bool) -> RecordList[PeriodLine]:
    """The periods of an indicator, the latest first. With `restates` each leads to its form."""
    record, definition = shown.indicator, shown.indicator.definition
    opened = partial(opened_value, reading, record.id)

    def beside(line: PeriodLine) -> str:
        found = () if line.point is None else line.point.comparators
        return "\n".join(
            f"{name}{'' if line.point and period == line.point.period else f' ({period.label})'}: "
            f"{figure.display}"
            for name, period, figure in found
        )

    def beside_cell(line: PeriodLine) -> ListCell:
        if line.point is None or not line.point.comparators:
            return ListCell("–")
        pairs = zip(beside(line).split("\n"), line.point.comparators, strict=True)
        own = line.point.period.label
        return ListCell(
            "",
            more=[ListCell(text, opened(own, f"comparator:{name}")) for text, (name, *_) in pairs],
        )

    def restate(line: PeriodLine) -> ListCell:
        if line.figure is None:
            return ListCell("–")
        there = f"/indicators/{record.id}/change/restate?{urlencode({'period': line.period})}"
        return ListCell("Restate", there, hidden=f" {line.period}")

    change: list[ListColumn[PeriodLine]] = []
    if restates:
        change.append(
            ListColumn("change", "Change", lambda line: None, drawn=restate,
                       sortable=False, in_files=False)
        )  # fmt: skip
    return RecordList(
        path=f"/indicators/{record.id}/values",
        title=f"Values of {definition.name}",
        noun=("period", "periods"),
        rows=[PeriodLine(point) for point in reversed(shown.points)],
        key=lambda line: line.period,
        columns=(
            ListColumn("period", "Period", lambda line: line.period, by=lambda line: line.since),
            ListColumn("from", "From", lambda line: line.since, ColumnKind.DAY, on_page=False),
            ListColumn(
                "value",
                "Value",
                lambda line: None if line.figure is None else line.figure.value,
                ColumnKind.NUMBER,
                drawn=lambda line: _value_cell(line, opened),
            ),
            ListColumn("of", "Of", lambda line: _of(line.figure), on_page=False),
            ListColumn("state", "State", lambda line: _state(line)[1], on_page=False),
            *JUDGED_COLUMNS,
            ListColumn(
                "beside",
                "Beside",
                beside,
                drawn=beside_cell,
                sortable=False,
            ),
            ListColumn("remarks", "Remarks", _remarks, drawn=_remarks_cell, sortable=False),
            *change,
        ),
        filters=(
            ListFilter("state", "State", _state),
            *JUDGED_FILTERS,
        ),
        order="the latest first",
        empty=("No period yet", "The first period of this indicator is not over."),
        file_name=f"values-{record.id}",
    )


def _state(line: PeriodLine) -> tuple[str, str]:
    state = "missing" if line.point is None else line.point.state
    return state, STATE_LABELS[state]


def _value_cell(line: PeriodLine, opened: Callable[..., str]) -> ListCell:
    """The value, which leads to the audits behind it, or where what it rests on is `opened`;
    beneath it its parts and its sources."""
    point, figure = line.point, line.figure
    if point is None:
        return ListCell(UNKNOWN)
    behind = "" if figure is None else opened(point.period.label)
    measure = point.definition.measure
    if measure is not None and figure is not None and figure.basis.rows:
        behind = f"/reports/{reported(measure)[0]}/rows?{figure.basis.rows}"
    beneath = [_of(figure), "" if point.state == "value" else STATE_LABELS[point.state]]
    if len(point.values) > 1 or any(each.record.restated for each in point.values):
        for each in point.values:
            value = UNKNOWN if each.figure is None else each.figure.display
            times = f" {each.record.restated} times" if each.record.restated > 1 else ""
            restated = f", restated{times}" if each.record.restated else ""
            beneath.append(f"{each.record.source or 'Own value'}: {value}{restated}")
    return ListCell(
        line.shown,
        behind,
        hidden=f": why this number, {line.period}" if behind else "",
        beneath="\n".join(filter(None, beneath)),
        tag="Sources differ" if point.contradicted else "",
        tag_colour="yellow",
    )


def _remarks(line: PeriodLine) -> str:
    point = line.point
    if point is None:
        return ""
    return " ".join(
        [
            *point.notes,
            *(["The series breaks here."] if point.breaks else []),
            *(["Limits are recalculated from here."] if point.rebased else []),
        ]
    )


def _remarks_cell(line: PeriodLine) -> ListCell:
    rule = "" if line.figure is None else line.figure.basis.cohort_rule
    return ListCell(_remarks(line) or "–", beneath=rule)


def _of(figure: Figure | None) -> str:
    """The parts of the value, where they are known."""
    if figure is None or figure.unit == "count":
        return ""
    if figure.numerator is not None and figure.denominator is not None:
        return f"{figure.numerator} of {figure.denominator}"
    if figure.denominator is not None:
        return f"of {figure.denominator}"
    return "" if figure.numerator is None else f"{figure.numerator} counted"
