"""Case audits: list, read, allocate, submit, correct, return, end."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, Field

from api.audits import reading as audit_reading
from api.json.deps import (
    AuditId,
    Body,
    Change,
    Limit,
    Moment,
    New,
    Reads,
    ReasonIn,
    ReceiptOut,
    Served,
    Snapshot,
)
from api.json.routing import ApiRouter
from api.records.narrowing import require_known_in
from projections.audits import queries
from projections.audits.queries import AuditFilter
from qa.audits.commands import case_audits, endings
from qa.audits.events import case_audit_stream
from qa.audits.judgements import AuditContent
from qa.authorisation.policy import reach

router = ApiRouter(prefix="/case-audits", tags=["case audits"])


class AuditOut(BaseModel):
    """One audit as a list shows it. Grades are null where there are none or they are sealed."""

    audit: str
    reference: str
    child: str
    tool: str
    tool_version: int
    team: str
    team_name: str
    service: str
    service_name: str
    status: str
    auditor: str | None
    due_on: date | None
    audit_date: date | None
    submitted_on: date | None
    practice_from: date | None
    practice_to: date | None
    overall: str | None
    moderated_overall: str | None
    final_grade: str | None
    final_source: str | None
    taken_back: str | None
    moderation: str | None
    moderation_status: str | None
    moderator: str | None
    imported: bool
    judgement_sealed: bool
    version: int

    @classmethod
    def of(cls, row: Any) -> AuditOut:
        values = {name: row[name] for name in cls.model_fields if name in row}
        return cls.model_validate({**values, "version": row["stream_version"]})


class AuditPage(BaseModel):
    """A page of audits, newest first. `next` is the cursor of the next page, null on the last."""

    as_at: date
    position: int
    audits: list[AuditOut]
    next: int | None


class AuditDetail(BaseModel):
    """One audit whole: its row, what was submitted, and its moderations."""

    as_at: date
    position: int
    audit: AuditOut
    content: AuditContent | None
    imported: dict[str, Any] | None
    corrected_fields: list[str]
    waiting_as_typing: list[dict[str, str]]
    moderations: list[dict[str, Any]]
    names: dict[str, str]
    why: str


@router.get("", operation_id="listCaseAudits")
def list_case_audits(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    status: Annotated[list[str] | None, Query()] = None,
    team: str = "",
    service: str = "",
    auditor: str = "",
    moderator: str = "",
    child: str = "",
    reference: str = "",
    tool: str = "",
    grade: str = "",
    audited_from: date | None = None,
    audited_to: date | None = None,
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> AuditPage:
    """List the audits that the caller may see, newest first."""
    wanted = AuditFilter(
        status=tuple(status or ()),
        team=team,
        service=service,
        auditor=auditor,
        moderator=moderator,
        child=child,
        reference=reference,
        tool=tool,
        grade=grade,
        audited_from=audited_from,
        audited_to=audited_to,
    )
    require_known_in(connection, wanted)
    rows = queries.audits(
        connection, reach(actor), wanted, position=at.position, before=before, limit=limit + 1
    )
    more = len(rows) > limit
    return AuditPage(
        as_at=at.day,
        position=at.shown,
        audits=[AuditOut.of(row) for row in rows[:limit]],
        next=rows[limit - 1]["opened"] if more else None,
    )


@router.record("/{audit}", operation_id="readCaseAudit")
def read_case_audit(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    audit: AuditId,
    response: Response,
) -> AuditDetail:
    """Read one audit. Its ETag is the version to send as If-Match with a change."""
    opened = audit_reading.open_audit(services, connection, actor, audit, at)
    audit_reading.note_view(services, actor, opened, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{opened.row["stream_version"]}"'
    row = {**opened.row, "judgement_sealed": not opened.judgement_open}
    return AuditDetail(
        as_at=at.day,
        position=at.shown,
        audit=AuditOut.of(row),
        content=opened.view.content,
        imported=None if opened.view.imported is None else dict(opened.view.imported),
        corrected_fields=sorted(opened.view.corrected),
        waiting_as_typing=[
            {name: one[name] for name in ("field", "old", "new", "by", "on")}
            for one in opened.view.typing
        ],
        moderations=[_moderation(m) for m in opened.view.moderations],
        names=dict(opened.names),
        why=opened.why,
    )


def _moderation(row: Any) -> dict[str, Any]:
    hidden = ("valid_from", "valid_to", "audit", "selected")
    return {name: value for name, value in row.items() if name not in hidden}


class AllocationIn(Body):
    """An audit to allocate. `exception` records why a rule of independence is set aside."""

    child: str = Field(examples=["C-10421"])
    tool: str = Field(examples=["whole-case-file"])
    auditor: str
    team: str
    practice_from: date
    practice_to: date
    due_on: date
    case_holder: str | None = None
    mode: Literal["desktop", "collaborative", "live"] = "collaborative"
    re_audit_of: str | None = None
    exception: str | None = None


@router.post("", status_code=201, operation_id="allocateCaseAudit")
def allocate_case_audit(new: New, body: AllocationIn) -> ReceiptOut:
    """Allocate an audit to an auditor."""
    done = case_audits.allocate(new.desk, **body.model_dump(), **new.made(body))
    audit = str(done.response["audit"])
    return new.receipt(done, case_audit_stream(audit), location=audit)


class SubmissionIn(Body):
    """What the auditor submits. `why` gives, for a returned audit, the reason of each change."""

    content: AuditContent
    why: dict[str, str] = Field(default_factory=dict)


@router.post("/{audit}/submission", status_code=201, operation_id="submitCaseAudit")
def submit_case_audit(
    change: Change,
    audit: AuditId,
    body: SubmissionIn,
) -> ReceiptOut:
    """Submit the audit, or a returned one again."""
    done = case_audits.submit(
        change.desk,
        audit=audit,
        content=body.content,
        why=body.why,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class ReassignmentIn(Body):
    auditor: str
    reason: str
    exception: str | None = None


@router.post("/{audit}/reassignment", status_code=201, operation_id="reassignCaseAudit")
def reassign_case_audit(
    change: Change,
    audit: AuditId,
    body: ReassignmentIn,
) -> ReceiptOut:
    """Hand an unfinished audit to another auditor."""
    done = case_audits.reassign(
        change.desk,
        audit=audit,
        **body.model_dump(),
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class ExtensionIn(Body):
    due_on: date
    reason: str


@router.post("/{audit}/extension", status_code=201, operation_id="extendCaseAudit")
def extend_case_audit(
    change: Change,
    audit: AuditId,
    body: ExtensionIn,
) -> ReceiptOut:
    """Move the due date to a later day."""
    done = case_audits.extend(
        change.desk,
        audit=audit,
        due_on=body.due_on,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class AuditCorrectionIn(Body):
    """One field put right; a grade only until it is moderated. A change that goes beyond a small
    edit is no typing error, whatever `kind` says; as `typing` it waits for somebody else."""

    field: str = Field(examples=["judgements.planning.evidence"])
    new: str
    kind: Literal["typo", "fact", "typing"]
    reason: str


@router.post("/{audit}/corrections", status_code=201, operation_id="correctCaseAudit")
def correct_case_audit(
    change: Change,
    audit: AuditId,
    body: AuditCorrectionIn,
) -> ReceiptOut:
    """Correct a typing error or a matter of fact; old and new both stay."""
    done = case_audits.correct(
        change.desk,
        audit=audit,
        field=body.field,
        new=body.new,
        kind=body.kind,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class TypingIn(Body):
    """A field whose change waits to be confirmed as typing."""

    field: str


class TypingRefusalIn(TypingIn):
    reason: str


@router.post(
    "/{audit}/typing-confirmations", status_code=201, operation_id="confirmCaseAuditTyping"
)
def confirm_typing(change: Change, audit: AuditId, body: TypingIn) -> ReceiptOut:
    """Agree that a change that somebody else made is typing."""
    done = case_audits.confirm_typing(
        change.desk, audit=audit, field=body.field, **change.made(body)
    )
    return change.receipt(done, case_audit_stream(audit))


@router.post("/{audit}/typing-refusals", status_code=201, operation_id="refuseCaseAuditTyping")
def refuse_typing(change: Change, audit: AuditId, body: TypingRefusalIn) -> ReceiptOut:
    """Leave the text as it was: the change is no typing, or is taken back."""
    done = case_audits.refuse_typing(
        change.desk, audit=audit, field=body.field, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, case_audit_stream(audit))


class ReturnIn(Body):
    comments: str
    fields: list[str] = Field(default_factory=list)


@router.post("/{audit}/return", status_code=201, operation_id="returnCaseAudit")
def return_case_audit(
    change: Change,
    audit: AuditId,
    body: ReturnIn,
) -> ReceiptOut:
    """Return a submitted audit to its author."""
    done = case_audits.send_back(
        change.desk,
        audit=audit,
        comments=body.comments,
        fields=tuple(body.fields),
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


_ENDINGS = {
    "withdrawal": endings.withdraw,
    "voiding": endings.void,
    "reopening": endings.reopen,
}


@router.post("/{audit}/{ending}", status_code=201, operation_id="endCaseAudit")
def end_case_audit(
    change: Change,
    audit: AuditId,
    ending: Literal["withdrawal", "voiding", "reopening"],
    body: ReasonIn,
) -> ReceiptOut:
    """Withdraw or void an audit, or reopen a finalised one, with a reason."""
    done = _ENDINGS[ending](
        change.desk,
        audit=audit,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


@router.put("/{audit}/final-grade", operation_id="finaliseCaseAudit")
def finalise_case_audit(
    change: Change,
    audit: AuditId,
) -> ReceiptOut:
    """Let the auditor's grade count where no moderation is asked for."""
    done = endings.finalise(change.desk, audit=audit, **change.made())
    return change.receipt(done, case_audit_stream(audit))


BUSY = (submit_case_audit,)
