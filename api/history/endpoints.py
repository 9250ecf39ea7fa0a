"""The history of any record: who did what, when, in which role, before and after, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy.engine import Connection

from api.history import reading, telling
from api.history.listing import history_listing
from api.history.reading import HistoryRequest
from api.history.schemas import HistoryEntryOut, HistoryOut
from api.json.deps import Call, Exports, Limit, Moment, Served, Snapshot
from api.json.routing import ApiRouter
from api.lists.files import TYPES, download, render_listing
from api.records.kinds import Record
from api.services import Services
from api.web.moments import AsAt
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.carry import carry
from qa.core.words import Actor

router = ApiRouter(tags=["history"])

Named = Annotated[
    str,
    Query(
        max_length=120,
        description="`audit:<id>`, `moderation:<id>`, `action:<id>`, `child:<reference>`, "
        "`tool:<id>`, `scale:<id>`, `team:<code>`, `service:<code>`, `person:<id>` (what was done "
        "to an account), `work:<person>` (what they did), `plan:<id>`, `plan-action:<id>`, "
        "`rag-scale:<id>`, `import:<batch>`, `policy`, or `log`: everything that is open to you.",
    ),
]
Text = Annotated[str, Query(max_length=200)]


async def filters_of(
    by: Text = "",
    kind: Text = "",
    field: Text = "",
    text: Text = "",
    recorded_from: date | None = None,
    recorded_to: date | None = None,
    effective_from: date | None = None,
    effective_to: date | None = None,
    reference: Annotated[
        str,
        Query(max_length=200, description="What a record goes by. With `record=log` alone."),
    ] = "",
) -> HistoryRequest:
    """The filters: a name or id, a kind of event, a field's path, words, and days."""
    return HistoryRequest(
        by, kind, field, text, recorded_from, recorded_to, effective_from, effective_to, reference
    )


Filters = Annotated[HistoryRequest, Depends(filters_of)]


@router.get("/history", operation_id="readHistory")
def read_history(
    call: Call,
    record: Named,
    given: Filters,
    after: Annotated[int, Query(ge=0, description="The `next` of the page before.")] = 0,
    before: Annotated[
        int | None, Query(ge=1, description="The `previous` of the page after.")
    ] = None,
    limit: Limit = 50,
) -> HistoryOut:
    """The history of any record, oldest first, narrowed and paged by position both ways."""
    named = reading.open_record(call.services, call.connection, call.actor, record, call.at)
    return page_of(
        call.services,
        call.connection,
        call.actor,
        named,
        given,
        call.at,
        after=after,
        before=before,
        limit=limit,
    )


def page_of(
    services: Services,
    connection: Connection,
    actor: Actor,
    record: Record,
    given: HistoryRequest,
    at: AsAt,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 50,
) -> HistoryOut:
    """A page of a record's history as the API gives it."""
    narrowed = reading.wanted(services, connection, actor, record, given, at)
    found = reading.page(
        connection, actor, record, narrowed, at, after=after, before=before, limit=limit
    )
    reading.note(services, actor, record, What.VIEW, at)
    reading.note_judgements(services, actor, record, What.VIEW, found.entries, at)
    entries = telling.entries_in_words(services, connection, found.entries, several=False)
    return carry(
        HistoryOut,
        found,
        as_at=at.day,
        position=at.shown,
        record=record.name,
        title=record.title,
        notes=list(record.notes),
        entries=[HistoryEntryOut.model_validate(entry) for entry in entries],
    )


@router.get(
    "/history.csv",
    operation_id="exportHistory",
    response_class=Response,
    responses={200: {"content": {TYPES["csv"]: {}}}},
)
def export_history(
    services: Served,
    actor: Exports,
    connection: Snapshot,
    at: Moment,
    record: Named,
    given: Filters,
    raw: Annotated[bool, Query(description="CSV without the guard against formulas.")] = False,
) -> Response:
    """The whole history as filtered, one row for each field that an entry changed."""
    require(actor, "export")
    named = reading.open_record(services, connection, actor, record, at)
    reading.note(services, actor, named, What.EXPORT, at)
    listing = history_listing(services, connection, actor, named, given, at)
    return download(render_listing(listing, "csv", raw=raw), "history.csv")
