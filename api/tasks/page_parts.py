"""What somebody holds, on the page of the person and on that where their departure is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from api.people.reading import person_as_resource
from api.tasks import worklist
from api.web.context import PagePart, Reading
from api.web.waiting import Task
from projections.people.tables import PlacedPerson
from qa.authorisation.policy import can


def waiting(reading: Reading, person: PlacedPerson) -> Sequence[Task]:
    """What waits for this person by name, the most urgent first; with the way to hand it over
    where the reader is one of those who see to their work."""
    found = worklist.to_hand_over(
        reading.connection, reading.actor, person.person, reading.at, limit=worklist.MOST
    )
    resource = person_as_resource(reading.connection, person)
    if can(reading.actor, "read-team-work", resource).allowed:
        return found
    return [one.closed for one in found]


PARTS = (
    PagePart("people/person.html", "waiting", waiting),
    PagePart("people/leave.html", "waiting", lambda reading, view: waiting(reading, view.row)),
)
