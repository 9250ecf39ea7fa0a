"""People as the policy table sees them: whose work it is, and whose line they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from projections import people
from projections.base import present
from qa.words import Resource


def person_as_resource(connection: Connection, row: Mapping[str, Any]) -> Resource:
    """The work of a person, from their row: permission is asked of the present."""
    return Resource(
        service=row["service"],
        team=row["team"],
        person=row["person"],
        line=frozenset(people.managers(present(connection), row["person"])),
    )


def below(connection: Connection, person: str) -> set[str]:
    """Everybody who reports to this person now, directly or through others."""
    found: set[str] = set()
    asked = [person]
    while asked:
        for row in people.managed_by(connection, asked.pop()):
            if row["person"] not in found:
                found.add(row["person"])
                asked.append(row["person"])
    return found
