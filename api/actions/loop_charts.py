"""The charts of the closing-the-loop report, drawn from its own figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from api.charts import charts
from api.charts.charts import BLUE, ORANGE, ChartRate, Rates
from api.charts.drawing import INK, Chart, drawn
from projections.actions.closing_the_loop.report import LoopReport, LoopReportRow
from projections.figures.durations import Curve
from projections.figures.rounding import Exact
from projections.figures.running import is_running

DRAWN = {
    "loop_closed_rate": "Loops closed",
    "action_completion_rate": "Actions done by their first due date",
}


def rate_charts(
    report: LoopReport, groups: Sequence[tuple[str, Sequence[LoopReportRow]]]
) -> list[Chart]:
    """Each rate by period, for each group of rows by its name (empty for the whole)."""
    found = []
    for name, rows in groups:
        for figure, title in DRAWN.items():
            points = [
                _point(str(row.group[report.question.period_key]), row, figure) for row in rows
            ]
            whole = f"{title}: {name}" if name else title
            found.append(charts.rates(Rates(whole, title, points)))
    return found


def _point(period: str, row: LoopReportRow, name: str) -> ChartRate:
    figure = row.figures[name]
    low, high = figure.interval or (None, None)
    return ChartRate(
        period,
        figure.numerator or 0,
        figure.denominator or 0,
        _share(figure.exact),
        _share(low),
        _share(high),
        running=is_running(row.caveats),
    )


def _share(percent: Exact | None) -> Fraction | None:
    return None if percent is None else Fraction(percent) / 100


def curve_chart(
    curve: Curve, summary: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Chart:
    """The share still open by days since the action was raised, with a tick where actions were
    last looked at while open (censored)."""
    line = [{"day": 0, "share": 1.0}]
    line += [{"day": step.day, "share": float(step.share)} for step in curve.steps]
    ticks = [{"day": s.day, "share": float(s.share)} for s in curve.steps if s.censored]
    along = {"field": "day", "type": "quantitative", "title": "Days since the action was raised"}
    up = {
        "field": "share",
        "type": "quantitative",
        "title": "Share still open",
        "scale": {"domain": [0, 1]},
        "axis": {"format": "%"},
    }
    spec = {
        "width": 560,
        "height": 280,
        "layer": [
            {
                "data": {"values": line},
                "mark": {
                    "type": "line",
                    "interpolate": "step-after",
                    "color": BLUE,
                    "strokeWidth": 3,
                },
                "encoding": {"x": along, "y": up},
            },
            {
                "data": {"values": ticks},
                "mark": {
                    "type": "tick",
                    "orient": "vertical",
                    "thickness": 2,
                    "size": 12,
                    "color": ORANGE,
                },
                "encoding": {"x": along, "y": up},
            },
            {
                "data": {"values": [{"share": 0.5}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": [4, 4]},
                "encoding": {"y": up},
            },
        ],
    }
    said = f"{summary} An upright tick marks actions last looked at while still open."
    return drawn("Share of actions still open", said, spec, columns, rows)
