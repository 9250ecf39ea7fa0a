"""Actions as records that have a history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.actions import reading
from api.records.kinds import READ_TOOL, KindOfRecord, KindOfStream, Record, by_verb
from api.services import Services
from api.web.moments import AsAt
from projections.history.queries import HistoryScope
from qa.core.words import Actor, Role


def _open(
    services: Services, connection: Connection, actor: Actor, action: str, at: AsAt
) -> Record:
    opened = reading.open_action(services, connection, actor, action, at)
    stream = f"action:{action}"
    reference = opened.audit_reference
    title = f"Action of audit {reference}" if reference else "Action raised beside the audits"
    audit = opened.row.audit
    # Whoever moderates has now seen something of the judgement.
    subject = f"judgement:{audit}" if audit and actor.has(Role.MODERATOR) else stream
    return Record("action", action, title, subject, HistoryScope((stream,)))


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    raised = {stream.partition(":")[2] for stream in streams}
    return [f"action:{one}" for one in reading.open_to(connection, actor, raised)]


RECORDS = (KindOfRecord("action", _open, events=("actions.events",)),)
STREAMS = (KindOfStream("action", _open_to, of_audit=True), by_verb("action-policy", READ_TOOL))
