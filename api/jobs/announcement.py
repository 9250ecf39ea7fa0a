"""What people are told of events: a capability says it under ``ANNOUNCEMENTS`` in its
``notifications``.

References and links, never a word of a case. Nobody is told of what they did themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from qa.core.event import Event, RecordedEvent
from qa.outbox.notices import NewNotice


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One event that people are to be told of, with the records as they are `today`."""

    connection: Connection
    recorded: RecordedEvent[Any]
    today: date

    @property
    def record(self) -> str:
        """The id of the record that the event happened to."""
        return self.recorded.stream.partition(":")[2]

    def notice(
        self, person: str, text: str, href: str, *, audit: str = "", due_on: date | None = None
    ) -> NewNotice:
        """The notice of it for one person. `audit` is named where the notice has to wait while
        that person moderates the audit blind."""
        key = f"fact:{self.recorded.meta.fact_id}"
        return NewNotice(person, key, "work", self.recorded.stream, href, text, audit, due_on)


@dataclass(frozen=True, slots=True)
class Announcement:
    """The events that a capability tells people of, and what each of them makes known to whom."""

    events: tuple[type[Event], ...]
    notices: Callable[[NewsItem], Iterable[NewNotice]]
