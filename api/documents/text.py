"""A listing as CSV (for Excel, or raw for machines) and as JSON."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any

import orjson

from api.documents.listing import Cell, Listing, london

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so is run by a spreadsheet (OWASP, CSV Injection)."""

_DOUBTFUL = frozenset((" ", *_FORMULA))
_AS_THEY_ARE = frozenset((NoneType, int, date))
_TEXT_OR_NOTHING = frozenset((NoneType, str))
BATCH = 1000
"""So many lines are written at once: a whole list as one text takes several times its bytes."""


def guarded(text: str) -> str:
    """The text with ``'`` before it where a spreadsheet would run it as a formula."""
    if text[:1] not in _DOUBTFUL:
        return text
    leading = text.lstrip(" ")
    return f"'{text}" if leading.startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _written(cell: Cell, raw: bool) -> str:
    if type(cell) is str:
        return cell if raw else guarded(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat() if raw else london(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell if raw else guarded(cell)
    return str(cell)


def as_csv(listing: Listing, *, raw: bool = False) -> bytes:
    """CSV in UTF-8. For people: BOM, headings, London times and the formula guard. `raw`: column
    keys, ISO 8601 instants, texts untouched and no BOM."""
    heads = [column.key if raw else column.heading for column in listing.columns]
    parts = [b"" if raw else codecs.BOM_UTF8, _lines([heads], raw)]
    rows = listing.rows
    parts += (_lines(rows[at : at + BATCH], raw) for at in range(0, len(rows), BATCH))
    return b"".join(parts)


def _lines(rows: Sequence[Sequence[Cell]], raw: bool) -> bytes:
    """Rows as lines, gone through column by column: most hold texts, whole numbers, days or nothing
    alone, which the writer takes as they are."""
    out = io.StringIO(newline="")
    columns = [_cells(cells, raw) for cells in zip(*rows, strict=True)]
    # Rows without columns are lines all the same.
    csv.writer(out).writerows(zip(*columns, strict=True) if columns else rows)
    return out.getvalue().encode()


def _cells(cells: Sequence[Cell], raw: bool) -> Sequence[Cell]:
    kinds = set(map(type, cells))
    plain = kinds <= _AS_THEY_ARE
    if plain or (kinds <= _TEXT_OR_NOTHING and (raw or _harmless(cells))):
        return cells
    return [_written(cell, raw) for cell in cells]


def _harmless(texts: Sequence[Any]) -> bool:
    """Whether none of the texts is one that a spreadsheet might run."""
    return _DOUBTFUL.isdisjoint([text[0] for text in texts if text])


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return str(cell)
    raise TypeError(type(cell).__name__)


def as_json(listing: Listing) -> bytes:
    """One object: header events, columns, and the rows as objects by column key. Instants are ISO
    8601 in UTC; exact decimals are strings, so that nothing is rounded on the way."""
    keys = [column.key for column in listing.columns]
    return orjson.dumps(
        {
            "title": listing.title,
            **({"demonstration": True} if listing.letterhead.demonstration else {}),
            "filters": [{"name": name, "value": value} for name, value in listing.filters],
            "position": listing.position,
            "as_at": listing.as_at,
            **({} if listing.true_on is None else {"true_on": listing.true_on}),
            **({} if listing.by is None else {"exported_by": listing.by}),
            **({} if listing.at is None else {"exported_at": listing.at}),
            "notes": list(listing.notes),
            "columns": [
                {"key": c.key, "heading": c.heading, "kind": c.kind.value} for c in listing.columns
            ],
            "rows": [dict(zip(keys, row, strict=True)) for row in listing.rows],
        },
        default=_plain,
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z,
    )
