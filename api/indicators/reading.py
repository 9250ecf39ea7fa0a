"""Indicators as every way in shows them: their series, control chart and JSON, at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.engine import Connection

from api.indicators import schemas
from api.indicators.derived import DerivedIndicator, fill
from api.json.figure_out import FigureOut, ReportMomentOut
from api.web.moments import AsAt
from projections.figures import control_charts
from projections.figures.control_charts import ControlChart, Icon, Kind
from projections.figures.figure import Basis
from projections.figures.formulas import NEWEST
from projections.indicators import queries
from projections.indicators.against_target import wanted
from projections.indicators.series import Series, SeriesPoint, series
from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.periods import Period
from qa.core.words import Actor, rounded
from qa.indicators.checks import UNIT_LABELS
from qa.indicators.values import plausible

KINDS: dict[Kind, str] = {
    "xmr": "XmR chart (individual values)",
    "p": "p-chart (proportions with their base)",
    "run": "Run chart (median)",
}


@dataclass(frozen=True, slots=True)
class Controlled:
    """A control chart of a series, point for point, with what it says in words."""

    chart: ControlChart
    variation: Icon
    assurance: Icon


def every(
    connection: Connection,
    at: AsAt,
    *,
    actor: Actor | None,
    first: date | None = None,
    last: date | None = None,
    formulas: int = NEWEST,
    counted: Sequence[DerivedIndicator] | None = None,
) -> list[Series]:
    """The series of every indicator, by name. `actor` is who reads (None: the operator); `counted`
    are they as `every_counted` gave them.

    Raises:
        Refused: days that cannot be meant.
    """
    _plausible(first, last)
    if counted is None:
        counted = every_counted(connection, at, actor=actor, formulas=formulas)
    return [_series(one, at, first=first, last=last) for one in counted]


def every_counted(
    connection: Connection, at: AsAt, *, actor: Actor | None, formulas: int = NEWEST
) -> list[DerivedIndicator]:
    """Every indicator with what Caseloop counts of it."""
    records = queries.every(connection, position=at.position)
    return fill(connection, records, at, actor=actor, formulas=formulas)


def _plausible(first: date | None, last: date | None) -> None:
    faults: list[Fault] = []
    plausible(first, "from", faults)
    plausible(last, "to", faults)
    refuse_any(faults)


def one(
    connection: Connection,
    indicator: str,
    at: AsAt,
    *,
    actor: Actor | None,
    first: date | None = None,
    last: date | None = None,
    formulas: int = NEWEST,
) -> Series:
    """The series of one indicator, from the period of `first` to that of `last`.

    Raises:
        NotFound: there is none by this id.   Refused: days that cannot be meant.
    """
    _plausible(first, last)
    record = queries.one(connection, indicator, position=at.position)
    if record is None:
        raise NotFound("There is no such indicator.")
    [filled] = fill(connection, [record], at, actor=actor, formulas=formulas)
    return _series(filled, at, first=first, last=last)


def _series(
    filled: DerivedIndicator, at: AsAt, *, first: date | None = None, last: date | None = None
) -> Series:
    day, position = at.day, at.shown

    def basis_of(period: Period) -> Basis:
        basis = filled.bases.get(period.label)
        return basis or Basis(period=period, as_at=day, position=position)

    return series(
        filled.held,
        today=at.on,
        first=first,
        last=last,
        basis_of=basis_of,
        broken_by=filled.broken_by,
    )


def controlled(shown: Series, kind: Kind | None = None) -> Controlled:
    """The control chart of a series: of the kind asked for, or the one that fits it.

    Raises:
        Refused: a p-chart of values without both their parts.
    """
    fitting = shown.drawn.fitting
    if kind == "p" and fitting.kind != "p":
        raise Refused(
            "A p-chart needs the numerator and denominator of every value.",
            field="chart",
            code="parts-missing",
        )
    other = kind is not None and kind != fitting.kind
    chart = shown.drawn.of(kind) if kind and other else fitting
    latest = shown.latest
    better = "unknown" if latest is None else latest.polarity
    return Controlled(
        chart,
        control_charts.variation(chart, better),
        control_charts.assurance(chart, _threshold(latest), better),
    )


def _threshold(latest: SeriesPoint | None) -> Fraction | None:
    """The number that the limits are held against: of a target of at least, or at most."""
    target = None if latest is None else latest.target.target
    if latest is None or target is None or target.of is None:
        return None
    polarity = {"gte": "higher", "lte": "lower"}.get(target.comparator)
    return Fraction(target.of) if polarity == latest.polarity else None


def target_words(shown: Series, day: date) -> str:
    """The target in force on a day, in words."""
    sign = "%" if shown.indicator.definition.unit == "percent" else ""
    return wanted(shown.indicator.target_on(day), sign)


# -- what programs are answered


def report(shown: Sequence[Series], at: AsAt) -> schemas.IndicatorsOut:
    """The indicators in the shape that the agreement report has: one row a period."""
    return schemas.IndicatorsOut(**_report(shown, at))


def report_of_one(shown: Series, at: AsAt, kind: Kind | None = None) -> schemas.IndicatorReadOut:
    """One indicator with everything that is on record of it."""
    return schemas.IndicatorReadOut(**_report([shown], at), indicator=_in_full(shown, kind))


def _report(shown: Sequence[Series], at: AsAt) -> dict[str, Any]:
    return {
        "report": "indicators",
        "title": "Indicators",
        "as_at": ReportMomentOut.at(at),
        "indicators": [schemas.IndicatorOut(**_summary(each)) for each in shown],
        "caveats": [],
        "rows": [
            schemas.IndicatorRowOut(
                group=schemas.IndicatorGroupOut(indicator=each.indicator.id, **_period(point)),
                **_standing(point),
            )
            for each in shown
            for point in each.points
        ],
    }


def _period(point: SeriesPoint) -> dict[str, Any]:
    period = point.period
    return {"period": period.label, "first": period.start, "last": period.end}


def _standing(point: SeriesPoint) -> dict[str, Any]:
    figures = {} if point.figure is None else {"value": FigureOut.of(point.figure)}
    figures |= {f"comparator:{name}": FigureOut.of(each) for name, _, each in point.comparators}
    change = point.movement.change
    return {
        "figures": figures,
        "state": point.state,
        "contradicted": point.contradicted,
        "sources": [
            schemas.IndicatorSourceOut(**source.record._asdict(), was=source.was or None)
            for source in point.values
        ],
        "cohort_rule": "" if point.figure is None else point.figure.basis.cohort_rule,
        "polarity": point.polarity,
        "over": point.over,
        "direction": point.movement.claim,
        "direction_said": point.movement.sentence,
        "change": None if change is None else schemas.IndicatorChangeOut(**change.to_json()),
        "target": schemas.IndicatorTargetOut(
            status=point.target.code, said=point.target.sentence, target=point.target.target
        ),
        "series_breaks": point.breaks,
        "series_breaks_because": point.breaks_because,
        "limits_begin_anew": point.rebased,
    }


def _summary(shown: Series) -> dict[str, Any]:
    record, latest, year = shown.indicator, shown.latest, shown.year
    return {
        "id": record.id,
        "version": record.version,
        "definition": record.definition,
        "unit": UNIT_LABELS[record.definition.unit],
        "retired_after": record.retired_after,
        "latest": None
        if latest is None
        else schemas.IndicatorLatestOut(**_period(latest), **_standing(latest)),
        "waiting_for": [period.label for period in shown.waiting],
        "warning": shown.warning,
        "year_to_date": schemas.IndicatorYearOut(
            figure=None if year.figure is None else FigureOut.of(year.figure), said=year.sentence
        ),
    }


def _in_full(shown: Series, kind: Kind | None) -> schemas.IndicatorInFullOut:
    record = shown.indicator
    return schemas.IndicatorInFullOut(
        **_summary(shown),
        definitions=[definition for definition, _ in record.definitions],
        targets=[target for target, _ in record.targets],
        polarities=[
            schemas.IndicatorPolarityOut(
                since=way.since, polarity=way.polarity, reason=way.entry.reason
            )
            for way in record.ways
        ],
        restatements=[
            schemas.IndicatorRestatementOut(
                **each.event.model_dump(),
                reason=each.entry.reason,
                by=each.entry.by,
                at=each.entry.at.isoformat(),
            )
            for each in record.restatements
        ],
        claims=[carry(schemas.IndicatorClaimOut, claim) for claim in record.claims],
        control_chart=_chart(shown, kind),
    )


def _chart(shown: Series, kind: Kind | None) -> schemas.ControlChartOut:
    drawn, places = controlled(shown, kind), shown.places
    return schemas.ControlChartOut(
        kind=drawn.chart.kind,
        warnings=list(drawn.chart.warnings),
        variation=_chart_reading(drawn.variation),
        assurance=_chart_reading(drawn.assurance),
        points=[
            schemas.ChartPointOut(
                period=point.period.label,
                centre=_places(at.centre, places),
                lower=_places(at.lower, places),
                upper=_places(at.upper, places),
                signals=list(at.signals),
            )
            for point, at in zip(shown.points, drawn.chart.points, strict=True)
        ],
    )


def _chart_reading(icon: Icon) -> schemas.ChartReadingOut:
    return schemas.ChartReadingOut(code=icon.code, said=icon.sentence)


def _places(value: Fraction | None, places: int) -> str | None:
    return None if value is None else str(rounded(value, places))
