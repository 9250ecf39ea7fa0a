"""What concerns the caller: who they are, what waits for them, what they can find."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api import actions, histories, reading
from api.histories import Asked
from api.v1.deps import Limit, Moment, Reads, Served, Snapshot
from api.v1.history import page_of
from projections import case_audits, search
from qa.access_log import What
from qa.policy import reach, require

router = APIRouter(tags=["work"])


@router.get("/me", operation_id="readMe")
def read_me(actor: Reads) -> dict[str, Any]:
    """Who the token belongs to, and the roles that hold today."""
    return {
        "person": actor.person,
        "team": actor.team,
        "grants": [grant.model_dump(mode="json") for grant in actor.grants],
    }


@router.get("/worklist", operation_id="readWorklist")
def read_worklist(actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """What waits for the caller, by due date."""
    sealed = case_audits.sealed_for(connection, actor.person)
    items = case_audits.worklist(connection, reach(actor), position=at.position)
    return {
        "as_at": at.day,
        "position": at.shown,
        "actions": [
            {
                "kind": item.kind,
                "title": item.title,
                "due_on": item.due_on,
                "overdue": item.overdue(at.on),
                "action": item.row["action"],
                "audit": item.row["audit"] or None,
                "child": item.row["child"] or None,
                "team": item.row["team"],
                "text": item.row["text"],
            }
            for item in actions.worklist(connection, actor, at, at.on)
        ],
        "items": [
            {
                "kind": item.kind,
                "title": item.title,
                "due_on": item.due_on,
                "overdue": item.overdue(at.on),
                "audit": item.row["audit"],
                "reference": item.row["reference"],
                "child": item.row["child"],
                "team_name": item.row["team_name"],
                "moderation": item.row["moderation"],
                "judgement_sealed": item.row["audit"] in sealed,
            }
            for item in items
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
    sealed = case_audits.hidden_for(connection, within)
    records = search.find_record(connection, within, q, sealed=sealed, position=at.position)
    texts = search.find(
        connection, within, q, sealed=sealed, position=at.position, before=before, limit=limit
    )
    reading.note(services, actor, What.SEARCH, "search", at=at)
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
    record = histories.open_record(services, connection, actor, f"child:{child}", at)
    rows = case_audits.of_child(connection, reach(actor), child, position=at.position)
    return {
        **page_of(services, connection, actor, record, Asked(), at, after=after, limit=limit),
        "audits": [{n: row[n] for n in ("audit", "reference", "status")} for row in rows],
    }
