"""What somebody holds, for whoever oversees their work."""

from __future__ import annotations

from collections.abc import Sequence

from api.people.reading import person_as_resource
from api.tasks import worklist
from api.web.access_notes import Look
from api.web.waiting import Task
from projections.core.base import present
from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.authorisation.policy import can
from qa.core.errors import NotFound


def held_by(look: Look, person: str) -> tuple[PlacedPerson, Sequence[Task]]:
    """The person, and what waits for them by name, the most urgent first.

    Raises:
        NotFound: no such person, or nobody whose work the reader oversees.
    """
    connection = look.connection
    row = queries.person(present(connection), person)
    if row is not None:
        resource = person_as_resource(connection, row)
        if can(look.actor, "read-team-work", resource).allowed:
            return row, worklist.to_hand_over(
                connection, look.actor, person, look.at, limit=worklist.MOST
            )
    raise NotFound("There is no such person.")
