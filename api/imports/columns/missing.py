"""Words that stand where nothing is known, and references that a spreadsheet has spoiled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from api.imports.files.tables import Cell, UnreadableCell, text_of
from api.imports.mapping import FieldKind

_OF_PROGRAMS = frozenset({"nan", "null", "#n/a", "#null!", "<na>"})
_NOT_KNOWN = frozenset(
    {"none", "nan", "nat", "null", "undefined", "#n/a n/a", "\\n", "tbc", "tba", "tbd",
     "t.b.c", "t.b.a", "to be confirmed", "to be advised", "to be determined", "not known",
     "unknown", "n/k", "nk", "not recorded", "not provided", "no data", "missing", "blank",
     "empty", "nil"}
)  # fmt: skip
_NOBODY = frozenset(
    {"not stated", "nobody", "no one", "x", "xx",
     "xxx", "0", "-1", "unallocated", "unassigned", "not allocated", "not yet allocated",
     "to be allocated", "not assigned", "vacant", "no name", "no auditor", "no team",
     "no moderator", "no owner", "no worker"}
)  # fmt: skip
_NOT_APPLICABLE = frozenset({"n/a", "na", "n.a", "n\\a", "not applicable"})
_NO_WORD = re.compile(r"[-–—.?*_`'\"/\\~…·•=]+")
_WITH_A_REASON = re.compile(
    r"(?:tb[acd]|n/[ak]|to be (?:confirmed|advised|allocated|determined)|not known|unknown|vacant|"
    r"unallocated|not (?:yet )?allocated)\s*[-–—:,(]"
)
"""How a cell begins that says why nobody can be named: "TBC - new worker"."""
_NAMES: frozenset[FieldKind] = frozenset({"person", "team", "name", "reference", "child"})
_ERROR = re.compile(r"#(?:REF|DIV/0|VALUE|NAME|NUM|SPILL|CALC)[!?]?", re.IGNORECASE)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(
    rf"\d{{1,2}}-{_MONTH}(?:-\d\d(?:\d\d)?)?|{_MONTH}-\d\d|\d{{1,2}}/\d{{1,2}}/\d{{4}}|"
    r"\d{4}-\d\d-\d\d(?:[ T]00:00(?::00)?)?"
)
"""What a spreadsheet makes of a reference such as 6-26, and so writes into a text file."""
_WITH_POINT = re.compile(r"(\d+)\.(\d+)")
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
            return None if text.casefold() in _OF_PROGRAMS else cell
        wanted = text.casefold().strip(" ()[]{}<>").rstrip(".")
        if text.casefold() in _OF_PROGRAMS or wanted in _NOT_KNOWN or _NO_WORD.fullmatch(text):
            return None
        if kind in _NAMES and (wanted in _NOBODY or _WITH_A_REASON.match(wanted)):
            return None
        if kind in (*_NAMES, "date", "text") and wanted in _NOT_APPLICABLE:
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
    if isinstance(cell, str) and _DATED.fullmatch(text):
        sentence = (
            f"“{text}” is a date where a reference belongs: a spreadsheet may have made it one."
        )
        return UnreadableCell(text, "date-for-reference", sentence)
    lost = isinstance(cell, int | float) and not isinstance(cell, bool) and cell >= _DIGITS_KEPT
    if lost or _SHORTENED.fullmatch(text):
        sentence = f"“{text}” is a long number that a spreadsheet has shortened: digits are lost."
        return UnreadableCell(text, "reference-shortened", sentence)
    return cell


def without_point(cells: Sequence[Cell]) -> list[Cell]:
    """References without the “.0” that a program put behind each because some cells are blank; as
    they stand where one of them has other decimals, or is as short as the number of an action."""
    found = [_WITH_POINT.fullmatch(cell) if isinstance(cell, str) else None for cell in cells]
    pointed = [match for match in found if match is not None]
    if not all(int(match[2]) == 0 and len(match[1]) > 2 for match in pointed):
        return list(cells)
    return [cell if match is None else match[1] for cell, match in zip(cells, found, strict=True)]
