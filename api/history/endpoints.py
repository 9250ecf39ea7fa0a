"""The history of any record: who did what, when, in which role, before and after, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response

from api.history import reading, telling
from api.history.listing import history_listing
from api.history.reading import HistoryRequest
from api.history.schemas import HistoryEntryOut, HistoryOut
from api.json.deps import Call, ExportCall, Limit
from api.json.routing import ApiRouter
from api.lists.files import download, render_listing
from api.records.kinds import Record
from api.web.access_notes import ServedLook
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.carry import carry

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
    named = reading.open_record(call, record)
    return page_of(call, named, given, after=after, before=before, limit=limit)


def page_of(
    look: ServedLook,
    record: Record,
    given: HistoryRequest,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 50,
) -> HistoryOut:
    """A page of a record's history as the API gives it."""
    at = look.at
    narrowed = reading.wanted(look, record, given)
    found = reading.page(look, record, narrowed, after=after, before=before, limit=limit)
    reading.note(look, record, What.VIEW)
    reading.note_judgements(look, record, What.VIEW, found.entries)
    entries = telling.entries_in_words(look.services, look.connection, found.entries, several=False)
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


@router.file("/history.csv", ("csv",), operation_id="exportHistory")
def export_history(
    call: ExportCall,
    record: Named,
    given: Filters,
    raw: Annotated[bool, Query(description="CSV without the guard against formulas.")] = False,
) -> Response:
    """The whole history as filtered, one row for each field that an entry changed."""
    require(call.actor, "export")
    named = reading.open_record(call, record)
    reading.note(call, named, What.EXPORT)
    listing = history_listing(call, named, given)
    return download(render_listing(listing, "csv", raw=raw), "history.csv")
