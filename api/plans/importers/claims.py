"""Sheets of what documents say of the ratings of a plan, as typed rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from api.imports.files.tables import SheetRows
from api.imports.mapping import Field, map_columns, normal
from api.imports.outcome import ImportRow, SheetOutcome, in_order, readers
from api.imports.values import parse_date, parse_text
from api.plans.importers.sheets import parse_reference
from qa.plans.events import LONGEST_NAME

WHOLE_PLAN = frozenset({"overall", "all", "whole plan", "the whole plan", "plan", "total"})


class ClaimRow(ImportRow):
    """What is published of a part as at a day; `reference` is the part, blank for the plan."""

    as_at: date
    claimed: str
    source: str


FIELDS = (
    Field("part", "Part of the plan", True,
          ("part", "theme", "ambition", "priority", "recommendation", "outcome", "objective")),
    Field("claimed", "Published figure", True,
          ("published", "published mean", "published average", "mean", "average", "rag average")),
    Field("as_at", "As at", False, ("date", "on", "day"), kind="date"),
    Field("source", "Where it is published", False,
          ("published in", "source", "document", "report", "where")),
)  # fmt: skip


def check_claims(
    sheet: SheetRows, choices: Mapping[str, str] | None = None, *, as_at: date | None, today: date
) -> SheetOutcome[ClaimRow]:
    """Check every row; `as_at` is the day where no column says it.

    Raises `Refused` where the part or the figure has no column.
    """
    mapping = map_columns(sheet, FIELDS, choices).complete()
    faults = list(sheet.faults)
    rows: list[ClaimRow] = []
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        part = read.get("part", parse_reference, required=True)
        claimed = read.get("claimed", partial(parse_text, longest=LONGEST_NAME), required=True)
        day = read.get("as_at", parse_date) or as_at
        source = read.get("source", partial(parse_text, longest=LONGEST_NAME))
        if day is None:
            read.fault("as_at", "missing", "Say which day the published figure is of.")
        elif day > today:
            read.fault("as_at", "in-the-future", "That day is in the future.", day.isoformat())
        if source is None:
            read.fault("source", "missing", "Say where the figure is published.")
        if claimed is None or day is None or source is None or len(faults) > before or not part:
            continue
        reference = "" if normal(part) in WHOLE_PLAN else part
        rows.append(
            ClaimRow(**row.place, reference=reference, as_at=day, claimed=claimed, source=source)
        )
    return SheetOutcome(sheet, mapping, {}, tuple(rows), in_order(faults, sheet))
