"""A row of a report by what it is of: found by its group, and called in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.documents.figures import FiguresReport, FiguresRow
from projections.figures.figure import Figure
from projections.figures.running import labelled
from qa.core.errors import NotFound


def row_words(row: FiguresRow) -> str:
    """What a row is of: its period first, marked where it is not over."""
    group = row.group
    if "total" in group:
        return str(group["total"])
    keys = [key for key in group if key not in _BESIDE and not key.endswith(("_name", "_id"))]
    named = [str(group.get(f"{key}_name", group[key] or "None")) for key in keys] or ["Whole range"]
    return ", ".join([labelled(named[0], row.caveats), *named[1:]])


_BESIDE = ("from", "to", "day", "scale")


def scale_words(scale: object) -> str:
    """A scale by the key that names it with its version: “four-colours, version 1”."""
    return str(scale).replace("@", ", version ")


def row_of(made: FiguresReport, group: Mapping[str, Any], figure: str) -> FiguresRow:
    """The row that is named so and has this figure. Raises `NotFound`."""
    for row in (*made.rows, *made.totals):
        if _same(row, group) and figure in row.figures:
            return row
    raise NotFound("There is no such figure.")


def rows_named(made: FiguresReport, group: Mapping[str, Any]) -> list[FiguresRow]:
    """The rows that are named so; by no name, the whole of the report: its totals, or its rows
    where it has none."""
    if not group:
        return [*made.totals] or [*made.rows]
    return [row for row in (*made.rows, *made.totals) if _same(row, group)]


def figure_of(made: FiguresReport, group: Mapping[str, Any], figure: str) -> Figure:
    """The figure of the row that is named so. Raises `NotFound`."""
    return row_of(made, group, figure).figures[figure]


def _same(row: FiguresRow, group: Mapping[str, Any]) -> bool:
    return all(str(row.group.get(key)) == str(value) for key, value in group.items())
