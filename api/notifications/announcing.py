"""Follows the log and tells people of new events, from its own place in the database.

A replay or a rebuild reads events elsewhere and tells nobody. What was recorded longer ago than
`STALE` is passed over: nobody wants the news of a service that stood still for a month.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.jobs.announcement import Announcement, NewsItem
from api.services import Services
from qa.core.capabilities import declared
from qa.core.clock import civil_day
from qa.core.errors import CaseloopError, Damaged
from qa.core.event import RecordedEvent
from qa.core.rounds import Rounds
from qa.outbox import notices, tables
from qa.outbox.notices import NewNotice

STALE = timedelta(days=14)
BATCH = 500
PAUSE_SECONDS = 5.0
_TELLING = {
    kind: one.notices
    for one in declared("api", "notifications", "ANNOUNCEMENTS", Announcement)
    for kind in one.events
}
"""What is to be told of each kind of event."""
_TYPES = tuple(kind.TYPE for kind in _TELLING)

logger = logging.getLogger("caseloop.outbox")


def announce(services: Services, *, dry_run: bool = False) -> int:
    """Tell of every event up to the head of the log as it is now; how many notices were new.

    Nobody is told of an event that cannot be read: its position is named, and it is passed over.
    """
    upto, made = services.store.head(), 0
    with services.store.reading() as connection:
        place = tables.position(connection)
    while place < upto:
        found, last = _batch(services, place, upto)
        if dry_run:
            with services.store.reading() as connection:
                made += len(notices.unknown(connection, found))
        else:
            with services.store.writing() as connection:
                if not tables.move_on(connection, place, last):
                    # Somebody else told of these.
                    return made
                made += notices.add(connection, services.clock, found)
        place = last
    return made


def _batch(services: Services, after: int, upto: int) -> tuple[list[NewNotice], int]:
    """What is to be told of the next events, and the place of the last of them."""
    now = services.clock.now()
    today = civil_day(now)
    found: list[NewNotice] = []
    with services.store.reading() as connection:
        events, last = _readable(services, connection, after, upto)
        for recorded in events:
            if recorded.recorded_at > now - STALE:
                news = _TELLING[type(recorded.event)](NewsItem(connection, recorded, today))
                found += [one for one in news if one.person != recorded.meta.by]
        people = {one.person for one in found}
        here = {one for one in people if acting(connection, one, today) is not None}
    return [one for one in found if one.person in here], last


def _readable(
    services: Services, connection: Connection, after: int, upto: int
) -> tuple[list[RecordedEvent[Any]], int]:
    """The next events that can be read, and the place up to which they are all there are."""
    try:
        events = list(
            services.store.events(connection, after=after, upto=upto, types=_TYPES, limit=BATCH)
        )
    except Damaged as damaged:
        if damaged.position is None:
            raise
        logger.error("Fact %s cannot be read: nobody is told of it.", damaged.position)
        return _readable(services, connection, after, damaged.position - 1)[0], damaged.position
    return events, events[-1].position if len(events) == BATCH else upto


class Announcer(Rounds):
    """Rounds of announcing, while Caseloop is served."""

    NAME = "caseloop-outbox"
    PATIENCE = 20

    def __init__(self, services: Services, *, pause: float = PAUSE_SECONDS) -> None:
        super().__init__(logger, pause)
        self._services = services

    def round(self) -> bool:
        trouble = None
        try:
            announce(self._services)
        except CaseloopError as error:
            trouble = error.sentence
        except Exception as error:
            trouble = f"{type(error).__name__} while telling of new facts"
            logger.exception("the outbox met the unexpected")
        self.went(trouble)
        return False
