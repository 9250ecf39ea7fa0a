"""Choices that the forms of moderation share: grades with their descriptors, people, exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web.forms import Errors, Nested, text
from projections.people.tables import PlacedPerson
from qa.audit_tools.definition import Domain
from qa.core.words import Scale


def options(
    chosen_value: str, choices: Mapping[str, str], hints: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Items of govukRadios or govukSelect from value → words."""
    return [
        {
            "value": value,
            "text": words,
            "checked": value == chosen_value,
            "selected": value == chosen_value,
            **({"hint": {"text": hints[value]}} if hints and hints.get(value) else {}),
        }
        for value, words in choices.items()
    ]


def grades_to_choose(
    scale: Scale, domain: Domain | None = None
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The ranked grades of a scale, and what each looks like in this domain."""
    points = [point for point in scale.points if point.rank is not None]
    hints = {p.code: p.meaning if domain is None else domain.descriptor(p.code) for p in points}
    return [(point.code, point.label) for point in points], hints


def grade_options(scale: Scale, value: str) -> list[dict[str, Any]]:
    items, hints = grades_to_choose(scale)
    return options(value, dict(items), hints)


def people_options(rows: list[PlacedPerson], value: str, empty: str) -> list[dict[str, Any]]:
    """People as items of govukSelect, with `empty` before them."""
    return options(value, {"": empty, **{one.person: one.name for one in rows}})


def exception_asked(given: Nested, errors: Errors) -> bool:
    """Whether the form asks why a rule of independence is set aside."""
    needed = any(f.code == "independence-exception-needed" for f in errors.faults)
    return needed or bool(text(given, "exception"))
