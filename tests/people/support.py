"""Moves of people, where they work on a day, and what several tests begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.people import queries
from qa.core.words import Grant, Role
from qa.people.commands import people
from qa.people.events import PersonAdded, RoleGranted
from tests.support.council import Council

ADDED = PersonAdded(person="p", handle="p", name="Pat")
READS = RoleGranted(grant=Grant(role=Role.READER, since=date(2020, 1, 1)))


def move(council: Council, handle: str, on: date, **to: Any) -> None:
    """Record a move of somebody, by the administrator."""
    asked = {"team": "east", "manager": None, "job_title": "Worker", **to}
    people.move_person(
        council.services.desk,
        person=council.ids[handle],
        effective_on=on,
        by=council.actor("admin"),
        **asked,
    )


def placed(council: Council, handle: str, **moment: Any) -> dict[str, Any]:
    with council.services.store.reading() as connection:
        found = queries.person(connection, council.ids[handle], **moment)
    assert found is not None
    return found
