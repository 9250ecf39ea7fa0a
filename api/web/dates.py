"""Dates in forms: three boxes as the GOV.UK pattern has them, or one ISO text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.web.forms import Errors, field_id
from qa.core.errors import Refused

PARTS = ("day", "month", "year")


def parts_of(day: date | None, name: str) -> dict[str, str]:
    """A day as the three fields of its input."""
    if day is None:
        return {}
    return {f"{name}.{part}": str(getattr(day, part)) for part in PARTS}


def typed(fields: Mapping[str, str], name: str) -> list[str]:
    """What stands in the three boxes; an ISO text under the name itself counts too."""
    whole = fields.get(name, "").strip()
    if whole:
        try:
            day = date.fromisoformat(whole)
        except ValueError:
            return [whole, "", ""]
        return [str(day.day), str(day.month), str(day.year)]
    return [fields.get(f"{name}.{part}", "").strip() for part in PARTS]


def day_in(fields: Mapping[str, str], name: str) -> date | None:
    """The day typed, or None where all the boxes are empty.

    Raises:
        Refused: it is no real day, or its year has not four digits.
    """
    boxes = typed(fields, name)
    if not any(boxes):
        return None
    try:
        if not all(box.isdecimal() and len(box) <= 4 for box in boxes) or len(boxes[2]) != 4:
            raise ValueError("not a day")
        of_month, month, year = map(int, boxes)
        return date(year, month, of_month)
    except ValueError:
        sentence = "Enter a real date, like 31 3 2027."
        raise Refused(sentence, field=name, code="date-impossible") from None


def date_input(
    fields: Mapping[str, str],
    name: str,
    legend: str,
    errors: Errors,
    hint: str = "",
) -> dict[str, Any]:
    """Parameters of govukDateInput. The first box has the field's own id, for the error summary."""
    wrong = errors.message(name)
    box = "govuk-input--error" if wrong else ""
    ids = (field_id(name), f"{field_id(name)}-month", f"{field_id(name)}-year")
    items = [
        {
            "id": at,
            "name": f"{name}.{part}",
            "label": part.capitalize(),
            "value": value,
            "classes": f"govuk-input--width-{4 if part == 'year' else 2} {box}".strip(),
        }
        for at, part, value in zip(ids, PARTS, typed(fields, name), strict=True)
    ]
    shown: dict[str, Any] = {
        "id": f"{field_id(name)}-boxes",
        "fieldset": {"legend": {"text": legend, "classes": "govuk-fieldset__legend--s"}},
        "items": items,
        "errorMessage": wrong,
    }
    if hint:
        shown["hint"] = {"text": hint}
    return shown
