"""Indicators: the register, one indicator with its charts and record, and its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Path, Request
from starlette.responses import Response

from api.documents.listing import Column, ColumnKind, Listing
from api.indicators import reading as indicator_reading
from api.indicators.charts import control_chart, series_chart
from api.indicators.listing import PeriodLine, indicator_list, opened_value, period_list
from api.indicators.reading import KINDS, Controlled
from api.indicators.reports import REPORTS, YEAR
from api.indicators.steps import ENTERING, NEW, STEPS
from api.lists.declaration import RecordList
from api.lists.files import download, list_files, render_listing
from api.lists.page import list_page, whole_table
from api.navigation import NavigationItem, NavigationSection
from api.reports.declaration import publish_link
from api.web.context import DayReader, Reader, Reading
from api.web.late_routes import PageRouter
from projections.figures.control_charts import Kind as ChartKind
from projections.figures.rounding import UNKNOWN
from projections.indicators.against_target import wanted
from projections.indicators.queries import IndicatorRecord, Mark
from projections.indicators.rows import IndicatorEvent
from projections.indicators.series import STATE_LABELS, Series, SeriesPoint
from projections.people import queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Refused
from qa.indicators.checks import UNIT_LABELS
from qa.indicators.definition import Polarity
from qa.indicators.events import indicator_stream

router = PageRouter(prefix="/indicators", include_in_schema=False)
NAVIGATION = NavigationItem(
    "Indicators", "/indicators", 130, NavigationSection.REPORTS, "read-indicators"
)

IndicatorId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
BETTER: dict[Polarity, str] = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "unknown": "Which way is better is not decided",
}


@router.get("")
def register(reading: DayReader) -> Response:
    """Every indicator: its latest value, direction and target in words, and what is missing."""
    shown = indicator_list(reading)
    reading.note("indicators")
    button = ("Define an indicator", "/indicators/new") if _may_run(reading) else None
    publish = publish_link(reading, "indicators", [])
    links = [("Publish these values", publish)] if publish else []
    return list_page(reading, shown, button=button, links=links)


list_files(router, "", indicator_list)


def _may_run(reading: Reading) -> bool:
    return can(reading.actor, "run-indicators").allowed and not reading.at.is_past


def found(reading: Reading, indicator: str) -> Series:
    """The indicator that the address names, as this reader may see it."""
    require(reading.actor, "read-indicators")
    return indicator_reading.one(reading.connection, indicator, reading.at, actor=reading.actor)


@router.get("/{indicator}")
def show(indicator: IndicatorId, request: Request, reading: Reader, chart: str = "") -> Response:
    shown = found(reading, indicator)
    reading.note(indicator_stream(indicator))
    controlled, trouble = _controlled(shown, chart)
    record, definition = shown.indicator, shown.indicator.definition
    opened = partial(opened_value, reading, indicator)
    return reading.page(
        "indicators/one.html",
        title=definition.name,
        wide=True,
        record_name=f"indicator:{indicator}",
        back=reading.link("/indicators"),
        said=_done(request),
        held=record,
        units=UNIT_LABELS,
        better=BETTER[record.polarity_on(reading.at.on)],
        ways=BETTER,
        target=indicator_reading.target_words(shown, reading.at.on),
        target_words=partial(wanted, unit_sign="%" if definition.unit == "percent" else ""),
        shown=shown,
        lines=whole_table(reading, _periods(reading, shown)),
        on_record={
            point.period.label: UNKNOWN if point.figure is None else point.figure.display
            for point in shown.points
        },
        series=series_chart(shown).opening(_links(shown, opened, beside=True))
        if shown.points
        else None,
        control=control_chart(shown, controlled).opening(_links(shown, opened))
        if shown.points
        else None,
        latest="" if shown.latest is None else opened(shown.latest.period.label),
        year=_year(shown, opened),
        controlled=controlled,
        trouble=trouble,
        kinds=KINDS,
        names=queries.names(reading.connection, _tellers(record)),
        breaks=_breaks(record.breaks, record.rebases),
        forms=[
            (name, step.title)
            for name, step in STEPS.items()
            if not (definition.derived and name in ENTERING)
        ]
        if _may_run(reading) and record.retired_after is None
        else [],
        may_export=can(reading.actor, "export").allowed,
        history=reading.link("/history", {"record": f"indicator:{indicator}"}),
    )


def _links(
    shown: Series, opened: Callable[..., str], *, beside: bool = False
) -> list[tuple[str, ...]]:
    """Where the values of the table of a chart lead, and those of comparators `beside` them."""
    names = dict.fromkeys(name for point in shown.points for name, *_ in point.comparators)
    found = []
    for point in shown.points:
        period, comparators = point.period.label, {name for name, *_ in point.comparators}
        value = "" if point.figure is None else opened(period)
        others = (
            opened(period, f"comparator:{n}") if n in comparators and value else "" for n in names
        )
        found.append(("", value, "", *others) if beside else ("", value))
    return found


def _tellers(record: IndicatorRecord) -> set[str]:
    """Who recorded what the page shows."""
    return {
        *(entry.by for _, entry in record.definitions),
        *(entry.by for _, entry in record.targets),
        *(one.entry.by for one in record.ways),
        *(one.entry.by for one in record.restatements),
        *(one.entry.by for one in record.breaks),
        *(one.entry.by for one in record.rebases),
    }


def _done(request: Request) -> str:
    """What was just done, in words."""
    step = {**STEPS, "new": NEW}.get(request.query_params.get("done", ""))
    return "" if step is None else step.done


def _controlled(shown: Series, chart: str) -> tuple[Controlled, str]:
    """The control chart that was asked for, or the fitting one with the reason why not."""
    kinds: dict[str, ChartKind] = {kind: kind for kind in KINDS}
    try:
        return indicator_reading.controlled(shown, kinds.get(chart)), ""
    except Refused as refused:
        return indicator_reading.controlled(shown), refused.sentence


def _breaks(
    breaks: Iterable[Mark], rebases: Iterable[Mark]
) -> list[tuple[str, date, IndicatorEvent]]:
    marks = [
        *(("The series breaks", mark.since, mark.entry) for mark in breaks),
        *(("Limits recalculated", mark.since, mark.entry) for mark in rebases),
    ]
    return sorted(marks, key=lambda mark: mark[1])


def _periods(reading: Reading, shown: Series) -> RecordList[PeriodLine]:
    restates = _may_run(reading) and not shown.indicator.definition.derived
    return period_list(reading, shown, restates=restates)


def _values(indicator: IndicatorId, reading: Reader) -> RecordList[PeriodLine]:
    return _periods(reading, found(reading, indicator))


@router.get("/{indicator}/values")
def list_values(indicator: IndicatorId, reading: Reader) -> Response:
    """The values of an indicator by period."""
    shown, subject = _values(indicator, reading), indicator_stream(indicator)
    reading.note(subject)
    return list_page(reading, shown, back=reading.link(f"/indicators/{indicator}"))


list_files(router, "/{indicator}/values", _values)


def _year(shown: Series, opened: Callable[..., str]) -> tuple[str, str] | None:
    """The financial year so far, and why it is that."""
    figure = shown.year.figure
    if figure is None or figure.basis.period is None:
        return None
    of = f" ({figure.numerator} of {figure.denominator})" if figure.unit == "percent" else ""
    return figure.display + of, opened(figure.basis.period.label, YEAR)


COLUMNS = (
    Column("period", "Period"),
    Column("from", "From", ColumnKind.DAY),
    Column("to", "To", ColumnKind.DAY),
    Column("source", "Source"),
    Column("state", "State"),
    Column("value", "Value"),
    Column("unit", "Unit"),
    Column("numerator", "Numerator", ColumnKind.NUMBER),
    Column("denominator", "Denominator", ColumnKind.NUMBER),
    Column("note", "Note"),
    Column("excluded", "Left out"),
    Column("restated", "Times restated", ColumnKind.NUMBER),
    Column("was", "Value it replaced"),
    Column("definition_version", "Version of the definition", ColumnKind.NUMBER),
    Column("direction", "Direction"),
    Column("target", "Target"),
    Column("remarks", "Remarks"),
)


@router.get("/{indicator}/series.{kind}")
def take_out_series(
    indicator: IndicatorId, kind: Literal["csv", "xlsx", "json"], reading: Reader
) -> Response:
    """The series as a file: one row a period and source, and one for each missing period."""
    require(reading.actor, "export")
    shown, at = found(reading, indicator), reading.at
    year = _year(shown, partial(opened_value, reading, indicator, moment=REPORTS.moment_of(at)))
    names = queries.names(reading.connection, [reading.actor.person])
    by = names.get(reading.actor.person, reading.actor.person)
    listing = Listing(
        title=shown.indicator.definition.name,
        columns=COLUMNS,
        rows=[row for point in shown.points for row in _rows(point)],
        filters=[("indicator", indicator)],
        position=at.shown,
        **at.taken_out(by, reading.services.clock.now(), reading.services.letterhead),
        notes=[
            text
            for text in (
                shown.warning,
                shown.year.sentence if year is None else f"{shown.year.sentence} {year[0]}.",
                "" if year is None else f"The year so far opens at {year[1]}",
            )
            if text
        ],
    )
    subject = indicator_stream(indicator)
    reading.note(subject, kind, what=What.EXPORT)
    return download(render_listing(listing, kind), f"{indicator}-{at.file_stamp}.{kind}", at)


_STATES: dict[str, str] = dict(STATE_LABELS.items())


def _rows(point: SeriesPoint) -> list[list[Any]]:
    span = [point.period.label, point.period.start, point.period.end]
    unit = UNIT_LABELS[point.definition.unit]
    end = [
        point.movement.sentence,
        f"{point.target.label}. {point.target.sentence}".strip(),
        " ".join(
            filter(
                None,
                (
                    "The series breaks here." if point.breaks else "",
                    point.breaks_because,
                    "" if point.over else "Not over yet.",
                ),
            )
        ),
    ]
    if not point.values:
        empty = [None, unit, None, None, "", "", 0, "", point.definition.version]
        return [[*span, "", STATE_LABELS["missing"], *empty, *end]]
    return [
        [
            *span,
            each.record.source,
            _STATES[each.record.state],
            None if each.record.value is None else str(each.record.value),
            unit,
            each.record.numerator,
            each.record.denominator,
            each.record.note,
            each.record.excluded,
            each.record.restated,
            each.was,
            each.record.definition_version,
            *end,
        ]
        for each in point.values
    ]
