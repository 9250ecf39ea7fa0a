"""Moderations and their policy as records that have a history."""

from __future__ import annotations

from api.audits import reading
from api.records.kinds import READ_TOOL, KindOfRecord, Record, by_verb
from api.web.access_notes import ServedLook
from projections.history import queries
from projections.history.question import HistoryScope
from qa.authorisation.policy import require

POLICY = "moderation-policy"


def _open_moderation(look: ServedLook, moderation: str) -> Record:
    thing = f"moderation:{moderation}"
    audit = queries.belongs_to(look.connection, [thing]).get(thing, "")
    opened = reading.open_audit(look, audit)
    require(look.actor, "read-history", opened.resource)
    return Record(
        "moderation",
        moderation,
        f"Moderation of audit {opened.row.reference}",
        reading.subject_of(opened),
        HistoryScope((f"case-audit:{audit}",)),
        frozenset({moderation}),
    )


def _open_policy(look: ServedLook, _key: str) -> Record:
    require(look.actor, READ_TOOL)
    return Record("policy", "", "Moderation policy", POLICY, HistoryScope((POLICY,)))


_EVENTS = ("audits.moderation_events", "moderation.events")
RECORDS = (
    KindOfRecord("moderation", _open_moderation, events=_EVENTS, judged=True),
    KindOfRecord("policy", _open_policy, events=_EVENTS),
)
STREAMS = (by_verb(POLICY, READ_TOOL),)
