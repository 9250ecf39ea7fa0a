"""Writing an audit: its sections, its check page, and what happens next."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from api.audits import reading as audit_reading
from api.audits.writing import AuditWriting, on_desk
from api.web.context import PresentReader, Reader
from api.web.late_routes import PageRouter
from api.writing.declaration import WritingKind
from api.writing.routes import writing_routes
from qa.core.errors import Forbidden
from qa.core.words import AuditStatus
from qa.moderation.words import CAUSES

router = PageRouter()


def _audit(audit: str, reading: Reader) -> AuditWriting:
    return on_desk(reading, audit)


WRITTEN = WritingKind("case-audit", "An audit", lambda reading, ids: on_desk(reading, ids[0]))
BUSY = writing_routes(router, "/audits/{audit}/write", _audit, check="/audits/{audit}/check")


@router.get("/audits/{audit}/submitted")
def submitted(audit: str, reading: PresentReader) -> Response:
    opened = audit_reading.open_audit(reading, audit)
    row = opened.row
    if row.auditor != reading.actor.person:
        raise Forbidden("Only its author sees this page.", rule="write-audit")
    content = opened.view.content
    if content is None or not row.submitted_on:
        return RedirectResponse(f"/audits/{audit}/write", status_code=303)
    current = opened.view.current_moderation
    because = [] if current is None else current["reasons"]
    return reading.page(
        "audits/write_submitted.html",
        title="Audit submitted",
        as_at=None,
        row=row,
        selected=row.status == AuditStatus.MODERATION_DUE.value,
        because=[CAUSES.get(one, one) for one in because],
        not_selected=row.status == AuditStatus.NOT_SELECTED.value,
        stands=AuditStatus(row.status).label,
        raised=len(content.actions),
    )
