"""What commands ask across streams about who has read what, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from qa.security import access_log


def has_seen_judgement(connection: Connection, person: str, audit: str) -> bool:
    return access_log.seen(connection, person, f"judgement:{audit}")


LOOKUPS = (has_seen_judgement,)
