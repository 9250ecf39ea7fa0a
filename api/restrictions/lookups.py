"""What commands ask across streams about restrictions, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.restrictions import queries


def restriction_of(connection: Connection, child: str) -> str | None:
    return queries.of_child(connection, child)


LOOKUPS = (restriction_of,)
