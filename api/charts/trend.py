"""A rate through the periods: its line within the band of its intervals, broken where the series
is, and a mark there that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.charts.charts import BLUE, QUIET, ChartRate
from api.charts.drawing import INK, Chart, Spec, drawn, turned
from api.charts.earlier import rates
from api.charts.numbers import between, number, percentage

BAND = "#a9c8e8"


@dataclass(frozen=True, slots=True)
class Trend:
    """A rate by period. `breaks` says why the series begins anew with a period, by its label."""

    title: str
    what: str
    points: Sequence[ChartRate]
    breaks: Mapping[str, str] = field(default_factory=dict)


def trend(data: Trend) -> Chart:
    """A point a period, its n beneath. Neither line nor band goes over a period of which nothing is
    known, nor over a break."""
    values: list[Spec] = []
    run, joined = 0, False
    for point in data.points:
        broken = data.breaks.get(point.period)
        if broken or not joined:
            run += 1
        joined = point.value is not None
        notes = ["not over"] if point.running else []
        values.append(
            {
                "period": "|".join([point.period, f"n = {point.of}", *notes, *_short(broken)]),
                "value": number(point.value),
                "low": number(point.low),
                "high": number(point.high),
                "said": percentage(point.value),
                "run": f"run {run}",
                "broken": bool(broken),
            }
        )
    labels = [str(one["period"]) for one in values]
    along = {
        "field": "period",
        "type": "ordinal",
        "sort": labels,
        "title": None,
        "scale": {"domain": labels, "type": "band", "padding": 0.2},
        "axis": {"labelExpr": "split(datum.label, '|')", "labelAngle": 0},
    }
    up = {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": data.what}
    percent = {**up, "axis": {"format": "%"}}
    of_run = {"field": "run", "type": "nominal"}
    known = {"filter": "datum.value !== null"}
    spec = {
        "data": {"values": values},
        "width": {"step": 80},
        "height": 260,
        "layer": [
            {
                "transform": [known],
                "mark": {"type": "area", "color": BAND, "opacity": 0.6},
                "encoding": {
                    "x": along,
                    "y": {"field": "low", **percent},
                    "y2": {"field": "high"},
                    "detail": of_run,
                },
            },
            {
                "transform": [known],
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 2},
                "encoding": {"x": along, "y": {"field": "low", **up}, "y2": {"field": "high"}},
            },
            {
                "transform": [known],
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 2},
                "encoding": {"x": along, "y": {"field": "value", **up}, "detail": of_run},
            },
            {
                "transform": [known],
                "mark": {"type": "point", "filled": True, "size": 90, "color": BLUE, "opacity": 1},
                "encoding": {"x": along, "y": {"field": "value", **up}},
            },
            {
                "transform": [known],
                "mark": {"type": "text", "dx": 7, "dy": -11, "align": "left", "fontWeight": "bold"},
                "encoding": {
                    "x": along,
                    "y": {"field": "value", **up},
                    "text": {"field": "said"},
                },
            },
            {
                "transform": [{"filter": "datum.broken"}],
                "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "strokeDash": [6, 4]},
                "encoding": {"x": {**along, "bandPosition": 0}},
            },
        ],
    }
    rows = [
        (
            f"{p.period} (not over)" if p.running else p.period,
            str(p.count),
            str(p.of),
            "too few" if p.value is None and p.of else percentage(p.value),
            "too few" if p.low is None and p.of else between(p.low, p.high),
            data.breaks.get(p.period, ""),
        )
        for p in data.points
    ]
    columns = ("Period", "Count", "Of", data.what, "95% interval", "Break in the series")
    key = (
        "The band, and the upright line through a point, are 95% intervals. Where line and band "
        "end, nothing is known or the series begins anew; a dashed line marks that."
    )

    def before() -> Chart:
        return rates(data.title, data.what, data.points)

    return drawn(data.title, _summary(data), spec, columns, rows, turned(spec), key, before)


def _short(broken: str | None) -> list[str]:
    return ["new series"] if broken else []


def _summary(data: Trend) -> str:
    over = [p for p in data.points if p.value is not None and not p.running]
    if not over:
        nothing = "too few to tell" if any(p.of for p in data.points) else "no data"
        return f"{data.what}: {nothing} in any period that is over."
    last = over[-1]
    sentence = (
        f"{data.what} in {last.period}: {percentage(last.value)} ({last.count} of {last.of}; 95% "
        f"interval {between(last.low, last.high)})."
    )
    begun = [p.period for p in data.points if p.period in data.breaks]
    if begun:
        sentence += f" The series begins anew in {', '.join(begun)}: {data.breaks[begun[-1]]}"
    return sentence
