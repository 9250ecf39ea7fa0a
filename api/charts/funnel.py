"""Teams against limits that chance sets: wide for few, narrow for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.charts.charts import BLUE, ORANGE, QUIET
from api.charts.drawing import INK, Chart, Spec, drawn
from api.charts.numbers import between, percentage
from projections.figures.funnels import Funnel, FunnelPoint, Reading, limits

READINGS: Mapping[Reading, str] = {
    "far-above": "Above the 99.8% limit",
    "above": "Above the 95% limit",
    "within": "Within the limits",
    "below": "Below the 95% limit",
    "far-below": "Below the 99.8% limit",
}
_SHAPES: Mapping[str, tuple[str, str]] = {
    "Above the limits": ("triangle-up", BLUE),
    "Within the limits": ("circle", QUIET),
    "Below the limits": ("triangle-down", ORANGE),
}
CASE_MIX = (
    "Teams do not hold the same cases, and audits are not drawn from them alike. Outside the "
    "limits means more than chance, not better or worse practice: look first at which audits they "
    "were. "
    "About one team in twenty lies outside the 95% limits by chance."
)
STEPS = 40
"""Numbers at which the limits are drawn."""


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """`what` is the rate, `of` what it is counted of."""

    title: str
    what: str
    of: str
    made: Funnel


def funnel_chart(data: FunnelChart) -> Chart:
    """A point a team at its number, its shape and name told where it lies outside the limits."""
    made = data.made
    shown = [one for one in made.points if one.reading is not None]
    most = max(one.part.of for one in shown)
    points = [
        {
            "of": one.part.of,
            "share": float(one.share),
            "lies": _lies(one),
            "said": "" if one.reading == "within" else one.part.name,
        }
        for one in shown
    ]
    across = {
        "field": "of", "type": "quantitative", "title": f"{data.of} (n)",
        "scale": {"domain": [0, most * 1.1]}, "axis": {"tickMinStep": 1},
    }  # fmt: skip
    up = {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": data.what}
    names = list(_SHAPES)
    lines = [
        {
            "data": {"values": _drawn(made, name, most)},
            "mark": {"type": "line", "color": QUIET, "strokeWidth": 1.5, "strokeDash": dash},
            "encoding": {"x": across, "y": {"field": "share", **up, "axis": {"format": "%"}}},
        }
        for name, dash in (
            ("low", [1, 0]), ("high", [1, 0]), ("outer_low", [6, 4]), ("outer_high", [6, 4]),
        )
    ]  # fmt: skip
    spec: Spec = {
        "data": {"values": points},
        "width": 520,
        "height": 320,
        "layer": [
            *lines,
            {
                "mark": {"type": "rule", "color": INK},
                "encoding": {"y": {"datum": float(made.target), **up}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1,
                         "stroke": INK, "strokeWidth": 1},
                "encoding": {
                    "x": across,
                    "y": {"field": "share", **up},
                    "shape": {
                        "field": "lies", "type": "nominal", "title": None,
                        "scale": {"domain": names, "range": [one for one, _ in _SHAPES.values()]},
                        "legend": {"orient": "bottom"},
                    },
                    "color": {
                        "field": "lies", "type": "nominal", "title": None,
                        "scale": {"domain": names, "range": [one for _, one in _SHAPES.values()]},
                    },
                },
            },
            *({
                "transform": [{"filter": f"datum.said !== '' && {side}"}],
                "mark": {"type": "text", "align": align, "dx": dx, "fontWeight": "bold"},
                "encoding": {
                    "x": across, "y": {"field": "share", **up}, "text": {"field": "said"},
                },
            } for side, align, dx in (
                (f"datum.of <= {most / 2}", "left", 10), (f"datum.of > {most / 2}", "right", -10),
            )),
        ],
    }  # fmt: skip
    columns = ("Team", "Count", "Of", data.what, "95% limits", "99.8% limits", "Reading")
    key = (
        "The line across is the rate of all together. 95% of what chance gives lies between the "
        f"inner lines, 99.8% between the dashed ones. {CASE_MIX}"
    )
    # On a phone there is no room for names: sentence and table have them.
    on_phone = {**spec, "layer": spec["layer"][:-2]}
    return drawn(
        data.title, _summary(data), spec, columns, [*map(_row, made.points)], on_phone, key
    )


def _lies(one: FunnelPoint) -> str:
    if one.reading == "within":
        return "Within the limits"
    return "Above the limits" if one.reading in ("above", "far-above") else "Below the limits"


def _drawn(made: Funnel, name: str, most: int) -> list[Spec]:
    numbers = sorted({max(1, round(most * 1.1 * at / STEPS)) for at in range(1, STEPS + 1)})
    return [{"of": of, "share": getattr(limits(of, made.target), name)} for of in numbers]


def _row(one: FunnelPoint) -> tuple[str, ...]:
    bounds = one.limits
    return (
        one.part.name,
        str(one.part.count),
        str(one.part.of),
        "too few" if one.reading is None else percentage(one.share),
        between(bounds.low, bounds.high),
        between(bounds.outer_low, bounds.outer_high),
        "Too few to compare" if one.reading is None else READINGS[one.reading],
    )


def _summary(data: FunnelChart) -> str:
    made = data.made
    whole = f"{data.what}: {percentage(made.target)} of all together ({made.count} of {made.of})."
    few = sum(one.reading is None for one in made.points)
    teams = [f"{one.part.name} ({percentage(one.share)}) lies {READINGS[one.reading].lower()}"
            for one in made.outside if one.reading]  # fmt: skip
    outside = f" {'; '.join(teams)}." if teams else " No team lies outside the limits."
    left = f" {few} of too few to compare." if few else ""
    return f"{whole}{outside}{left}"
