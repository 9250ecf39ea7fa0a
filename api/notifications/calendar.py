"""A person's queue as a calendar (RFC 5545): what is due on which day, and the way there.

Each thing is an event of the whole day that it is due. An event holds a kind, the reference of an
audit and a link, never a child or a word of a case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.web.waiting import Task

if TYPE_CHECKING:
    from icalendar import Event


def calendar(queue: Iterable[Task], *, base: str, now: datetime) -> bytes:
    """The calendar of a queue. `base` is the address that links begin with."""
    # Loaded when the first is asked for, and not by every server that starts.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Caseloop//Your work//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Caseloop: your work")
    for one in queue:
        if one.due_on is not None:
            made.add_component(_event(one, base, now))
    written: bytes = made.to_ical()
    return written


def _event(one: Task, base: str, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", _uid(one, urlsplit(base).hostname or "caseloop.invalid"))
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", one.due_on)
    assert one.due_on is not None
    event.add("dtend", one.due_on + timedelta(days=1))
    whose = f"for {one.person_name}" if one.person_name else ""
    event.add("summary", " ".join(filter(None, [one.title, one.reference, whose])))
    event.add("url", f"{base}{one.href or '/'}")
    event.add("transp", "TRANSPARENT")
    return event


def _uid(one: Task, host: str) -> str:
    """Stays the same while the thing waits, whenever it is due, and says nothing of it."""
    thing = one.thing or f"{one.person} {one.due_on} {one.opened}"
    named = f"{one.kind} {thing} {one.person}"
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@{host}"
