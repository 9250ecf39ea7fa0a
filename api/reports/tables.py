"""Figures in tables: what each cell says, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.document import Reworded
from projections.figures.figure import Figure, code_of_caveat

_WHY = ("no-data", "scales-differ", "not-a-share", "small-number")
_SHORT = {"small-number": "rests on few"}


@dataclass(frozen=True, slots=True)
class TableCell:
    """One figure in a table. `why` says why there is no value, or what to beware of."""

    value: str
    of: str = ""
    interval: str = ""
    why: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row: its headings (the period first), its cells, and what is to be said of it."""

    headings: tuple[str, ...]
    cells: tuple[TableCell, ...]
    notes: tuple[str, ...] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class ReportTable:
    title: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[TableLine, ...]


def sentence(caveat: str) -> str:
    """A caveat without its code."""
    return caveat.partition(": ")[2]


def cell(figure: Figure | None, href: str = "") -> TableCell:
    """A figure with its base, its interval, and why where it has no value."""
    if figure is None:
        return TableCell("Not on this scale")
    codes = {code_of_caveat(text): sentence(text) for text in figure.caveats}
    if figure.exact is None:
        why = " ".join(codes[code] for code in codes if code in _WHY)
        if "no-data" not in codes and figure.denominator:
            before = f"{figure.numerator} of {figure.denominator}"
            return TableCell(Reworded(figure.display_base, before, 2), why=why, href=href)
        return TableCell("Cannot be calculated", why=why, href=href)
    notes = [codes["not-a-share"]] if "not-a-share" in codes else []
    notes += [note for code, note in _SHORT.items() if code in codes]
    interval = f"{figure.display_interval}" if figure.interval is not None else ""
    return TableCell(figure.display, _of(figure), interval, "; ".join(notes), href)


def _of(figure: Figure) -> str:
    if figure.unit == "count":
        same = figure.numerator == figure.denominator
        return "" if same else f"of {figure.denominator}"
    if figure.unit == "percent":
        return f"{figure.numerator} of {figure.denominator}"
    return f"n = {figure.denominator}"
