"""What commands ask across streams about who has read what, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.engine import Connection

from projections.safeguarding import queries as safeguarding_queries
from qa.security import access_log


def has_seen_judgement(connection: Connection, person: str, audit: str) -> bool:
    groups = (one.told_people for one in safeguarding_queries.of_audit(connection, audit))
    return access_log.seen(connection, person, f"judgement:{audit}") or any(
        person in people for people in groups
    )


LOOKUPS: Mapping[str, Callable[..., object]] = {
    "has_seen_judgement": has_seen_judgement,
}
