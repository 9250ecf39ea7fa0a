"""Figures that rest on few: what is left of them for a reader who asked for that."""

from __future__ import annotations

from dataclasses import replace

from projections.figures.figure import Figure, caveat, code_of_caveat


def as_counts_below(figure: Figure, least: int) -> Figure:
    """The figure with its counts only, where its base is smaller than `least`."""
    base = figure.denominator
    if figure.unit == "count" or base is None or not 0 < base < least:
        return figure
    kept = tuple(text for text in figure.caveats if code_of_caveat(text) != "small-number")
    reason = caveat("small-number", f"Rests on fewer than {least}: only its counts are given.")
    return replace(figure, exact=None, interval=None, caveats=(*kept, reason))
