"""What commands ask across streams about concerns, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from projections.safeguarding import queries


def unanswered_concerns_of(connection: Connection, team: str) -> Sequence[tuple[str, str]]:
    return queries.unanswered_of(connection, team)


LOOKUPS = (unanswered_concerns_of,)
