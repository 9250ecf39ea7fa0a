"""Words that stand where nothing is known, and references that a spreadsheet has spoiled."""

from __future__ import annotations

import re
from datetime import date, datetime

from api.imports.files.tables import Cell, UnreadableCell, text_of
from api.imports.mapping import FieldKind

_ALWAYS = frozenset({"nan", "null", "#n/a", "#null!", "<na>", "none"})
_NOT_KNOWN = frozenset(
    {"-", "--", "–", "—", ".", "?", "tbc", "tba", "t.b.c.", "to be confirmed", "to be advised",
     "not known", "unknown", "n/k", "nk", "not recorded", "blank", "(blank)", "nil"}
)  # fmt: skip
_NOBODY = frozenset(
    {"n/a", "na", "n.a.", "not applicable", "not stated", "nobody", "xxx", "unallocated",
     "unassigned", "not allocated", "not assigned", "vacant"}
)  # fmt: skip
_NAMES: frozenset[FieldKind] = frozenset({"person", "team", "reference", "child"})
_ERROR = re.compile(r"#(?:REF|DIV/0|VALUE|NAME|NUM|SPILL|CALC)[!?]?", re.IGNORECASE)
_SHORTENED = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_DIGITS_KEPT = 10**15
"""Whole numbers from here on have lost digits in a spreadsheet."""


def settle_missing(cell: Cell, kind: FieldKind) -> Cell:
    """Blank for a word that says nothing is known; a refusal for an error of the spreadsheet and
    for a reference that it shortened or made a date of."""
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] == "#" and _ERROR.fullmatch(text):
            return UnreadableCell(
                text, "formula-error", f"“{text}” is an error of the spreadsheet."
            )
        if kind in ("words", "number", "due"):
            # There "-" and "TBC" are words of their own, which say something.
            return None if text.casefold() in _ALWAYS - {"none"} else cell
        wanted = text.casefold()
        if wanted in _ALWAYS or wanted in _NOT_KNOWN or (kind in _NAMES and wanted in _NOBODY):
            return None
    if kind in ("reference", "child"):
        return _whole_reference(cell)
    return cell


def _whole_reference(cell: Cell) -> Cell:
    text = text_of(cell)
    if isinstance(cell, date | datetime):
        sentence = (
            f"{text} is a date where a reference belongs: a spreadsheet may have made it one."
        )
        return UnreadableCell(text, "date-for-reference", sentence)
    lost = isinstance(cell, int | float) and not isinstance(cell, bool) and cell >= _DIGITS_KEPT
    if lost or _SHORTENED.fullmatch(text):
        sentence = f"“{text}” is a long number that a spreadsheet has shortened: digits are lost."
        return UnreadableCell(text, "reference-shortened", sentence)
    return cell
