"""The history of one audit, and of one child's file, each at an address of its own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query

from api.history import reading
from api.history.endpoints import page_of
from api.history.reading import HistoryRequest
from api.json.deps import AuditId, Limit, Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from projections.audits import child_queries
from qa.authorisation.policy import reach

audit_router = ApiRouter(prefix="/case-audits", tags=["case audits"])
child_router = ApiRouter(tags=["work"])


@audit_router.get("/{audit}/history", operation_id="readCaseAuditHistory")
def read_case_audit_history(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    audit: AuditId,
    after: Annotated[int, Query(ge=0, description="The `next` of the page before.")] = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The audit's history, oldest first: who did what, when, in which role, and why."""
    record = reading.open_record(services, connection, actor, f"audit:{audit}", at)
    return page_of(
        services, connection, actor, record, HistoryRequest(), at, after=after, limit=limit
    )


@child_router.get("/children/{child}/history", operation_id="readChildHistory")
def read_child_history(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    child: Annotated[str, Path(max_length=40)],
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The history of every audit of one child's file that the caller may see, oldest first."""
    record = reading.open_record(services, connection, actor, f"child:{child}", at)
    rows = child_queries.of_child(connection, reach(actor), child, position=at.position)
    return {
        **page_of(
            services, connection, actor, record, HistoryRequest(), at, after=after, limit=limit
        ),
        "audits": [
            {"audit": row.audit, "reference": row.reference, "status": row.status} for row in rows
        ],
    }
