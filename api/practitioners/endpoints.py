"""What a practitioner sees and says: the final audits of their own cases, and the answers."""

from __future__ import annotations

from fastapi import Response

from api.audits import reading as audit_reading
from api.json.command_endpoint import command_endpoint
from api.json.deps import AuditId, Call, tag
from api.json.routing import ApiRouter
from api.practitioners import reading as practitioner_reading
from api.practitioners.schemas import OwnAuditOut, OwnAuditsOut, ResponseEntryOut, ResponseOut
from qa.authorisation.policy import can, require
from qa.core.clock import from_microseconds
from qa.core.errors import Forbidden
from qa.practitioners import handlers

router = ApiRouter(prefix="/case-audits/{audit}/response", tags=["own cases"])
list_router = ApiRouter(prefix="/own-audits", tags=["own cases"])


@list_router.get("", operation_id="listOwnAudits")
def list_own(call: Call) -> OwnAuditsOut:
    """List the final audits of the caller's own cases, with the strengths they recognise."""
    require(call.actor, "read-own-cases")
    rows = practitioner_reading.released(call)
    call.note("own-cases")
    shown = [OwnAuditOut(**{name: row[name] for name in OwnAuditOut.model_fields}) for row in rows]
    return OwnAuditsOut(**call.moment, audits=shown)


@router.record("", operation_id="readResponse")
def read_response(call: Call, audit: AuditId, response: Response) -> ResponseOut:
    """What the practitioner said to an audit, and what was answered."""
    opened = audit_reading.open_audit(call, audit)
    if not opened.judgement_open:
        raise Forbidden(can(call.actor, "read-judgement", opened.resource).rule)
    audit_reading.note_view(call.services, call.actor, opened, call.at)
    rows, names, version = practitioner_reading.said_to(call.connection, audit, call.at)
    tag(response, call.at, version)
    return ResponseOut(
        **call.moment,
        entries=[
            ResponseEntryOut.of(row, said_at=from_microseconds(row.said_us).isoformat())
            for row in rows
        ],
        names=dict(names),
    )


command_endpoint(router, "POST", "/reflections", handlers.reflect)
command_endpoint(router, "POST", "/disputes", handlers.dispute_fact)
command_endpoint(
    router,
    "POST",
    "/disputes/{dispute}/answer",
    handlers.answer,
    operation_id="answerDisputedFact",
    status=200,
)
