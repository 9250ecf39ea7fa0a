"""What each event changes in the read rows of search.

Which texts of an event are searched, its capability says (`qa.core.event_words.Searched`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from projections.core.base import RowChange
from projections.search.tables import (
    NAME,
    SEARCH,
    TEXT,
    TITLE,
    SearchRow,
    found_by,
    of_kind,
    place,
    search_text,
    whole,
)
from qa.core.event import Event, RecordedEvent
from qa.core.event_words import vocabulary, words_of
from qa.core.frozen import ERASED


class Search:
    """Projects the texts of records onto rows that can be searched."""

    name = "search"
    version = 4
    tables = (search_text,)
    former_tables = ("search_audit",)
    by_stream = True

    @cached_property
    def handles(self) -> tuple[type[Event], ...]:
        words = vocabulary().events
        return tuple(kind for kind, each in words.items() if each.searched is not None)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        searched = words_of(type(recorded.event)).searched
        if searched is None:
            return ()
        kind, _, record = recorded.stream.partition(":")
        event, own = recorded.event, f"@{recorded.version}" if searched.adds else ""
        changes: list[RowChange] = [SEARCH.close(record, TEXT)] if searched.anew else []
        changes += [SEARCH.close(record, TEXT, path) for path in searched.ends(event)]
        said = [
            (part, f"{path}{own}", text)
            for part, texts in (
                (NAME, searched.names(event)),
                (TITLE, searched.titles(event)),
                (TEXT, searched.texts(event)),
            )
            for path, text in texts.items()
        ]
        for line, (part, path, text) in enumerate(said):
            if text.strip() and text != ERASED:
                words = [of_kind(kind), *found_by(text)]
                if part == NAME:
                    words.append(whole(text))
                at = place(part, recorded.position, line)
                changes.append(
                    SEARCH.put(SearchRow(record, part, path, kind, at, text, " ".join(words)))
                )
            elif len(said) <= 2 and not searched.adds:  # what stood there may be taken out
                changes.append(SEARCH.close(record, part, path))
        return changes


PROJECTORS = (Search,)
