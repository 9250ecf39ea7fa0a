"""How rates by period were drawn in files of the first layout, for what was published by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.charts.charts import BLUE, QUIET, ChartRate
from api.charts.drawing import Chart, drawn, turned
from api.charts.numbers import between, number, percentage


@dataclass(frozen=True, slots=True)
class Rates:
    """A rate by period, whiskers from the Wilson interval that the caller worked out."""

    title: str
    what: str
    points: Sequence[ChartRate]


def rates(data: Rates) -> Chart:
    """A point a period with its 95% interval as whiskers and its n below the period.

    No line joins the points: it would bridge a period of which nothing is known.
    """
    values = [
        {
            "period": f"{p.period}|n = {p.of}{'|not over' if p.running else ''}",
            "value": number(p.value),
            "low": number(p.low),
            "high": number(p.high),
            "said": percentage(p.value),
        }
        for p in data.points
    ]
    known = [v for v in values if v["value"] is not None]
    labels = [str(v["period"]) for v in values]
    along = {
        "field": "period",
        "type": "ordinal",
        "sort": labels,
        "title": None,
        "scale": {"domain": labels},
        "axis": {"labelExpr": "split(datum.label, '|')", "labelAngle": 0},
    }
    up = {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": data.what}
    points = {"data": {"values": known}, "width": {"step": 80}, "height": 260}
    spec = {
        **points,
        "layer": [
            {
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 2},
                "encoding": {
                    "x": along,
                    "y": {"field": "low", **up, "axis": {"format": "%"}},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": BLUE, "opacity": 1},
                "encoding": {"x": along, "y": {"field": "value", **up}},
            },
            {
                "mark": {"type": "text", "dx": 8, "align": "left", "fontWeight": "bold"},
                "encoding": {
                    "x": along,
                    "y": {"field": "value", **up},
                    "text": {"field": "said"},
                },
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
        )
        for p in data.points
    ]
    last = [p for p in data.points if p.value is not None and not p.running][-1:]
    nothing = "too few to tell" if any(p.of for p in data.points) else "no data"
    said = f"{data.what}: {nothing} in any period that is over."
    if last:
        p = last[0]
        said = (
            f"{data.what} in {p.period}: {percentage(p.value)} ({p.count} of {p.of}; 95% interval "
            f"{between(p.low, p.high)})."
        )
    columns = ("Period", "Count", "Of", data.what, "95% interval")
    key = "The line through a point is its 95% interval."
    return drawn(data.title, said, spec, columns, rows, turned(spec), key)
