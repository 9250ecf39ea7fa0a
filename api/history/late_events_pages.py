"""What was learnt later: the events that changed, afterwards, what we say of a day."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.history import late_events
from api.web import access_notes
from api.web.context import Reader
from api.web.paging import Page, pagination
from qa.authorisation.policy import require
from qa.core.access import What

router = APIRouter()

PAGE = 50


@router.get("/learnt-later")
def read_learnt_later(request: Request, reading: Reader, record: str = "") -> Response:
    require(reading.actor, "read-report")
    given = request.query_params.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < 19 else 0
    found = None
    if reading.at.true_on is not None:
        found = late_events.learnt_later(
            reading.services,
            reading.connection,
            reading.actor,
            reading.at,
            record=record,
            after=after,
            limit=PAGE,
        )
        detail = record or "all records"
        access_notes.note(
            reading.services,
            reading.actor,
            What.VIEW,
            "learnt-later",
            detail=detail,
            at=reading.at,
        )
    entries = [] if found is None else found.entries
    cursor = None if found is None or found.next is None else str(found.next)
    query = {**({"record": record} if record else {}), **reading.moment}
    return reading.page(
        "history/late_events.html",
        title="What was learnt later",
        wide=True,
        found=found,
        record=record,
        late=late_events.words_for,
        pages=pagination(Page(entries, next=cursor), "/learnt-later", query),
    )
