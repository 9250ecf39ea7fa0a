"""What was typed into a form, read out to whoever typed it, for a form of whatever kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from api.web.dates import PARTS, day_in, typed
from api.web.forms import name_in_words, pairs
from qa.core.dates_in_words import day
from qa.core.errors import Refused
from qa.core.event_words import code_in_words

_CODE = re.compile(r"[a-z]+(?:-[a-z]+)+")
_ID = re.compile(r"[0-9a-f]{32}")
_TYPED = ("handle", "name", "child", "reference")
"""Short texts that people type, and that can look like a code."""


def read_out(
    fields: Mapping[str, str],
    label: Callable[[str], str] = name_in_words,
    value: Callable[[str, str], str] | None = None,
) -> list[tuple[str, str]]:
    """Fields in words; the three boxes of a day as one, and ids that nobody typed left out."""
    shown: dict[str, str] = {}
    say = value or _chosen
    for path, text in fields.items():
        whole, _, part = path.rpartition(".")
        if part == "action":
            continue
        if whole and part in PARTS:
            shown[whole] = _day_in_words(fields, whole)
        else:
            shown[path] = say(path, text)
    return [(label(path), text) for path, text in shown.items()]


def entered(form: Mapping[str, Any], beside: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """A form that was posted, as it is read out where nobody knows its labels: without fields that
    are empty or among `beside`."""
    fields: dict[str, str] = {}
    for name, text in pairs(form):
        if text.strip() and name not in beside:
            at = name.removesuffix("[]")
            say = _chosen(at, text)
            fields[at] = f"{fields[at]}\n{say}" if at in fields else say
    return read_out(fields, value=lambda _, text: text)


def _chosen(path: str, text: str) -> str:
    """A code that was chosen in words; which record was chosen cannot be told from its id."""
    if _ID.fullmatch(text):
        return "Chosen from a list"
    coded = _CODE.fullmatch(text) and path.rpartition(".")[2] not in _TYPED
    return code_in_words(text) if coded else text


def _day_in_words(fields: Mapping[str, str], name: str) -> str:
    """The day of three boxes; one that cannot be stays as it was typed."""
    try:
        found = day_in(fields, name)
    except Refused:
        found = None
    return day(found) if found else "/".join(typed(fields, name))
