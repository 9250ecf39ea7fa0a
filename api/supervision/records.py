"""Supervision and its checks as records that have a history."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.records.kinds import READ_TOOL, KindOfRecord, KindOfStream, Record, by_verb
from api.services import Services
from api.supervision import reading
from api.web.moments import AsAt
from projections.history.queries import HistoryScope
from qa.core.words import Actor


def _open_pair(
    _services: Services, connection: Connection, actor: Actor, key: str, at: AsAt
) -> Record:
    pair = reading.open_pair(connection, actor, key, at)
    title = f"Supervision of {pair.name(pair.row.practitioner)}"
    stream = f"supervision:{key}"
    return Record("supervision", key, title, stream, HistoryScope((stream,)))


def _open_check(
    _services: Services, connection: Connection, actor: Actor, key: str, at: AsAt
) -> Record:
    check = reading.open_check(connection, actor, key, at)
    title = f"Check of the supervision of {check.name(check.row.practitioner)}"
    stream = f"supervision-check:{key}"
    return Record("supervision-check", key, title, stream, HistoryScope((stream,)))


RECORDS = (KindOfRecord("supervision", _open_pair), KindOfRecord("supervision-check", _open_check))
STREAMS = (
    *(KindOfStream(kind, reading.open_streams) for kind in sorted(reading.KINDS)),
    by_verb("supervision-policy", READ_TOOL),
    by_verb("open-cases", READ_TOOL),
)
