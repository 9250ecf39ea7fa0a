"""What somebody holds, on the page of the person and on that where their departure is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.people.reading import person_as_resource
from api.tasks import worklist
from api.web.context import PagePart, Reading
from api.web.waiting import Task
from qa.authorisation.policy import can


def held(reading: Reading, person: Mapping[str, Any]) -> Sequence[Task]:
    """What waits for this person by name, the most urgent first; with the way to hand it over
    where the reader is one of those who see to their work."""
    found = worklist.held(
        reading.connection, reading.actor, person["person"], reading.at, limit=worklist.MOST
    )
    resource = person_as_resource(reading.connection, person)
    if can(reading.actor, "read-team-work", resource).allowed:
        return found
    return [one.closed for one in found]


PARTS = tuple(PagePart(f"people/{page}.html", "waiting", held) for page in ("person", "change"))
