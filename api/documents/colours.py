"""The colours that levels of a RAG scale and grades may have."""

from __future__ import annotations

_INK, _PAPER = "#0b0c0c", "#ffffff"
RAG_COLOURS = {
    "green": ("#00703c", _PAPER), "turquoise": ("#28a197", _INK), "blue": ("#1d70b8", _PAPER),
    "yellow": ("#ffdd00", _INK), "orange": ("#f47738", _INK), "red": ("#d4351c", _PAPER),
    "grey": ("#b1b4b6", _INK), "purple": ("#4c2c92", _PAPER),
}  # fmt: skip
"""Fill and ink of each, by name."""
