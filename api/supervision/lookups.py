"""What commands ask across streams about supervision, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.engine import Connection

from projections.supervision import queries


def discussed_in_supervision(connection: Connection, action: str, practitioner: str) -> bool:
    return queries.discussed(connection, action, practitioner)


def supervises(connection: Connection, supervisor: str, practitioner: str) -> bool:
    return queries.supervises(connection, supervisor, practitioner)


def supervision_checked(
    connection: Connection, named: str, *, team: str, practitioner: str, since: date
) -> bool:
    return queries.checked_since(
        connection, named, team=team, practitioner=practitioner, since=since
    )


def running_supervision_of(connection: Connection, team: str) -> Sequence[str]:
    return queries.running_of(connection, team)


def checks_to_make_of(connection: Connection, team: str) -> Sequence[str]:
    return queries.to_make_of(connection, team)


LOOKUPS = (
    discussed_in_supervision,
    supervises,
    supervision_checked,
    running_supervision_of,
    checks_to_make_of,
)
