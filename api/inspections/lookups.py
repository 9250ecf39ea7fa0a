"""What commands ask across streams about inspections, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from projections.inspections import queries


def has_inspector_room(connection: Connection, person: str, day: date) -> bool:
    return queries.has_room(connection, person, day)


LOOKUPS = (has_inspector_room,)
