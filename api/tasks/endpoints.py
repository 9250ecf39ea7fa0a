"""What concerns the caller: who they are, what waits for them, what they can find."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query

from api.json.deps import Limit, Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.tasks import worklist
from api.tasks.schemas import (
    FoundRecordOut,
    FoundTextOut,
    MeOut,
    SearchOut,
    WorklistItemOut,
    WorklistOut,
)
from api.web import access_notes
from api.web.waiting import Task
from projections.audits import queries as audit_queries
from projections.search import queries as search_queries
from qa.authorisation.policy import reach, require
from qa.core.access import What

router = ApiRouter(tags=["work"])


@router.get("/me", operation_id="readMe")
def read_me(actor: Reads) -> MeOut:
    """Who the token belongs to, and the roles that hold today."""
    return MeOut(person=actor.person, team=actor.team, grants=list(actor.grants))


@router.get("/worklist", operation_id="readWorklist", response_model_exclude_unset=True)
def read_worklist(actor: Reads, connection: Snapshot, at: Moment, limit: Limit = 50) -> WorklistOut:
    """What waits for the caller, by due date: at most `limit` of each kind.

    `whose` is ``own``, ``shared`` (whoever comes first), ``leads`` (waits for a QA lead) or
    ``left`` (who had it has left: `href` is where it is handed over). What waits for somebody
    whose deputy the caller is, or who has left, names them in `for_person` and `for_name`.
    """
    waiting = worklist.whole_queue(connection, actor, at, limit=limit)
    items = [_item(one, at.on) for one in waiting]
    return WorklistOut(as_at=at.day, position=at.shown, items=items)


def _item(one: Task, day: date) -> WorklistItemOut:
    perhaps = ("thing", "href", "reference", "audit", "child")
    given = ("kind", "title", "whose", "team", "team_name", "due_on")
    return WorklistItemOut(
        for_person=one.person or None,
        for_name=one.person_name or None,
        overdue=one.overdue(day),
        **{name: getattr(one, name) or None for name in perhaps},
        **{name: getattr(one, name) for name in given},
        **one.details,
    )


@router.get("/search", operation_id="search")
def find(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    q: Annotated[str, Query(min_length=2, max_length=200)],
    before: int | None = None,
    limit: Limit = 50,
) -> SearchOut:
    """Find references, children and texts within the caller's reach."""
    require(actor, "search")
    within = reach(actor)
    sealed = audit_queries.hidden_for(connection, within)
    records = search_queries.find_record(connection, within, q, sealed=sealed, position=at.position)
    texts = search_queries.find(
        connection, within, q, sealed=sealed, position=at.position, before=before, limit=limit
    )
    access_notes.note(services, actor, What.SEARCH, "search", at=at)
    return SearchOut(
        as_at=at.day,
        position=at.shown,
        records=[FoundRecordOut.model_validate(row) for row in records],
        texts=[FoundTextOut.model_validate(row) for row in texts],
        next=texts[-1]["opened"] if len(texts) >= limit else None,
    )
