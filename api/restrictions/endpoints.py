"""Restricted records: restricting, naming who reads, lifting, and breaking the glass."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, NewRecord, tag
from api.json.routing import ApiRouter
from api.restrictions import reading
from api.restrictions.schemas import (
    GlassReaderOut,
    OpenedRestrictionOut,
    RestrictionOut,
    RestrictionsOut,
)
from qa.core.fields import ID
from qa.restrictions import handlers
from qa.restrictions.events import restriction_stream
from qa.store.unit import Receipt

router = ApiRouter(prefix="/restrictions", tags=["restrictions"])

RestrictionId = Annotated[str, Path(pattern=ID, description="The id of the restriction.")]


@router.get("", operation_id="listRestrictions")
def list_restrictions(call: Call) -> RestrictionsOut:
    """The restrictions whose records the caller may read, and how many more there are."""
    reading.require_leads(call.actor)
    found, closed = reading.rows(call.connection, call.actor, position=call.at.position)
    return RestrictionsOut(restrictions=[*map(RestrictionOut.of, found)], closed=closed)


@router.record("/{restriction}", operation_id="readRestriction")
def read_restriction(
    call: Call, restriction: RestrictionId, response: Response
) -> OpenedRestrictionOut:
    """Who reads the records of a child, and why nobody else does."""
    opened = reading.open_restriction(call, restriction)
    call.note(restriction_stream(restriction))
    tag(response, call.at, opened.row.stream_version)
    broken = [GlassReaderOut(person=person, until=until) for person, until in opened.overridden]
    return OpenedRestrictionOut.of(
        opened.row,
        readers=list(opened.readers),
        glass_broken=broken,
        version=opened.row.stream_version,
    )


def _note_glass(new: NewRecord, done: Receipt) -> None:
    reading.note_glass(new.services, new.actor, str(done.response["restriction"]))


command_endpoint(router, "POST", "", handlers.restrict, located_by="restriction")
command_endpoint(router, "PUT", "/{restriction}/readers", handlers.name_readers)
command_endpoint(router, "POST", "/{restriction}/lift", handlers.lift, status=200)
command_endpoint(
    router, "POST", "/break-glass", handlers.break_glass, after=_note_glass, status=200
)
