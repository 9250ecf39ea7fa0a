"""The pages on which a judgement, a dispute and its decision are written."""

from __future__ import annotations

from api.audits import reading as audit_reading
from api.moderation.reading import stand
from api.moderation.writing import written_step
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.writing.declaration import Writing, WritingKind
from api.writing.routes import writing_routes

router = PageRouter(include_in_schema=False)


def _opened(reading: Reading, name: str, audit: str) -> Writing:
    writing = written_step(reading, name, audit)
    if reading.request.method == "GET":
        standing = stand(reading.services, reading.connection, reading.actor, audit)
        audit_reading.note_view(reading.services, reading.actor, standing.opened, standing.at)
    return writing


def _judge(audit: str, reading: Reader) -> Writing:
    return _opened(reading, "judge", audit)


def _dispute(audit: str, reading: Reader) -> Writing:
    return _opened(reading, "dispute", audit)


def _decide(audit: str, reading: Reader) -> Writing:
    return _opened(reading, "decide", audit)


WRITTEN = (
    WritingKind(
        "moderation-judge",
        "Your judgement as moderator",
        lambda reading, ids: written_step(reading, "judge", ids[0]),
    ),
    WritingKind(
        "moderation-dispute",
        "A dispute of a grade",
        lambda reading, ids: written_step(reading, "dispute", ids[0]),
    ),
    WritingKind(
        "moderation-decide",
        "Your decision of a dispute",
        lambda reading, ids: written_step(reading, "decide", ids[0]),
    ),
)
_AT = "/audits/{audit}/moderation"
BUSY = writing_routes(router, f"{_AT}/judge", _judge)
writing_routes(router, f"{_AT}/dispute", _dispute)
writing_routes(router, f"{_AT}/decide", _decide)
