"""What commands ask across streams about follow-ups, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from projections.follow_ups import queries


def running_follow_ups_of(connection: Connection, team: str) -> Sequence[str]:
    return queries.running_of(connection, team)


LOOKUPS = (running_follow_ups_of,)
