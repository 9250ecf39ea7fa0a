"""Moves of people, and where they work on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.people import queries
from qa.people.commands import people
from tests.support.council import Council


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
