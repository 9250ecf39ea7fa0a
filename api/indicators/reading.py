"""Indicators as every way in shows them: their series, control chart and JSON, at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.engine import Connection

from api.indicators.derived import DerivedIndicator, fill
from api.web.moments import AsAt
from projections.figures import control_charts
from projections.figures.control_charts import ControlChart, Icon, Kind
from projections.figures.figure import Basis
from projections.indicators import queries
from projections.indicators.against_target import TargetStatus, wanted
from projections.indicators.series import Series, SeriesPoint, series
from qa.core.errors import Fault, NotFound, Refused
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
) -> list[Series]:
    """The series of every indicator, by name. `actor` is who reads (None: the operator).

    Raises:
        Refused: days that cannot be meant.
    """
    _plausible(first, last)
    held = queries.every(connection, position=at.position)
    filled = fill(connection, held, at, actor=actor)
    return [_series(one, at, first=first, last=last) for one in filled]


def _plausible(first: date | None, last: date | None) -> None:
    faults: list[Fault] = []
    plausible(first, "from", faults)
    plausible(last, "to", faults)
    if faults:
        raise Refused(faults)


def one(
    connection: Connection,
    indicator: str,
    at: AsAt,
    *,
    actor: Actor | None,
    first: date | None = None,
    last: date | None = None,
) -> Series:
    """The series of one indicator, from the period of `first` to that of `last`.

    Raises:
        NotFound: there is none by this id.   Refused: days that cannot be meant.
    """
    _plausible(first, last)
    held = queries.one(connection, indicator, position=at.position)
    if held is None:
        raise NotFound("There is no such indicator.")
    [filled] = fill(connection, [held], at, actor=actor)
    return _series(filled, at, first=first, last=last)


def _series(
    filled: DerivedIndicator, at: AsAt, *, first: date | None = None, last: date | None = None
) -> Series:
    day, position = at.day, at.shown

    def basis_of(period: Period) -> Basis:
        held = filled.bases.get(period.label)
        return held or Basis(period=period, as_at=day, position=position)

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
    asked = {"gte": "higher", "lte": "lower"}.get(target.comparator)
    return Fraction(target.of) if asked == latest.polarity else None


def target_words(shown: Series, day: date) -> str:
    """The target in force on a day, in words."""
    sign = "%" if shown.held.definition.unit == "percent" else ""
    return wanted(shown.held.target_on(day), sign)


# -- the JSON shape of the reports


def report(shown: Iterable[Series], at: AsAt, caveats: Iterable[str] = ()) -> dict[str, Any]:
    """The indicators in the shape that the agreement report has: one row a period."""
    rows = [
        {"group": {"indicator": each.held.id, **_group(point)}, **_row(point)}
        for each in shown
        for point in each.points
    ]
    return {
        "report": "indicators",
        "title": "Indicators",
        "as_at": {
            "date": at.day.isoformat(),
            "position": at.shown,
            **({} if at.true_on is None else {"true_on": at.true_on.isoformat()}),
        },
        "indicators": [summary(each) for each in shown],
        "caveats": list(caveats),
        "rows": rows,
    }


def _group(point: SeriesPoint) -> dict[str, Any]:
    return {
        "period": point.period.label,
        "from": point.period.start.isoformat(),
        "to": point.period.end.isoformat(),
    }


def _row(point: SeriesPoint) -> dict[str, Any]:
    figures = {} if point.figure is None else {"value": point.figure.to_json()}
    figures |= {f"comparator:{name}": figure.to_json() for name, _, figure in point.comparators}
    change = point.movement.change
    return {
        "figures": figures,
        "state": point.state,
        "contradicted": point.contradicted,
        "sources": [
            {
                "source": said.held.source,
                "state": said.held.state,
                "value": None if said.held.value is None else str(said.held.value),
                "numerator": said.held.numerator,
                "denominator": said.held.denominator,
                "note": said.held.note,
                "excluded": said.held.excluded,
                "said": said.held.said,
                "restated": said.held.restated,
                "was": said.was or None,
                "definition_version": said.held.definition_version,
            }
            for said in point.said
        ],
        "cohort_rule": "" if point.figure is None else point.figure.basis.cohort_rule,
        "polarity": point.polarity,
        "over": point.over,
        "direction": point.movement.claim,
        "direction_said": point.movement.sentence,
        "change": None if change is None else _change(change.to_json()),
        "target": _target(point.target),
        "series_breaks": point.breaks,
        "series_breaks_because": point.breaks_because,
        "limits_begin_anew": point.rebased,
    }


def _change(whole: Mapping[str, Any]) -> dict[str, Any]:
    """A change without its two figures, which stand in the rows."""
    return {name: whole[name] for name in ("kind", "value", "display", "caveats")}


def _target(status: TargetStatus) -> dict[str, Any]:
    target = status.target
    return {
        "status": status.code,
        "said": status.sentence,
        "target": None if target is None else target.model_dump(mode="json"),
    }


def summary(shown: Series) -> dict[str, Any]:
    """What an indicator is and where it stands."""
    held, latest = shown.held, shown.latest
    definition = held.definition
    year = shown.year
    return {
        "id": held.id,
        "version": held.version,
        "definition": definition.model_dump(mode="json"),
        "unit": UNIT_LABELS[definition.unit],
        "retired_after": None if held.retired_after is None else held.retired_after.isoformat(),
        "latest": None if latest is None else {**_group(latest), **_row(latest)},
        "waiting_for": [period.label for period in shown.waiting],
        "warning": shown.warning,
        "year_to_date": {
            "figure": None if year.figure is None else year.figure.to_json(),
            "said": year.sentence,
        },
    }


def in_full(shown: Series, kind: Kind | None = None) -> dict[str, Any]:
    """One indicator with all its versions, targets, decisions, claims and its control chart."""
    held = shown.held
    drawn, places = controlled(shown, kind), shown.places
    return {
        **summary(shown),
        "definitions": [d.model_dump(mode="json") for d, _ in held.definitions],
        "targets": [target.model_dump(mode="json") for target, _ in held.targets],
        "polarities": [
            {"since": way.since.isoformat(), "polarity": way.polarity, "reason": way.told.reason}
            for way in held.ways
        ],
        "restatements": [
            {
                **each.event.model_dump(mode="json"),
                "reason": each.told.reason,
                "by": each.told.by,
                "at": each.told.at.isoformat(),
            }
            for each in held.restatements
        ],
        "claims": [
            {
                "id": claim.id,
                "period": claim.period,
                "text": claim.text,
                "source": claim.source,
                "claimed": None if claim.claimed is None else str(claim.claimed),
            }
            for claim in held.claims
        ],
        "control_chart": {
            "kind": drawn.chart.kind,
            "warnings": list(drawn.chart.warnings),
            "variation": {"code": drawn.variation.code, "said": drawn.variation.sentence},
            "assurance": {"code": drawn.assurance.code, "said": drawn.assurance.sentence},
            "points": [
                {
                    "period": point.period.label,
                    "centre": _places(at.centre, places),
                    "lower": _places(at.lower, places),
                    "upper": _places(at.upper, places),
                    "signals": list(at.signals),
                }
                for point, at in zip(shown.points, drawn.chart.points, strict=True)
            ],
        },
    }


def _places(value: Fraction | None, places: int) -> str | None:
    return None if value is None else str(rounded(value, places))
