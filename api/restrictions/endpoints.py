"""Restricted records: restricting, naming who reads, lifting, and breaking the glass."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.deps import Body, Change, New, Present, Reads, ReceiptOut, Served
from api.json.routing import ApiRouter
from api.restrictions import reading
from api.restrictions.reading import OpenedRestriction
from api.web import access_notes
from qa.core.access import What
from qa.restrictions import commands
from qa.restrictions.events import restriction_stream

router = ApiRouter(prefix="/restrictions", tags=["restrictions"])

RestrictionId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the restriction.")
]


@router.get("", operation_id="listRestrictions")
def list_restrictions(actor: Reads, connection: Present) -> dict[str, Any]:
    """The restrictions whose records the caller may read, and how many more there are."""
    reading.require_leads(actor)
    kept = ("restriction", "child", "made_by", "made_on")
    found, closed = reading.rows(connection, actor)
    return {
        "restrictions": [{name: row[name] for name in kept} for row in found],
        "closed": closed,
    }


@router.get("/{restriction}", operation_id="readRestriction")
def read_restriction(
    services: Served,
    actor: Reads,
    connection: Present,
    restriction: RestrictionId,
    response: Response,
) -> dict[str, Any]:
    """Who reads the records of a child, and why nobody else does."""
    opened: OpenedRestriction = reading.open_restriction(connection, actor, restriction)
    access_notes.note(services, actor, What.VIEW, restriction_stream(restriction))
    response.headers["ETag"] = f'"{opened.row["stream_version"]}"'
    kept = ("restriction", "child", "made_by", "made_on", "why")
    return {
        **{name: opened.row[name] for name in kept},
        "readers": opened.readers,
        "glass_broken": [{"person": person, "until": until} for person, until in opened.overridden],
        "version": opened.row["stream_version"],
    }


class RestrictionIn(Body):
    child: str
    readers: list[str]
    why: str


@router.post("", status_code=201, operation_id="restrictChild")
def restrict(new: New, body: RestrictionIn) -> ReceiptOut:
    """Restrict the records of a child to the people named."""
    done = commands.restrict(new.desk, **body.model_dump(), **new.made(body))
    restriction = str(done.response["restriction"])
    return new.receipt(done, restriction_stream(restriction), location=restriction)


class ReadersIn(Body):
    readers: list[str]
    why: str


@router.put("/{restriction}/readers", operation_id="nameRestrictionReaders")
def name_readers(change: Change, restriction: RestrictionId, body: ReadersIn) -> ReceiptOut:
    """Name who reads from now on."""
    done = commands.name_readers(
        change.desk, restriction=restriction, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, restriction_stream(restriction))


class LiftIn(Body):
    why: str


@router.post("/{restriction}/lift", operation_id="liftRestriction")
def lift(change: Change, restriction: RestrictionId, body: LiftIn) -> ReceiptOut:
    """Lift a restriction: the records are read by whoever their role lets read them."""
    done = commands.lift(change.desk, restriction=restriction, why=body.why, **change.made(body))
    return change.receipt(done, restriction_stream(restriction))


class GlassIn(Body):
    child: str
    why: str


@router.post("/break-glass", operation_id="breakGlass")
def break_glass(new: New, body: GlassIn) -> ReceiptOut:
    """Read the restricted records of a child to the end of the next working day; QA leads and
    whoever restricted them are told."""
    done = commands.break_glass(new.desk, **body.model_dump(), **new.made(body))
    restriction = str(done.response["restriction"])
    reading.note_glass(new.services, new.actor, restriction)
    return new.receipt(done, restriction_stream(restriction))
