"""What each event changes in the read rows of search.

Which texts of an event are searched, its capability says (`qa.core.event_words.Searched`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from projections.core.base import RowChange
from projections.search import tables
from qa.core.event import Event, RecordedEvent
from qa.core.event_words import vocabulary, words_of
from qa.core.frozen import ERASED


class Search:
    """Projects the texts of records onto rows that can be searched."""

    name = "search"
    version = 4
    tables = (tables.search_text,)
    former_tables = ("search_audit",)
    by_stream = True

    @cached_property
    def handles(self) -> tuple[type[Event], ...]:
        words = vocabulary().events
        return tuple(kind for kind, each in words.items() if each.searched is not None)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        words = words_of(type(recorded.event))
        searched = words.searched
        if searched is None:
            return ()
        kind, _, record = recorded.stream.partition(":")
        event, own = recorded.event, f"@{recorded.version}" if searched.adds else ""
        changes: list[RowChange] = (
            [tables.SEARCH.close(record, tables.TEXT)] if searched.anew else []
        )
        changes += [tables.SEARCH.close(record, tables.TEXT, path) for path in words.ends(event)]
        parts = [
            (part, f"{path}{own}", text)
            for part, wanted in (
                (tables.NAME, searched.names),
                (tables.TITLE, searched.titles),
                (tables.TEXT, searched.texts),
            )
            for path, text in words.findable(event, wanted).items()
        ]
        for line, (part, path, text) in enumerate(parts):
            if text.strip() and text != ERASED:
                found = [tables.of_kind(kind), *tables.found_by(text)]
                if part == tables.NAME:
                    found.append(tables.whole(text))
                at = tables.place(part, recorded.position, line)
                changes.append(
                    tables.SEARCH.put(
                        tables.SearchRow(record, part, path, kind, at, text, " ".join(found))
                    )
                )
            elif len(parts) <= 2 and not searched.adds:  # what stood there may be taken out
                changes.append(tables.SEARCH.close(record, part, path))
        return changes


PROJECTORS = (Search,)
