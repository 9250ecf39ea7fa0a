"""The values of history in plain words, under the names that people and teams had then."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from projections.core.base import present
from projections.people import queries
from qa.audit_tools.definition import ToolDefinition
from qa.core.dates_in_words import day, moment
from qa.core.event_words import in_words, is_person

_DAY = r"\d{4}-\d\d-\d\d"
_MOMENT = rf"{_DAY}T\d\d:\d\d:\d\d(\.\d+)?\+00:00"


class Then:
    """Names of people and teams as they were at a position."""

    def __init__(self, connection: Connection, mentioned: Iterable[str | None]) -> None:
        self._connection = present(connection)
        self._spans = queries.name_spans(self._connection, [one for one in mentioned if one])
        self._places: dict[int, dict[str, str]] = {}
        self._moves: list[int] | None = None

    def person(self, person: str | None, position: int) -> str:
        if not person:
            return ""
        spans = self._spans.get(person, ())
        found = (name for name, first, last in spans if first <= position < last)
        return next(found, queries.BUILT_IN.get(person, person))

    def place(self, kind: str, code: str, position: int) -> str:
        """The name of a team or service."""
        if self._moves is None:
            self._moves = queries.teams_changed_at(self._connection)
        span = bisect_right(self._moves, position)
        if span not in self._places:
            teams = queries.teams(self._connection, with_closed=True, position=position)
            self._places[span] = {
                **{f"team:{one.team}": one.name for one in teams},
                **{f"service:{one.service}": one.service_name for one in teams},
            }
        return self._places[span].get(f"{kind}:{code}", code)


def value(path: str, text: str, tool: ToolDefinition | None, then: Then, position: int) -> str:
    """A stored value as a reader says it."""
    if not text:
        return ""
    if is_person(path):
        return ", ".join(then.person(one, position) for one in text.split(", "))
    if path in ("team", "service"):
        return then.place(path, text, position)
    if text[4:5] == "-":
        if re.fullmatch(_MOMENT, text):
            return moment(datetime.fromisoformat(text))
        if re.fullmatch(_DAY, text):
            return day(date.fromisoformat(text))
    return in_words(path, text, tool)


def plain(sentence: str) -> str:
    """A sentence of history with its days in words."""
    return re.sub(rf"\b{_DAY}\b", lambda iso: day(date.fromisoformat(iso[0])), sentence)


def mentioned(entries: Iterable[Mapping[str, Any]]) -> set[str | None]:
    """Every person that the entries name."""
    found: set[str | None] = set()
    for entry in entries:
        found |= {entry["by"], entry["about_person"]}
        for change in entry["changes"]:
            if is_person(change["field"]):
                found |= {*change["old"].split(", "), *change["new"].split(", ")}
    return found
