"""The two charts of an indicator: its series beside targets and comparators, and its control chart.

A line joins neighbouring periods only: it stops at a missing value and at a break of the series.
Special causes differ in shape as well as in colour, as do comparators and targets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from api.charts.charts import BLUE, ORANGE, QUIET
from api.charts.drawing import INK, Chart, Spec, drawn
from api.indicators.reading import Controlled
from projections.figures.control_charts import SIGNAL_WORDS, kind_of_point
from projections.figures.rounding import UNKNOWN
from projections.indicators.series import STATE_LABELS, Series, SeriesPoint
from qa.core.words import rounded
from qa.indicators.checks import UNIT_LABELS

_GREY, _PURPLE = "#6f777b", "#4c2c92"
_MARKS = {
    "common": ("Common cause", "circle", _GREY),
    "improving": ("Special cause: improving", "triangle-up", BLUE),
    "concerning": ("Special cause: concerning", "square", ORANGE),
    "special": ("Special cause: better or worse not decided", "diamond", _PURPLE),
}
_CROWDED = 9
"""From this many periods on their names stand slantwise."""


def series_chart(shown: Series) -> Chart:
    """Values by period, with the target in force and comparators; breaks are marked."""
    labels = [point.period.label for point in shown.points]
    own = shown.indicator.definition.name
    values: list[dict[str, Any]] = []
    for point, stretch in zip(shown.points, _stretches(shown.points), strict=True):
        period = point.period.label
        if point.figure is not None and point.figure.exact is not None:
            text = point.figure.display
            values.append(_mark(period, own, point.figure.exact, stretch, text))
        for name, _, figure in point.comparators:
            if figure.exact is not None:
                values.append(_mark(period, name, figure.exact, 0, figure.display))
    names = list(dict.fromkeys([own, *(each["series"] for each in values)]))
    along, up = _axes(labels, UNIT_LABELS[shown.indicator.definition.unit].capitalize(), values)
    by_series = {
        "field": "series",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names},
        "legend": {"orient": "bottom", "columns": 1, "symbolStrokeColor": INK},
    }
    layers: list[Spec] = [
        *_break_layers(shown.points, along),
        *_target_layers(shown.points, along, up),
        _ends(
            [{**v, "said": f"{v['series']} {v['said']}"} for v in values if v["series"] != own],
            "series",
            along,
            up,
        ),
        {
            "data": {"values": [v for v in values if v["series"] == own]},
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 2},
            "encoding": {"x": along, "y": {"field": "value", **up}, "detail": {"field": "stretch"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {
                "x": along,
                "y": {"field": "value", **up},
                "shape": {**by_series, "scale": {"domain": names, "range": _SHAPES[: len(names)]}},
                "color": {**by_series, "scale": {"domain": names, "range": _COLOURS[: len(names)]}},
            },
        },
        {
            "name": _NUMBERS,
            "data": {"values": _printed([v for v in values if v["series"] == own])},
            "mark": {"type": "text", "dy": -12, "fontWeight": "bold"},
            "encoding": {"x": along, "y": {"field": "value", **up}, "text": {"field": "said"}},
        },
    ]
    spec = {"width": _width(labels), "height": 280, "layer": layers}
    latest = shown.latest
    summary = f"{own}: no value in any period."
    if latest is not None and latest.figure is not None:
        summary = (
            f"{own}: {latest.figure.display} in {latest.period.label}. "
            f"{latest.movement.sentence} {latest.target.sentence}"
        )
        if any(_numbers(point) for point in shown.points):
            summary += " A thick dash marks the target."
    columns = ("Period", own, "Target", *names[1:], "Remarks")
    rows = [_row(point, names[1:]) for point in shown.points]
    wide, phone = _with_ends(spec)
    return drawn(f"{own} by period", summary, wide, columns, rows, phone)


_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
_COLOURS = [BLUE, ORANGE, "#00703c", _PURPLE, QUIET, INK]


def control_chart(shown: Series, controlled: Controlled) -> Chart:
    """The control chart: centre and limits by stretch, special causes by shape and colour."""
    chart, labels = controlled.chart, [point.period.label for point in shown.points]
    values, lines, rows = [], [], []
    stretches = _stretches(shown.points)
    of_stretch = {
        at: number
        for number, stretch in enumerate(chart.stretches)
        for at in range(stretch.start, stretch.end)
    }
    for at, (period, point) in enumerate(zip(shown.points, chart.points, strict=True)):
        label = period.period.label
        if point.value is not None:
            kind = _MARKS[kind_of_point(chart, at, period.polarity)][0]
            values.append(_mark(label, kind, point.value, stretches[at], ""))
        for name, value in (
            ("Centre", point.centre),
            ("Lower", point.lower),
            ("Upper", point.upper),
        ):
            if value is not None:
                clipped = _clipped(value, shown)
                text = f"{_LINES[name]} {_shown(clipped, shown.places)}"
                lines.append(
                    {"period": label, "line": name, "value": float(clipped), "said": text,
                     "stretch": of_stretch[at]}
                )  # fmt: skip
        rows.append(
            (
                label,
                UNKNOWN if period.figure is None else period.figure.display,
                _shown(point.centre, shown.places),
                _shown(None if point.lower is None else _clipped(point.lower, shown), shown.places),
                _shown(None if point.upper is None else _clipped(point.upper, shown), shown.places),
                ", ".join(SIGNAL_WORDS[s] for s in point.signals) or "–",
            )
        )
    along, up = _axes(labels, UNIT_LABELS[shown.indicator.definition.unit].capitalize(), values)
    kinds = [mark for mark in _MARKS.values() if any(v["series"] == mark[0] for v in values)]
    domain = [name for name, _, _ in kinds]
    legend = {"orient": "bottom", "columns": 1, "symbolStrokeColor": INK}
    point_layer: Spec = {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": along,
            "y": {"field": "value", **up},
            "shape": {"field": "series", "type": "nominal", "title": None, "legend": legend,
                      "scale": {"domain": domain, "range": [shape for _, shape, _ in kinds]}},
            "color": {"field": "series", "type": "nominal", "title": None, "legend": legend,
                      "scale": {"domain": domain, "range": [colour for _, _, colour in kinds]}},
        },
    }  # fmt: skip
    layers = [
        *_break_layers(shown.points, along),
        *_target_layers(shown.points, along, up),
        _ends(lines, "line", along, up),
        _line(lines, along, up, ("Centre",), []),
        _line(lines, along, up, ("Lower", "Upper"), [6, 4]),
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": _GREY, "strokeWidth": 1.5},
            "encoding": {"x": along, "y": {"field": "value", **up}, "detail": {"field": "stretch"}},
        },
        point_layer,
    ]
    spec = {"width": _width(labels), "height": 300, "layer": layers}
    summary = " ".join(
        [controlled.variation.sentence, controlled.assurance.sentence, *chart.warnings]
    )
    columns = ("Period", "Value", "Centre", "Lower limit", "Upper limit", "Signals")
    title = f"{shown.indicator.definition.name}: control chart"
    wide, phone = _with_ends(spec)
    ends = {str(line["line"]): str(line["said"]) for line in lines}
    legend_of_lines = [
        *([f"Whole line: {ends['Centre']}."] if "Centre" in ends else []),
        *(
            ["Broken lines: " + ", ".join(ends[n] for n in ("Lower", "Upper") if n in ends) + "."]
            if ends.keys() & {"Lower", "Upper"}
            else []
        ),
        *(["Thick dash: target."] if any(_numbers(point) for point in shown.points) else []),
    ]
    return drawn(title, summary, wide, columns, rows, phone, " ".join(legend_of_lines))


def _target_layers(points: Sequence[SeriesPoint], along: Spec, up: Spec) -> list[Spec]:
    """A thick dash where the target stands, with its words where it begins."""
    targets = [{"period": p.period.label, "value": float(of)} for p in points for of in _numbers(p)]
    return [
        {
            "data": {"values": targets},
            "mark": {"type": "tick", "orient": "horizontal", "color": INK, "thickness": 3},
            "encoding": {"x": along, "y": {"field": "value", **up}},
        },
        {
            "data": {"values": [{**one, "said": "Target"} for one in targets[:1]]},
            "mark": {"type": "text", "dy": -9, "color": INK},
            "encoding": {"x": along, "y": {"field": "value", **up}, "text": {"field": "said"}},
        },
    ]


def _ends(values: Sequence[Mapping[str, Any]], by: str, along: Spec, up: Spec) -> Spec:
    """The words of each line where it ends."""
    last = {value[by]: value for value in values}
    return {
        "name": _ENDS,
        "data": {"values": list(last.values())},
        "mark": {"type": "text", "align": "left", "dx": 14, "limit": _ROOM, "color": INK},
        "encoding": {"x": along, "y": {"field": "value", **up}, "text": {"field": "said"}},
    }


def _with_ends(spec: Spec) -> tuple[Spec, Spec]:
    """The drawing with room for the words at the ends of its lines, and one for a phone, which has
    none: its legend says the same, and of the printed numbers it keeps the last."""
    ends = [one for one in spec["layer"] if one.get("name") == _ENDS and one["data"]["values"]]
    layers = [
        {**one, "data": {"values": one["data"]["values"][-1:]}}
        if one.get("name") == _NUMBERS
        else one
        for one in spec["layer"]
        if one.get("name") != _ENDS
    ]
    room = {"left": 5, "top": 5, "bottom": 5, "right": _ROOM if ends else 5}
    return {**spec, "padding": room}, {**spec, "layer": layers}


_ENDS, _NUMBERS, _ROOM = "ends", "numbers", 150
_LINES = {"Centre": "Mean", "Lower": "Lower limit", "Upper": "Upper limit"}


def _line(
    lines: Sequence[Mapping[str, Any]],
    along: Spec,
    up: Spec,
    names: Sequence[str],
    dash: Sequence[int],
) -> Spec:
    return {
        "data": {"values": [line for line in lines if line["line"] in names]},
        "mark": {"type": "line", "color": INK, "strokeDash": list(dash), "strokeWidth": 1.5},
        "encoding": {
            "x": along,
            "y": {"field": "value", **up},
            "detail": [{"field": "line"}, {"field": "stretch"}],
        },
    }


def _mark(period: str, series: str, value: Any, stretch: int, text: str) -> dict[str, Any]:
    return {
        "period": period,
        "series": series,
        "value": float(value),
        "stretch": stretch,
        "said": text,
    }


def _printed(values: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The values whose numbers are printed: all of them, or the last where they would crowd."""
    return values if len(values) < 2 * _CROWDED else values[-1:]


