"""Published reports: the register, publishing one, and what later events made of its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, Change, Limit, Moment, New, Snapshot, tag
from api.json.routing import ApiRouter
from api.publishing import reading
from api.publishing.schemas import (
    BesideFiguresOut,
    FigureMovedOut,
    OpenedPublishedOut,
    PublishedOut,
    PublishedReportsOut,
)
from api.reports.asking import Chosen, asked_alike
from api.reports.declaration import Sight
from api.reports.moved import FigureMoved
from projections.publishing import queries
from projections.publishing.tables import PublishedRow
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.publishing import handlers

router = ApiRouter(prefix="/published-reports", tags=["reports"])

PublishedId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the report.")]


def _added(row: PublishedRow) -> dict[str, Any]:
    """What both answers add to the columns of a row."""
    return {
        "asked": row.question,
        "letterhead": row.under,
        "published_at": row.published_at,
        "version": row.stream_version,
    }


def _moved(one: FigureMoved) -> FigureMovedOut:
    return FigureMovedOut(
        figure=one.figure.name,
        group=dict(one.group),
        was=one.figure.old,
        now=one.figure.new,
        audits=list(one.audits),
    )


def _found(connection: Snapshot, at: Moment, of: str) -> PublishedRow:
    row = queries.report(connection, of, position=at.position)
    if row is None:
        raise NotFound("There is no such published report.")
    return row


@router.get("", operation_id="listPublishedReports")
def list_published(
    call: Call,
    before: Annotated[
        int | None, Query(ge=0, description="Published before this instant, in microseconds.")
    ] = None,
    limit: Limit = 50,
) -> PublishedReportsOut:
    """The register, the latest first."""
    require(call.actor, "read-council-figures")
    rows = queries.register(call.connection, position=call.at.position, before=before, limit=limit)
    reports = [PublishedOut.of(row, **_added(row)) for row in rows]
    following = rows[-1].published_us if len(rows) == limit else None
    return PublishedReportsOut(position=call.at.shown, reports=reports, next=following)


@router.record("/{of}", operation_id="readPublishedReport")
def read_published(call: Call, of: PublishedId, response: Response) -> OpenedPublishedOut:
    """A report as it was published, with the figures that are others as known at the moment."""
    services, connection, actor, at = call.services, call.connection, call.actor, call.at
    require(actor, "read-council-figures")
    row = _found(connection, at, of)
    report = reading.of_kind(row)
    require(actor, report.verb)
    frozen = reading.frozen_at(services, connection, row)
    memory: dict[object, Any] = {}
    made = reading.whole(Sight(connection, frozen, actor, memory=memory), row.question)
    found = reading.restated(services, connection, actor, row, at, memory=memory)
    call.note(f"published-report:{of}")
    tag(response, at, row.stream_version)
    return OpenedPublishedOut.of(
        row,
        **_added(row),
        same_bytes=reading.fingerprint(report, made) == row.sha256,
        report=report.frozen_answer(made),
        said=[
            BesideFiguresOut.of(remark, position=position, line=line, at=remark.at)
            for remark, position, line in queries.remarks(connection, of, position=at.position)
        ],
        changed=[_moved(one) for one in found.figures],
        untold=[_moved(one) for one in found.untold],
        note=reading.note_of(row.title, found),
    )


def _given(report: Chosen, query: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The report that the query asks for, made at the moment of the request."""

    def made(
        change: New, connection: Snapshot, at: Moment, report: Any, query: Any
    ) -> dict[str, Any]:
        require(change.actor, "publish-report")
        require(change.actor, report.verb)
        question = report.kept(query, at)
        found = reading.ready(change.services, connection, question, at, change.actor)
        fingerprint = reading.fingerprint(report, found)
        return {
            "asked": question,
            "position": at.shown,
            "as_at": at.day,
            "sha256": fingerprint,
            **reading.made_under(change.services, connection),
        }

    made.__annotations__ |= {
        "report": Annotated[Any, Depends(report)],
        "query": Annotated[Any, Depends(query)],
    }
    return made


def _restated(change: Change, connection: Snapshot, at: Moment, of: PublishedId) -> dict[str, Any]:
    """How many figures are others as known at the moment of the request."""
    require(change.actor, "publish-report")
    row = _found(connection, at, of)
    found = reading.restated(change.services, connection, change.actor, row, at)
    return {"upto": at.shown, "figures": len(found.untold)}


for operation, name, report, query in asked_alike():
    command_endpoint(
        router, "POST", f"/{name}", handlers.publish, operation_id=operation,
        located_by="published", given=_given(report, query),
    )  # fmt: skip
command_endpoint(router, "POST", "/{of}/commentary", handlers.comment, status=200)
command_endpoint(
    router, "POST", "/{of}/restatements", handlers.restate, given=_restated, status=200
)
command_endpoint(router, "POST", "/{of}/withdrawal", handlers.withdraw, status=200)
