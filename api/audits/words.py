"""The fields of an audit as the pages that write it call and show them: by paths of its draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from qa.audit_tools.definition import ToolDefinition
from qa.core.dates_in_words import day
from qa.core.event_words import in_words, label


def field_label(path: str, tool: ToolDefinition | None = None) -> str:
    """What a field is called; in a draft a date is three of them."""
    known = label(path, tool)
    whole, _, part = path.rpartition(".")
    if known == path and part in ("day", "month", "year"):
        return f"{label(whole, tool)} ({part})"
    return known


def stated_texts(stated: Mapping[str, Any] | None, tool: ToolDefinition) -> list[tuple[str, str]]:
    """What an imported file says of an audit in words, each by its label."""
    texts = () if stated is None else stated.get("texts", ())
    return [(field_label(f"texts.{one['part']}", tool), one["text"]) for one in texts]


def value_label(
    path: str, value: str, tool: ToolDefinition, names: Mapping[str, str] | None = None
) -> str:
    """A stored value as a reader says it: grades and codes by their words, people by name."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return day(date.fromisoformat(value))
    if path == "auditor" or path.endswith(".owner"):
        return (names or {}).get(value, value)
    return value if path == "feedback.consent" else in_words(path, value, tool)
