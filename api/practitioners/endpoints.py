"""What a practitioner sees and says: the final audits of their own cases, and the answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.audits import reading as audit_reading
from api.json.deps import AuditId, Body, Change, Moment, Reads, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.practitioners import reading as practitioner_reading
from api.web import access_notes
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.clock import from_microseconds
from qa.core.errors import Forbidden
from qa.practitioners import commands
from qa.practitioners.events import Outcome, response_stream

router = ApiRouter(prefix="/case-audits/{audit}/response", tags=["own cases"])
list_router = ApiRouter(prefix="/own-audits", tags=["own cases"])

DisputeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the dispute.")]
_SHOWN = ("entry", "kind", "person", "text", "should_be", "outcome", "answer", "answered_by")


@list_router.get("", operation_id="listOwnAudits")
def list_own(services: Served, actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """List the final audits of the caller's own cases, with the strengths they recognise."""
    require(actor, "read-own-cases")
    rows = practitioner_reading.released(connection, actor, at)
    access_notes.note(services, actor, What.VIEW, "own-cases", at=at)
    shown = ("audit", "reference", "child", "audit_date", "final_grade", "strengths", "reflected")
    return {
        "as_at": at.day,
        "position": at.shown,
        "audits": [{name: row[name] for name in shown} for row in rows],
    }


@router.record("", operation_id="readResponse")
def read_response(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    audit: AuditId,
    response: Response,
) -> dict[str, Any]:
    """What the practitioner said to an audit, and what was answered."""
    opened = audit_reading.open_audit(services, connection, actor, audit, at)
    if not opened.judgement_open:
        raise Forbidden(can(actor, "read-judgement", opened.resource).rule)
    audit_reading.note_view(services, actor, opened, at)
    rows, names, version = practitioner_reading.said_to(connection, audit, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "entries": [
            {
                **{name: row[name] for name in _SHOWN},
                "said_at": from_microseconds(row["said_us"]).isoformat(),
            }
            for row in rows
        ],
        "names": names,
    }


class ReflectionIn(Body):
    text: str


@router.post("/reflections", status_code=201, operation_id="reflectOnAudit")
def reflect(change: Change, audit: AuditId, body: ReflectionIn) -> ReceiptOut:
    """Say what one takes from the audit of one's own case."""
    done = commands.reflect(change.desk, audit=audit, text=body.text, **change.made(body))
    return change.receipt(done, response_stream(audit))


class FactDisputeIn(Body):
    stated: str
    should_be: str


@router.post("/disputes", status_code=201, operation_id="disputeFact")
def dispute(change: Change, audit: AuditId, body: FactDisputeIn) -> ReceiptOut:
    """Say that the audit of one's own case states a fact wrongly."""
    done = commands.dispute_fact(
        change.desk,
        audit=audit,
        stated=body.stated,
        should_be=body.should_be,
        **change.made(body),
    )
    return change.receipt(done, response_stream(audit))


class FactDisputeAnswerIn(Body):
    outcome: Outcome
    answer: str


@router.post("/disputes/{dispute}/answer", operation_id="answerDisputedFact")
def answer(
    change: Change, audit: AuditId, dispute: DisputeId, body: FactDisputeAnswerIn
) -> ReceiptOut:
    """Answer where a fact of the audit is disputed."""
    done = commands.answer(
        change.desk,
        audit=audit,
        dispute=dispute,
        outcome=body.outcome,
        text=body.answer,
        **change.made(body),
    )
    return change.receipt(done, response_stream(audit))
