"""What concerns the caller: who they are, what waits for them, what they can find."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query

from api.audits import reading as audit_reading
from api.history import reading as history_reading
from api.history.endpoints import page_of
from api.history.reading import HistoryRequest
from api.json.deps import Limit, Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.tasks import worklist
from projections.audits import queries as audit_queries
from projections.search import queries as search_queries
from qa.authorisation.policy import reach, require
from qa.security.access_log import What

router = ApiRouter(tags=["work"])


@router.get("/me", operation_id="readMe")
def read_me(actor: Reads) -> dict[str, Any]:
    """Who the token belongs to, and the roles that hold today."""
    return {
        "person": actor.person,
        "team": actor.team,
        "grants": [grant.model_dump(mode="json") for grant in actor.grants],
    }


@router.get("/worklist", operation_id="readWorklist")
def read_worklist(
    actor: Reads, connection: Snapshot, at: Moment, limit: Limit = 50
) -> dict[str, Any]:
    """What waits for the caller, by due date: at most `limit` of each kind.

    `whose` is ``own``, ``shared`` (whoever comes first) or ``leads`` (waits for a QA lead). What
    waits for somebody whose deputy the caller is, names them in `for_person` and `for_name`.
    """
    return {
        "as_at": at.day,
        "position": at.shown,
        "items": [
            {
                "kind": one.kind,
                "title": one.title,
                "whose": one.whose,
                "for_person": one.person or None,
                "for_name": one.person_name or None,
                "thing": one.thing or None,
                "href": one.href or None,
                "reference": one.reference or None,
                "audit": one.audit or None,
                "child": one.child or None,
                "team": one.team,
                "team_name": one.team_name,
                "due_on": one.due_on,
                "overdue": one.overdue(at.on),
                **one.details,
            }
            for one in worklist.whole_queue(connection, actor, at, limit=limit)
        ],
    }


@router.get("/search", operation_id="search")
def find(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    q: Annotated[str, Query(min_length=2, max_length=200)],
    before: int | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Find references, children and texts within the caller's reach."""
    require(actor, "search")
    within = reach(actor)
    sealed = audit_queries.hidden_for(connection, within)
    records = search_queries.find_record(connection, within, q, sealed=sealed, position=at.position)
    texts = search_queries.find(
        connection, within, q, sealed=sealed, position=at.position, before=before, limit=limit
    )
    audit_reading.note(services, actor, What.SEARCH, "search", at=at)
    keep = ("audit", "reference", "child", "field", "text", "opened")
    return {
        "as_at": at.day,
        "position": at.shown,
        "records": [{n: row[n] for n in ("audit", "reference", "child")} for row in records],
        "texts": [{name: row[name] for name in keep} for row in texts],
        "next": texts[-1]["opened"] if len(texts) >= limit else None,
    }


@router.get("/children/{child}/history", operation_id="readChildHistory")
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
    record = history_reading.open_record(services, connection, actor, f"child:{child}", at)
    rows = audit_queries.of_child(connection, reach(actor), child, position=at.position)
    return {
        **page_of(
            services, connection, actor, record, HistoryRequest(), at, after=after, limit=limit
        ),
        "audits": [{n: row[n] for n in ("audit", "reference", "status")} for row in rows],
    }
