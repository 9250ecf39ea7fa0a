"""What commands ask across streams about indicators, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from projections.indicators import queries


def indicator_has_values(connection: Connection, indicator: str, since: date) -> bool:
    return queries.has_values(connection, indicator, since)


LOOKUPS = (indicator_has_values,)
