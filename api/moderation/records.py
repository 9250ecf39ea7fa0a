"""Moderations and their policy as records that have a history."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.audits import reading
from api.records.kinds import READ_TOOL, KindOfRecord, Record, by_verb
from api.services import Services
from api.web.moments import AsAt
from projections.history import queries
from projections.history.question import HistoryScope
from qa.authorisation.policy import require
from qa.core.words import Actor

POLICY = "moderation-policy"


def _open_moderation(
    services: Services, connection: Connection, actor: Actor, moderation: str, at: AsAt
) -> Record:
    thing = f"moderation:{moderation}"
    audit = queries.belongs_to(connection, [thing]).get(thing, "")
    opened = reading.open_audit(services, connection, actor, audit, at)
    require(actor, "read-history", opened.resource)
    return Record(
        "moderation",
        moderation,
        f"Moderation of audit {opened.row.reference}",
        reading.subject_of(opened),
        HistoryScope((f"case-audit:{audit}",)),
        frozenset({moderation}),
    )


def _open_policy(
    _services: Services, _connection: Connection, actor: Actor, _key: str, _at: AsAt
) -> Record:
    require(actor, READ_TOOL)
    return Record("policy", "", "Moderation policy", POLICY, HistoryScope((POLICY,)))


_EVENTS = ("audits.moderation_events", "moderation.events")
RECORDS = (
    KindOfRecord("moderation", _open_moderation, events=_EVENTS, judged=True),
    KindOfRecord("policy", _open_policy, events=_EVENTS),
)
STREAMS = (by_verb(POLICY, READ_TOOL),)
