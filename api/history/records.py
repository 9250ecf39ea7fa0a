"""Everything that is recorded, as a record that has a history: each reader sees of it what they may
see by itself."""

from __future__ import annotations

from api.records.kinds import EVERYTHING, KindOfRecord, Record
from api.web import purposes
from api.web.access_notes import ServedLook
from projections.history.question import HistoryScope
from qa.authorisation.policy import require
from qa.core.errors import NotFound

_SUBJECT = "page:/history"


def _open(look: ServedLook, key: str) -> Record:
    require(look.actor, "read-log")
    if key:
        raise NotFound("There is no such record.")
    purposes.ask(look.services, look.connection, ("work",), _SUBJECT)
    return Record(
        EVERYTHING,
        "",
        "Everything that was recorded",
        _SUBJECT,
        HistoryScope(everything=True),
        sieve=True,
        notes=["Entries of records that are not open to you are left out."],
    )


RECORDS = (KindOfRecord(EVERYTHING, _open, several=True, judged=True),)
