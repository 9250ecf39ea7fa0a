"""The names that are known only from files, and who they were said to be."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.engine import Connection

from projections.figures.joined_people import JoinedPersonRow
from projections.people.tables import JOINED_PEOPLE, PEOPLE, person_row


class NameFromFile(NamedTuple):
    """Somebody known only from files. `joined_to` is who they count as; `stream_version` is what a
    joining is made from."""

    person: str
    name: str
    joined_to: str | None
    stream_version: int


def names_from_files(connection: Connection, *, position: int | None = None) -> list[NameFromFile]:
    """The people known only from files, by name."""
    every = JOINED_PEOPLE.rows(connection, JOINED_PEOPLE.select(position=position))
    joined = {row.person: row for row in every}
    query = PEOPLE.select(person_row.c.known_only_from_file == 1, position=position)
    found = []
    for row in PEOPLE.rows(connection, query.order_by(person_row.c.name, person_row.c.person)):
        one = joined.get(row.person, JoinedPersonRow(row.person, 0, None))
        found.append(NameFromFile(row.person, row.name, one.joined_to, one.stream_version))
    return found
