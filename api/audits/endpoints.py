"""Case audits: list, read, allocate, submit, correct, return, end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from api.audits import reading as audit_reading
from api.audits import schemas
from api.json.command_endpoint import ReceiptOf, command_endpoint
from api.json.deps import (
    AuditId,
    Call,
    Change,
    Limit,
    ReasonIn,
    tag,
)
from api.json.routing import ApiRouter
from api.records.narrowing import require_known_in
from projections.audits import queries
from projections.core.paging import behind
from qa.audits import handlers
from qa.audits.events import CaseAuditImported
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import reach
from qa.core.command import NoResult

router = ApiRouter(prefix="/case-audits", tags=["case audits"])


@router.get("", operation_id="listCaseAudits")
def list_case_audits(
    call: Call,
    query: Annotated[schemas.AuditQuery, Query()],
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> schemas.AuditPage:
    """List the audits that the caller may see, newest first."""
    wanted = query.filter
    require_known_in(call.connection, wanted)
    rows = queries.audits(
        call.connection,
        reach(call.actor),
        wanted,
        position=call.at.position,
        page=behind(before, limit + 1),
    )
    more = len(rows) > limit
    return schemas.AuditPage(
        **call.moment,
        audits=[schemas.AuditOut.of(row) for row in rows[:limit]],
        next=rows[limit - 1].opened if more else None,
    )


@router.record("/{audit}", operation_id="readCaseAudit")
def read_case_audit(call: Call, audit: AuditId, response: Response) -> schemas.AuditDetail:
    """Read one audit. Its ETag is the version to send as If-Match with a change."""
    opened = audit_reading.open_audit(call, audit)
    audit_reading.note_view(call.services, call.actor, opened, call.at)
    tag(response, call.at, opened.row.stream_version)
    view = opened.view
    return schemas.AuditDetail(
        **call.moment,
        audit=schemas.AuditOut.of(opened.row),
        content=view.content,
        imported=None if view.imported is None else CaseAuditImported.model_validate(view.imported),
        corrected_fields=sorted(view.corrected),
        waiting_as_typing=[schemas.WaitingAsTyping.of(one) for one in view.typing],
        moderations=[schemas.ModerationOfAudit.model_validate(one) for one in view.moderations],
        names=dict(opened.names),
        why=opened.why,
    )


submit_case_audit = command_endpoint(
    router, "POST", "/{audit}/submission", handlers.submit, operation_id="submitCaseAudit"
)
command_endpoint(
    router, "POST", "", handlers.allocate, operation_id="allocateCaseAudit", located_by="audit"
)
for _path, _handler, _operation in (
    ("reassignment", handlers.reassign, "reassignCaseAudit"),
    ("extension", handlers.extend, "extendCaseAudit"),
    ("corrections", handlers.correct, "correctCaseAudit"),
    ("typing-confirmations", handlers.confirm_typing, "confirmCaseAuditTyping"),
    ("typing-refusals", handlers.refuse_typing, "refuseCaseAuditTyping"),
    ("return", handlers.send_back, "returnCaseAudit"),
):
    command_endpoint(router, "POST", f"/{{audit}}/{_path}", _handler, operation_id=_operation)

_ENDINGS: Mapping[str, CommandHandler[Any]] = {
    "withdrawal": handlers.withdraw,
    "voiding": handlers.void,
    "reopening": handlers.reopen,
}


@router.post("/{audit}/{ending}", status_code=201, operation_id="endCaseAudit")
def end_case_audit(
    change: Change,
    audit: AuditId,
    ending: Literal["withdrawal", "voiding", "reopening"],
    body: ReasonIn,
) -> ReceiptOf[NoResult]:
    """Withdraw or void an audit, or reopen a finalised one, with a reason."""
    handler = _ENDINGS[ending]
    wanted = handler.command(audit=audit, reason=body.reason)
    done = handler(change.desk, wanted, by=change.actor, seen=change.seen, key=change.key)
    receipt = change.receipt(done, wanted.written(done.response))
    return ReceiptOf[NoResult].model_validate(receipt.model_dump())


command_endpoint(
    router, "PUT", "/{audit}/final-grade", handlers.finalise, operation_id="finaliseCaseAudit"
)

BUSY = (submit_case_audit,)
