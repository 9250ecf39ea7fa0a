"""Copies of published reports for outside the council, over the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from fastapi import Path, Response

from api.disclosure import copy_files, reading, report
from api.disclosure.schemas import CopyContentOut, OutsideCopiesOut, OutsideCopyOut
from api.disclosure.sources import source_called
from api.json.command_endpoint import command_endpoint
from api.json.deps import Change, Exports, Moment, Reads, Served, Snapshot, tag
from api.json.routing import ApiRouter
from api.lists.files import TYPES, download
from api.web import access_notes
from projections.disclosure import queries
from projections.disclosure.tables import OutsideCopyRow
from qa.authorisation.policy import require
from qa.core.access import What
from qa.disclosure import handlers
from qa.disclosure.commands import COPY_OF

router = ApiRouter(prefix="/published-reports/{of}/copies", tags=["reports"])

PublishedId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description=COPY_OF)]
CopyId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the copy.")]
CopyFileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]


def _out(row: OutsideCopyRow) -> OutsideCopyOut:
    return OutsideCopyOut.of(
        row, given_at=row.given_at, withdrawn_at=row.withdrawn_at, texts=list(row.released)
    )


@router.record("", operation_id="listOutsideCopies")
def list_copies(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    of: PublishedId,
    response: Response,
) -> OutsideCopiesOut:
    """The copies of a published report for outside the council."""
    found = source_called(services, connection, actor, of, at.position)
    rows = queries.copies(connection, of, position=at.position)
    access_notes.note(services, actor, What.VIEW, found.subject, detail="copies", at=at)
    tag(response, at, queries.version(connection))
    texts = {one.key: one.text for one in found.texts(at.position)}
    return OutsideCopiesOut(position=at.shown, copies=[*map(_out, rows)], texts=texts)


@router.get("/{given}", operation_id="readOutsideCopy")
def read_copy(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    of: PublishedId,
    given: CopyId,
) -> CopyContentOut:
    """A copy as it is read outside."""
    found, copy = reading.copy_of(services, connection, actor, of, given, at.position)
    access_notes.note(services, actor, What.VIEW, found.subject, detail="copy", at=at)
    content = copy_files.as_told(found, copy, report.view_of(found, copy))
    return CopyContentOut.model_validate(content)


@router.get(
    "/{given}/copy.{kind}",
    operation_id="exportOutsideCopy",
    response_class=Response,
    responses={200: {"content": {TYPES[each]: {} for each in get_args(CopyFileKind)}}},
)
def export_copy(
    services: Served,
    actor: Exports,
    connection: Snapshot,
    at: Moment,
    of: PublishedId,
    given: CopyId,
    kind: CopyFileKind,
) -> Response:
    """A copy as a file: the same bytes whenever it is asked for."""
    found, copy = reading.copy_of(services, connection, actor, of, given, at.position)
    require(actor, "export")
    body = copy_files.file_of(found, copy, kind)
    access_notes.note(services, actor, What.EXPORT, found.subject, detail=f"copy {kind}", at=at)
    return download(body, copy_files.file_name(found, copy, kind), at)


def _worked_out(
    change: Change, connection: Snapshot, at: Moment, of: PublishedId
) -> dict[str, Any]:
    """The copy as it is made at the moment of the request."""
    require(change.actor, "publish-report")
    found = source_called(change.services, connection, change.actor, of, at.position)
    return reading.worked_out(change.services, connection, found)


command_endpoint(router, "POST", "", handlers.give, given=_worked_out, located_by="given")
command_endpoint(router, "POST", "/{given}/withdrawal", handlers.withdraw, status=200)
