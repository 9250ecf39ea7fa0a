"""People as the policy table sees them: whose work it is, and who stands above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from api.web.access_notes import Look
from api.web.context import Reading
from projections.core.base import present
from projections.inspections.queries import rooms
from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.words import Actor, Resource, Role, Scope


def person_as_resource(connection: Connection, row: PlacedPerson) -> Resource:
    """The work of a person, from their row: permission is asked of the present."""
    return carry(Resource, row, line=frozenset(queries.managers(present(connection), row.person)))


def below(connection: Connection, person: str) -> set[str]:
    """Everybody who reports to this person now, directly or through others."""
    found: set[str] = set()
    queue = [person]
    while queue:
        for row in queries.managed_by(connection, queue.pop()):
            if row.person not in found:
                found.add(row.person)
                queue.append(row.person)
    return found


def inspectors(connection: Connection, day: date, position: int | None = None) -> set[str]:
    """Who reads in a room of their own on `day` or later: no work is theirs."""
    return {
        room.inspector
        for room in rooms(connection, position=position)
        if not room.closed and room.until >= day.isoformat()
    }


def to_choose(reading: Reading) -> list[tuple[str, str]]:
    """The people who can be given work today, by name: inspectors only read."""
    connection = reading.connection
    outside = inspectors(connection, reading.today)
    everybody = queries.everybody(connection)
    return [(one.person, one.name) for one in everybody if one.person not in outside]


def overseen(look: Look, *, departed: bool = False) -> list[PlacedPerson]:
    """The people whose work this reader oversees, by name; their own is on their own page, and
    inspectors have none. With `departed` those who have left, in place of those who are here."""
    connection, actor, at = look.connection, look.actor, look.at
    line = below(present(connection), actor.person)
    if not line and not can(actor, "read-team-work").allowed:
        return []
    everybody = queries.everybody(
        connection, with_departed=departed, position=at.position, day=at.on
    )
    aside = {actor.person, *inspectors(connection, at.on, at.position)}
    return [
        row
        for row in everybody
        if row.person not in aside
        and (not departed or has_left(row, at.on))
        and _oversees(actor, row, line)
    ]


def has_left(row: PlacedPerson, day: date) -> bool:
    """Whether the last day of this person is over on `day`."""
    return row.departed_on is not None and row.departed_on < day.isoformat()


def _oversees(actor: Actor, row: PlacedPerson, line: set[str]) -> bool:
    person = row.person
    resource = Resource(service=row.service, team=row.team, person=person)
    if person in line:
        resource = replace(resource, line=frozenset({actor.person}))
    # Somebody of no team belongs to no part: only the whole council's lead or their line sees them.
    if row.team is None and row.service is None and person not in line:
        whole = tuple(grant for grant in actor.grants if grant.scope.code is None)
        return can(replace(actor, grants=whole), "read-team-work").allowed
    return can(actor, "read-team-work", resource).allowed


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
            row.person,
            [
                grant.scope
                for grant in queries.grants(connection, row.person)
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
