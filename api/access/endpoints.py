"""The access log for programs: its lines, and the weekly report of unusual access."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query

from api.access.listing import in_words, known_by, lines_found, of_child, sealed_from, within
from api.access.schemas import AccessLogOut, AccessOut, AccessQuery, UnusualAccessOut
from api.access.unusual import unusual_access, week_of
from api.json.deps import Call, Limit, Present, Reads, Served
from api.json.routing import ApiRouter
from api.records.narrowing import require_known
from api.web import access_notes
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.carry import carry
from qa.core.clock import start_of_day
from qa.core.words import Resource
from qa.security.access_log import AccessLogFilter

router = ApiRouter(prefix="/access-log", tags=["access log"])


@router.get("", operation_id="readAccessLog")
def read_access_log(
    call: Call,
    query: Annotated[AccessQuery, Query()],
    before: Annotated[int | None, Query(ge=1, description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> AccessLogOut:
    """Who looked at what, the latest first. Everybody may ask for their own lines."""
    own = query.person == call.actor.person
    if not own:
        require(call.actor, "read-access-log")
    require_known(call.connection, {"person": query.person, "role": query.role})
    subject, subjects = query.subject, of_child(call.connection, query.child) if query.child else ()
    wanted = carry(
        AccessLogFilter,
        query,
        subjects=(subject,) if subject and (not query.child or subject in subjects) else subjects,
        without=sealed_from(call.connection, call.actor),
        within=None if own else within(call.actor),
        in_role=query.role,
        since=start_of_day(query.first) if query.first else None,
        upto=known_by(call.at, call.actor, query.last),
    )
    lines = lines_found(call.connection, call.actor, wanted, before=before, limit=limit + 1)
    call.note("access-log", "by program")
    return AccessLogOut(
        lines=[
            AccessOut(**line)
            for line in in_words(call.connection, call.actor, lines[:limit], call.at.position)
        ],
        next=lines[limit - 1].id if len(lines) > limit else None,
    )


@router.get("/unusual", operation_id="readUnusualAccess")
def read_unusual_access(
    services: Served,
    actor: Reads,
    connection: Present,
    week: Annotated[
        date | None, Query(description="A day of the week; else the last whole week.")
    ] = None,
) -> UnusualAccessOut:
    """Which accesses of a week are worth a second look: by rule, with what was counted."""
    require(actor, "read-access-log", Resource())
    monday = week_of(services, week)
    detail = f"unusual access, week of {monday.isoformat()}"
    access_notes.note(services, actor, What.VIEW, "access-log", detail=detail)
    return UnusualAccessOut.of(unusual_access(services, connection, monday))
