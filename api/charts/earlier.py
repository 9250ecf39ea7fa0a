"""How rates by period were drawn in files of the first layout, for what was published by it."""

from __future__ import annotations

from collections.abc import Sequence

from api.charts.charts import BLUE, QUIET, ChartRate
from api.charts.drawing import Chart, drawn
from api.charts.numbers import between, number, percentage


def rates(title: str, what: str, points: Sequence[ChartRate]) -> Chart:
    """A point a period with its 95% interval as whiskers and its n below the period. Files draw it
    and say it in one sentence; they have no table beneath it."""
    values = [
        {
            "period": f"{p.period}|n = {p.of}{'|not over' if p.running else ''}",
            "value": number(p.value),
            "low": number(p.low),
            "high": number(p.high),
            "said": percentage(p.value),
        }
        for p in points
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
    up = {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": what}
    spec = {
        "data": {"values": known},
        "width": {"step": 80},
        "height": 260,
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
    last = [p for p in points if p.value is not None and not p.running][-1:]
    nothing = "too few to tell" if any(p.of for p in points) else "no data"
    sentence = f"{what}: {nothing} in any period that is over."
    if last:
        p = last[0]
        sentence = (
            f"{what} in {p.period}: {percentage(p.value)} ({p.count} of {p.of}; 95% interval "
            f"{between(p.low, p.high)})."
        )
    return drawn(title, sentence, spec, (), ())
