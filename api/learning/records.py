"""Learning themes as records that have a history."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.records.kinds import KindOfRecord, by_verb, of_council
from projections.learning import queries

_KIND, _VERB = "learning-theme", "read-learning"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    return queries.titles(connection, [key], position=position).get(key)


RECORDS = (KindOfRecord(_KIND, of_council(_KIND, _VERB, named=_named)),)
STREAMS = (by_verb(_KIND, _VERB),)
