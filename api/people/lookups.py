"""What commands ask across streams about people and teams, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy.engine import Connection

from projections.people import queries
from projections.people.file_queries import names_from_files


def leads_of(connection: Connection, team: str, day: date) -> Sequence[str]:
    teams = queries.teams(connection, with_closed=True)
    service = next((one.service for one in teams if one.team == team), None)
    found = queries.leads(connection, day)
    return [one for one, scope in found if scope.covers(service=service, team=team)]


def names_of_everybody(connection: Connection) -> Sequence[str]:
    return [one.name for one in queries.everybody(connection, with_departed=True)]


def people_from_files(connection: Connection) -> Sequence[str]:
    return [one.person for one in names_from_files(connection)]


def manages(connection: Connection, person: str, day: date) -> bool:
    return bool(queries.managed_by(connection, person, day))


LOOKUPS: Mapping[str, Callable[..., object]] = {
    "people_placed_in": queries.placed_in,
    "people_from_files": people_from_files,
    "people_with_handles": queries.with_handles,
    "leads_of": leads_of,
    "manages": manages,
    "names_of_everybody": names_of_everybody,
}