def _stretches(points: Sequence[SeriesPoint]) -> list[int]:
    """Which points one line may join: it ends at a missing value and before a break."""
    found, number = [], 0
    for point in points:
        if point.figure is None or point.breaks:
            number += 1
        found.append(number)
    return found


def _numbers(point: SeriesPoint) -> list[Any]:
    target = point.target.target
    if target is None or target.comparator not in ("gte", "lte", "between"):
        return []
    return [of for of in (target.of, target.upto) if of is not None]


def _break_layers(points: Sequence[SeriesPoint], along: Spec) -> list[Spec]:
    """A line and a word where the series breaks or its limits begin anew."""
    marks = [
        {
            "period": point.period.label,
            "said": "Series breaks" if point.breaks else "Limits recalculated",
        }
        for point in points
        if point.breaks or point.rebased
    ]
    if not marks:
        return []
    return [
        {
            "data": {"values": marks},
            "mark": {"type": "rule", "color": INK, "strokeDash": [2, 3], "xOffset": -14},
            "encoding": {"x": along},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "text", "align": "left", "dx": -10, "y": 8, "color": INK},
            "encoding": {"x": along, "text": {"field": "said"}},
        },
    ]


def _axes(
    labels: Sequence[str], title: str, values: Sequence[Mapping[str, Any]]
) -> tuple[Spec, Spec]:
    """The axes. That of values begins at nought, unless all lie so far from it that their changes
    could not be seen; then it says so."""
    found = [one["value"] for one in values]
    zero = not found or min(found) < max(found) / 2
    along = {
        "field": "period",
        "type": "ordinal",
        "sort": list(labels),
        "title": None,
        "scale": {"domain": list(labels)},
        "axis": {"labelAngle": -45 if len(labels) >= _CROWDED else 0, "labelOverlap": True},
    }
    called = title if zero else f"{title} (axis does not begin at 0)"
    return along, {"type": "quantitative", "title": called, "scale": {"zero": zero, "nice": True}}


def _width(labels: Sequence[str]) -> int:
    return min(860, max(320, 64 * len(labels)))


def _clipped(value: Fraction, shown: Series) -> Fraction:
    """A limit within what the unit can be: no per cent over 100, no number below nought."""
    unit = shown.indicator.definition.unit
    if unit in ("score", "money"):
        return value
    return max(Fraction(0), min(value, Fraction(100)) if unit == "percent" else value)


def _shown(value: Fraction | None, places: int) -> str:
    return UNKNOWN if value is None else str(rounded(value, places)).replace("-", "−")


def _row(point: SeriesPoint, comparators: Sequence[str]) -> tuple[str, ...]:
    beside = {name: figure.display for name, _, figure in point.comparators}
    notes = [
        *([] if point.state == "value" else [STATE_LABELS[point.state]]),
        *(["Sources contradict each other"] if point.contradicted else []),
        *(["The series breaks here"] if point.breaks else []),
        *(["Limits recalculated"] if point.rebased else []),
        *point.notes,
    ]
    return (
        point.period.label,
        UNKNOWN if point.figure is None else point.figure.display,
        point.target.label,
        *(beside.get(name, UNKNOWN) for name in comparators),
        "; ".join(notes) or UNKNOWN,
    )
