"""Moves of people, where they work on a day, and what several tests begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.core.words import Grant, Role
from qa.people import handlers as people
from qa.people.commands import MovePerson
from qa.people.events import PersonAdded, RoleGranted
from qa.people.teams import Team
from tests.support.council import Council

ADDED = PersonAdded(person="p", handle="p", name="Pat")
EAST = Team("east", "East", "safeguarding", "Safeguarding")
READS = RoleGranted(grant=Grant(role=Role.READER, since=date(2020, 1, 1)))


def move(council: Council, handle: str, on: date, **to: Any) -> None:
    """Record a move of somebody, by the administrator."""
    asked = {"team": "east", "manager": None, "job_title": "Worker", **to}
    command = MovePerson(person=council.ids[handle], effective_on=on, **asked)
    people.move_person(council.services.desk, command, by=council.actor("admin"))


def placed(council: Council, handle: str, **moment: Any) -> PlacedPerson:
    with council.services.store.reading() as connection:
        found = queries.person(connection, council.ids[handle], **moment)
    assert found is not None
    return found
