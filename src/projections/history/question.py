"""What a history is of, and what it is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from projections.history.tables import history_entry
from qa.core.one_of import one_of

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryScope:
    """Whose history: that of some streams, all that one person did, or everything."""

    streams: tuple[str, ...] = ()
    by: str = ""
    everything: bool = False

    @property
    def empty(self) -> bool:
        return not (self.streams or self.by or self.everything)


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What a history is narrowed to; the default is everything.

    `after` and `upto` are positions (the recorded dates), `effective_*` ISO dates. `by` are person
    ids, `field` a path or the beginning of one, `text` is looked for in the sentence, the reason
    and the wordings of the entry. `streams` are those of the record that is named: of everything,
    only they.
    """

    by: frozenset[str] | None = None
    types: frozenset[str] = frozenset()
    field: str = ""
    text: str = ""
    parts: frozenset[str] = frozenset()
    effective_from: str = ""
    effective_to: str = ""
    after: int = 0
    upto: int | None = None
    streams: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether entries must be looked at to know whether they belong."""
        return self.by is not None or any(
            (
                self.types,
                self.field,
                self.text,
                self.parts,
                self.effective_from,
                self.effective_to,
            )
        )

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What of it the database can tell by itself."""
        table = history_entry.c
        found: list[ColumnElement[bool]] = []
        if self.by is not None:
            found.append(one_of(table.by, self.by))
        if self.types:
            found.append(table.type.in_(sorted(self.types)))
        if self.effective_from:
            found.append(table.effective_on >= self.effective_from)
        if self.effective_to:
            found.append(table.effective_on <= self.effective_to)
        return found

    def fits(self, entry: Entry) -> bool:
        if self.by is not None and entry["by"] not in self.by:
            return False
        if self.types and entry["type"] not in self.types:
            return False
        if self.parts and entry["part"] not in self.parts:
            return False
        if self.effective_from and entry["effective_on"] < self.effective_from:
            return False
        if self.effective_to and entry["effective_on"] > self.effective_to:
            return False
        if self.field and not any(_within(c["field"], self.field) for c in entry["changes"]):
            return False
        return not self.text or self.text.casefold() in _texts(entry)


def _within(path: str, field: str) -> bool:
    return path == field or path.startswith(f"{field}.")


def _texts(entry: Entry) -> str:
    changes = (text for c in entry["changes"] for text in (c["old"], c["new"]))
    return "\n".join((entry["said"], entry["reason"] or "", *changes)).casefold()
