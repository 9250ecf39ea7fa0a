"""The history of one audit, and of one child's file, each at an address of its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from api.history import reading
from api.history.endpoints import page_of
from api.history.reading import HistoryRequest
from api.history.schemas import ChildHistoryOut, ChildsAuditOut, HistoryOut
from api.json.deps import AuditId, Call, Limit
from api.json.routing import ApiRouter
from projections.audits import child_queries
from qa.authorisation.policy import reach

audit_router = ApiRouter(prefix="/case-audits", tags=["case audits"])
child_router = ApiRouter(tags=["work"])


@audit_router.get("/{audit}/history", operation_id="readCaseAuditHistory")
def read_case_audit_history(
    call: Call,
    audit: AuditId,
    after: Annotated[int, Query(ge=0, description="The `next` of the page before.")] = 0,
    limit: Limit = 50,
) -> HistoryOut:
    """The audit's history, oldest first: who did what, when, in which role, and why."""
    return _page(call, f"audit:{audit}", after, limit)


def _page(call: Call, record: str, after: int, limit: int) -> HistoryOut:
    opened = reading.open_record(call, record)
    return page_of(call, opened, HistoryRequest(), after=after, limit=limit)


@child_router.get("/children/{child}/history", operation_id="readChildHistory")
def read_child_history(
    call: Call,
    child: Annotated[str, Path(max_length=40)],
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Limit = 50,
) -> ChildHistoryOut:
    """The history of every audit of one child's file that the caller may see, oldest first."""
    page = _page(call, f"child:{child}", after, limit)
    rows = child_queries.of_child(
        call.connection, reach(call.actor), child, position=call.at.position
    )
    audits = [ChildsAuditOut.model_validate(row, from_attributes=True) for row in rows]
    return ChildHistoryOut.model_construct(None, **page.__dict__, audits=audits)
