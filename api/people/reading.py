"""People as the policy table sees them: whose work it is, and who stands above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from projections.core.base import present
from projections.people import queries
from qa.core.words import Resource, Role, Scope


def person_as_resource(connection: Connection, row: Mapping[str, Any]) -> Resource:
    """The work of a person, from their row: permission is asked of the present."""
    return Resource(
        service=row["service"],
        team=row["team"],
        person=row["person"],
        line=frozenset(queries.managers(present(connection), row["person"])),
    )


def below(connection: Connection, person: str) -> set[str]:
    """Everybody who reports to this person now, directly or through others."""
    found: set[str] = set()
    asked = [person]
    while asked:
        for row in queries.managed_by(connection, asked.pop()):
            if row["person"] not in found:
                found.add(row["person"])
                asked.append(row["person"])
    return found


@dataclass(frozen=True, slots=True)
class Lead:
    """A QA lead and the parts of the council that they lead."""

    person: str
    scopes: Sequence[Scope]

    def leads(self, service: str | None, team: str | None) -> bool:
        return any(scope.covers(service=service, team=team) for scope in self.scopes)


def leads_on(connection: Connection, day: date) -> list[Lead]:
    """The QA leads of a day."""
    return [
        Lead(
            row["person"],
            [
                grant.scope
                for grant in queries.grants(connection, row["person"])
                if grant.role is Role.QA_LEAD and grant.holds_on(day)
            ],
        )
        for row in queries.holding(connection, Role.QA_LEAD, day)
    ]


def heads_of(
    line: Sequence[str], leads: Sequence[Lead], service: str | None, team: str | None
) -> set[str]:
    """Who hears at the top of the ladder: the manager of the line manager (the head of service),
    and the QA leads of the part of the council that the work belongs to. `line` is who stands
    above whoever answers for it, from their own manager upwards."""
    return {*line[1:2], *(lead.person for lead in leads if lead.leads(service, team))}
