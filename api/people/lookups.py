"""What commands ask across streams about people and teams, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.engine import Connection

from projections.people import queries


def person_with_handle(connection: Connection, handle: str) -> str | None:
    return queries.with_handle(connection, handle)


def leads_of(connection: Connection, team: str, day: date) -> Sequence[str]:
    teams = queries.teams(connection, with_closed=True)
    service = next((one.service for one in teams if one.team == team), None)
    found = queries.leads(connection, day)
    return [one for one, scope in found if scope.covers(service=service, team=team)]


def names_of_everybody(connection: Connection) -> Sequence[str]:
    return [one.name for one in queries.everybody(connection, with_departed=True)]


def people_placed_in(connection: Connection, team: str) -> Sequence[str]:
    return queries.placed_in(connection, team)


LOOKUPS = (people_placed_in, person_with_handle, leads_of, names_of_everybody)
