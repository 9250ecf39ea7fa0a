"""Why a column of a tracker is left out: another kind of file reads it, or none does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.imports.mapping import Field, map_columns, normal
from api.imports.outcome import SheetOutcome
from api.plans.importers import assessments, sheets, success_measures

_READ: Mapping[str, tuple[tuple[Field, ...], str]] = {
    "plan": (sheets.FIELDS, "an improvement plan"),
    "assessments": (assessments.FIELDS, "ratings of the actions of a plan"),
    "measures": (success_measures.MEASURE_FIELDS, "success measures"),
    "measure-reports": (success_measures.REPORT_FIELDS, "reports on success measures"),
}
_CLOSED = {"status", "date closed", "closed on", "date completed", "completed on", "completed"}
_DONE = "An action of a plan is done once a rating says so."
_BY_RATING = f"{_DONE} Import the file as ratings too."


def with_reasons(kind: str, found: SheetOutcome[Any]) -> SheetOutcome[Any]:
    """The same, with the kind of file that would read each column that this one leaves out."""
    because: dict[str, str] = {}
    for other, (fields, words) in _READ.items():
        if other != kind:
            read = map_columns(found.sheet, fields, cutoff=1.0)
            sentence = f"It is read where the file is imported as {words} too."
            because = {**read.because, **dict.fromkeys(read.headings.values(), sentence), **because}
    closed = (one for one in found.mapping.unmapped if normal(one) in _CLOSED)
    because |= dict.fromkeys(closed, _BY_RATING if kind == "plan" else _DONE)
    reasons = {**because, **found.mapping.because}
    return replace(found, mapping=replace(found.mapping, because=reasons))
