"""A column of numbers: how thousands, decimals and per cents are written in all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from api.imports.answers import ImportOption, ImportQuestion, NumberStyle
from api.imports.columns.dates import SettledColumn
from api.imports.files.tables import Cell, SheetRow, UnreadableCell, text_of

_SPACES = " \u00a0\u2007\u2009\u202f"
_MARK = rf"[{_SPACES}'’]"
_GROUPED = re.compile(rf"([-+−£]?\s?\d{{1,3}}(?:{_MARK}\d{{3}})+(?:[.,]\d+)?)(\s?%)?")
_COMMA_DECIMAL = re.compile(r"[-+−£]?\s?(?:\d+|\d{1,3}(?:\.\d{3})+),(?:\d{1,2}|\d{4,})\s?%?")
_ONE_MARK = re.compile(r"[-+−£]?\s?\d{1,3}[.,]\d{3}\s?%?")
_BARE = re.compile(r"[-+−]?\d+(?:\.\d+)?")
_BROKEN = re.compile(rf"[-+−£]?\s?\d[\d.,'’{_SPACES}]*[.,'’{_SPACES}]\d[\d.,'’{_SPACES}]*\s?%?")
_WHOLE = re.compile(r"[-+−£]?\s?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?\s?%?")

_STYLES = {
    "fraction": "Parts of one: 0.5 is 50%",
    "percent": "Per cents as they stand: 0.5 is 0.5%",
    "decimal-comma": "With a comma before the decimals: 12,5 is twelve and a half",
    "decimal-point": "With a point before the decimals: 1.204 is a little over one",
}


def settle_numbers(
    heading: str,
    rows: Sequence[SheetRow],
    cells: Sequence[Cell],
    style: NumberStyle | None,
    *,
    percent: bool = False,
) -> SettledColumn:
    """Spaces and apostrophes between thousands are taken out. `percent` says that the numbers are
    per cents, so that 0.97 shows how the 1 beside it is meant."""
    made = [ungrouped(cell) for cell in cells]
    if style in ("fraction", "percent"):
        return SettledColumn([_as_percent(cell, style) for cell in made])
    turned = [_comma(cell) for cell in made]
    parts = fractions_in_doubt(turned) if percent and turned != made else [False] * len(made)
    if style == "decimal-comma":
        pairs = zip(turned, parts, strict=True)
        return SettledColumn([_doubtful(one, "fraction") if part else one for one, part in pairs])
    marks = any(_is_grouped(cell) for cell in cells)
    commas = [text for text in map(_text, made) if _COMMA_DECIMAL.fullmatch(text)]
    offered: tuple[str, ...] = ()
    doubt = [False] * len(made)
    if style is None and (marks or commas):
        doubt = [bool(_ONE_MARK.fullmatch(_text(cell))) and _odd(cell, commas) for cell in made]
        doubt = [
            d or part or _text(cell) in commas
            for d, part, cell in zip(doubt, parts, made, strict=True)
        ]
        offered = ("decimal-comma", "decimal-point")
    if percent and style is None and not any(doubt):
        doubt = fractions_in_doubt(made)
        offered = ("fraction", "percent")
    found = [
        _doubtful(cell, offered) if unsure else _broken(cell)
        for cell, unsure in zip(made, doubt, strict=True)
    ]
    if not any(doubt):
        return SettledColumn(found)
    waiting = tuple(row.number for row, unsure in zip(rows, doubt, strict=True) if unsure)
    example = next(text_of(cell) for cell, unsure in zip(made, doubt, strict=True) if unsure)
    question = ImportQuestion(
        "number_styles",
        heading,
        f"How are the numbers of “{heading}” written? One of them is “{example}”.",
        tuple(ImportOption(one, _STYLES[one]) for one in offered),
        rows=waiting,
        needed=False,
    )
    return SettledColumn(found, [question])


def fractions_in_doubt(cells: Sequence[Cell]) -> list[bool]:
    """Which numbers without a per-cent sign may be parts of one: all up to 1, if one is between."""
    bare = [_bare(cell) for cell in cells]
    if not any(value is not None and 0 < abs(value) < 1 for value in bare):
        return [False] * len(cells)
    return [value is not None and 0 < abs(value) <= 1 for value in bare]


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _is_grouped(cell: Cell) -> bool:
    return isinstance(cell, str) and _GROUPED.fullmatch(cell.strip()) is not None


def ungrouped(cell: Cell) -> Cell:
    """A number without the spaces or apostrophes between its thousands."""
    return re.sub(_MARK, "", cell.strip()) if isinstance(cell, str) and _is_grouped(cell) else cell


def _odd(cell: Cell, commas: Sequence[str]) -> bool:
    """Of "1.204" and "1,204", the one that the rest of the column speaks against."""
    return "." in _text(cell) or bool(commas)


def _doubtful(cell: Cell, offered: Sequence[str]) -> Cell:
    text = text_of(cell)
    if "fraction" in offered:
        sentence = f"“{text}” may be a part of one or a per cent."
        return UnreadableCell(text, "percent-or-fraction", sentence)
    sentence = f"“{text}” may have its decimals or its thousands behind the mark."
    return UnreadableCell(text, "number-doubtful", sentence)


def _broken(cell: Cell) -> Cell:
    """A number whose marks stand where none belong, such as 1,204,5, is refused."""
    text = _text(cell)
    if _BROKEN.fullmatch(text) and not _WHOLE.fullmatch(text):
        return UnreadableCell(text, "not-a-number", f"“{text}” is not a number.")
    return cell


def _comma(cell: Cell) -> Cell:
    text = _text(cell)
    if not re.fullmatch(r"[-+−£]?\s?[\d.]+(?:,\d+)?\s?%?", text):
        return cell
    whole, comma, decimals = text.partition(",")
    if "." in whole and not re.fullmatch(r"[-+−£]?\s?\d{1,3}(?:\.\d{3})+\s?%?", whole):
        return UnreadableCell(text, "not-a-number", f"“{text}” is not a number.")
    return whole.replace(".", "") + (f".{decimals}" if comma else "")


def _bare(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    text = text_of(cell) if not isinstance(cell, float) else repr(cell)
    if not _BARE.fullmatch(text):
        return None
    try:
        return Decimal(text.replace("−", "-"))
    except InvalidOperation:
        return None


def _as_percent(cell: Cell, style: NumberStyle) -> Cell:
    value = _bare(cell)
    if value is None:
        return cell
    if style == "percent":
        return f"{value}%"
    if abs(value) > 1:
        sentence = f"“{text_of(cell)}” is more than one, so it is no part of one."
        return UnreadableCell(text_of(cell), "not-a-fraction", sentence)
    return f"{(100 * value).normalize():f}%"
