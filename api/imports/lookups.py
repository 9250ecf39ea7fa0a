"""What commands ask across streams about imports, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from projections.imports import queries


def records_of_batch(connection: Connection, batch: str) -> Sequence[tuple[str, str | None]]:
    return queries.records(connection, batch)


LOOKUPS = (records_of_batch,)
