"""A grid of cells with a number in each, darker where it is higher."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import wrap

from api.charts.drawing import INK, PAPER, Spec


def cells_of(
    cells: Sequence[Spec],
    *,
    x: tuple[str, Sequence[str], str | None],
    y: tuple[str, Sequence[str], str | None],
    text: str,
) -> Spec:
    """A grid of rectangles shaded from white to dark blue, with words in them."""

    def place(field: str, order: Sequence[str], title: str | None) -> Spec:
        return {
            "field": field,
            "type": "nominal",
            "sort": list(order),
            "title": title,
            "scale": {"domain": list(order)},
        }

    wrapped = {label: wrap(label, _LINE) or [label] for label in x[1]}
    words = f"({json.dumps(wrapped)})[datum.label]"
    across = {**place(*x), "axis": {"labelAngle": 0, "labelExpr": words}}
    down = place(*y)
    return {
        "data": {"values": list(cells)},
        "width": {"step": 112},
        "height": {"step": 42},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": INK, "strokeWidth": 0.5},
                "encoding": {
                    "x": across,
                    "y": down,
                    "color": {"field": "fill", "type": "nominal", "scale": None},
                },
            },
            {
                "transform": [{"filter": "datum.outlined"}],
                "mark": {"type": "rect", "filled": False, "stroke": INK, "strokeWidth": 3},
                "encoding": {"x": across, "y": down},
            },
            {
                "mark": {"type": "text", "fontWeight": "bold"},
                "encoding": {
                    "x": across,
                    "y": down,
                    "text": {"field": text},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }


_LINE = 15
"""Characters of a label that fit under a cell."""


SHADES = (
    ("#ffffff", INK),
    ("#d5e5f5", INK),
    ("#a9c8e8", INK),
    ("#2b6cb0", PAPER),
    ("#14508c", PAPER),
    ("#003a70", PAPER),
)
"""Fill and ink of a cell from low to high: no shade between, so that the ink always reads."""


def shade(share: float) -> Spec:
    """The fill and ink of a share from 0 to 1; white is kept for nought."""
    step = 0 if share <= 0 else min(1 + int(share * (len(SHADES) - 1)), len(SHADES) - 1)
    fill, ink = SHADES[step]
    return {"fill": fill, "ink": ink}
