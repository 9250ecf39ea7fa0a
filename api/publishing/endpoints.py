"""Published reports: the register, publishing one, and what later events made of its figures."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response

from api.agreement.endpoints import Asked, ReportName
from api.history.two_moments import FigureMoved
from api.json.deps import (
    Body,
    Change,
    Limit,
    Moment,
    New,
    Reads,
    ReasonIn,
    ReceiptOut,
    Served,
    Snapshot,
)
from api.json.routing import ApiRouter
from api.publishing import reading
from api.web import access_notes
from projections.publishing import queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import NotFound
from qa.publishing import commands
from qa.publishing.events import published_stream

router = ApiRouter(prefix="/published-reports", tags=["reports"])

PublishedId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the report.")]


def _out(row: dict[str, Any]) -> dict[str, Any]:
    hidden = ("valid_from", "valid_to", "stream_version", "published_us", "asked")
    shown = {name: value for name, value in row.items() if name not in hidden}
    asked = row["asked"].model_dump(mode="json")
    return {**shown, "asked": asked, "version": row["stream_version"]}


def _moved(one: FigureMoved) -> dict[str, Any]:
    return {
        "figure": one.figure.name,
        "group": dict(one.group),
        "was": one.figure.old,
        "is": one.figure.new,
        "audits": list(one.audits),
    }


def _found(connection: Snapshot, at: Moment, of: str) -> dict[str, Any]:
    row = queries.report(connection, of, position=at.position)
    if row is None:
        raise NotFound("There is no such published report.")
    return row


@router.get("", operation_id="listPublishedReports")
def list_published(
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    before: Annotated[
        int | None, Query(ge=0, description="Published before this instant, in microseconds.")
    ] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The register, the latest first."""
    require(actor, "read-report")
    rows = queries.register(connection, position=at.position, before=before, limit=limit)
    following = rows[-1]["published_us"] if len(rows) == limit else None
    return {"position": at.shown, "reports": [_out(row) for row in rows], "next": following}


@router.record("/{of}", operation_id="readPublishedReport")
def read_published(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    of: PublishedId,
    response: Response,
) -> dict[str, Any]:
    """A report as it was published, with the figures that are others as known at the moment."""
    require(actor, "read-report")
    row = _found(connection, at, of)
    frozen = reading.frozen_at(services, connection, row)
    made = reading.whole(connection, row["asked"], frozen, actor)
    found = reading.restated(services, connection, actor, row, at)
    access_notes.note(services, actor, What.VIEW, f"published-report:{of}", at=at)
    if not at.is_past:
        response.headers["ETag"] = f'"{row["stream_version"]}"'
    return {
        **_out(row),
        "same_bytes": reading.fingerprint(made) == row["sha256"],
        "report": made.to_json(),
        "said": queries.said(connection, of, position=at.position),
        "changed": [_moved(one) for one in found.figures],
        "untold": [_moved(one) for one in found.untold],
        "note": reading.note_of(row["title"], found),
    }


class PublicationIn(Body):
    title: str
    commentary: str = ""


@router.post("/{name}", status_code=201, operation_id="publishReport")
def publish(
    new: New,
    connection: Snapshot,
    at: Moment,
    name: ReportName,
    question: Asked,
    body: PublicationIn,
    grade: Literal["auditor", "final"] = "auditor",
) -> ReceiptOut:
    """Publish a report: the query asks for it as `readReport` does, at the moment of the request.

    Refused with 503 while a read model that it is made from is behind.
    """
    require(new.actor, "publish-report")
    asked = reading.asked_of(name, question, grade)
    made = reading.ready(new.services, connection, asked, at, new.actor)
    done = commands.publish(
        new.desk,
        title=body.title,
        commentary=body.commentary,
        asked=asked,
        position=at.shown,
        as_at=at.day,
        sha256=reading.fingerprint(made),
        **new.made(body),
    )
    of = str(done.response["published"])
    return new.receipt(done, published_stream(of), location=of)


class CommentaryIn(Body):
    commentary: str


@router.post("/{of}/commentary", operation_id="commentOnPublishedReport")
def comment(change: Change, of: PublishedId, body: CommentaryIn) -> ReceiptOut:
    """Add a commentary beside a published report."""
    done = commands.comment(
        change.desk, published=of, commentary=body.commentary, **change.made(body)
    )
    return change.receipt(done, published_stream(of))


class ReportRestatementIn(Body):
    note: str


@router.post("/{of}/restatements", operation_id="restatePublishedReport")
def restate(
    change: Change, connection: Snapshot, at: Moment, of: PublishedId, body: ReportRestatementIn
) -> ReceiptOut:
    """Tell readers, by a note, which figures are others as known at the moment of the request."""
    require(change.actor, "publish-report")
    row = _found(connection, at, of)
    found = reading.restated(change.services, connection, change.actor, row, at)
    done = commands.restate(
        change.desk,
        published=of,
        upto=at.shown,
        figures=len(found.untold),
        note=body.note,
        **change.made(body),
    )
    return change.receipt(done, published_stream(of))


@router.post("/{of}/withdrawal", operation_id="withdrawPublishedReport")
def withdraw(change: Change, of: PublishedId, body: ReasonIn) -> ReceiptOut:
    """Take a published report out of use; it stays readable."""
    done = commands.withdraw(change.desk, published=of, reason=body.reason, **change.made(body))
    return change.receipt(done, published_stream(of))
