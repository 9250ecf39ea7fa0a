"""A listing as CSV (for Excel, or raw for machines) and as JSON."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any

import orjson

from api.documents.listing import Cell, Listing, london

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so is run by a spreadsheet (OWASP, CSV Injection)."""

_DOUBTFUL = (" ", *_FORMULA)
_AS_THEY_ARE = frozenset((NoneType, int, date))


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
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if raw:
        writer.writerow([column.key for column in listing.columns])
    else:
        writer.writerow([guarded(column.heading) for column in listing.columns])
    doubtful = frozenset(() if raw else _DOUBTFUL)
    # Most cells are plain text, which the writer takes as it is, like whole numbers, days and
    # nothing.
    writer.writerows(
        [
            cell
            if (type(cell) is str and cell[:1] not in doubtful) or type(cell) in _AS_THEY_ARE
            else _written(cell, raw)
            for cell in row
        ]
        for row in listing.rows
    )
    return out.getvalue().encode("utf-8" if raw else "utf-8-sig")


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
