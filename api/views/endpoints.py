"""Named views: those of the caller, keeping one, removing one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Moment, Reads, Snapshot, tag
from api.json.routing import ApiRouter
from api.views import reading
from api.views.schemas import ListViewOut, ListViewsOut
from qa.authorisation.policy import require
from qa.views import handlers

router = ApiRouter(prefix="/views", tags=["work"])

ViewId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("", operation_id="listViews")
def list_views(actor: Reads, connection: Snapshot, at: Moment) -> ListViewsOut:
    """The caller's own views, and those shared with a role they hold."""
    require(actor, "keep-view")
    found = reading.views(connection, actor, position=at.position)
    return ListViewsOut(views=[ListViewOut.of(row, version=row.stream_version) for row in found])


@router.record("/{view}", operation_id="readListView")
def read_list_view(
    actor: Reads, connection: Snapshot, at: Moment, view: ViewId, response: Response
) -> ListViewOut:
    """One of them."""
    require(actor, "keep-view")
    row = reading.view(connection, actor, view, position=at.position)
    tag(response, at, row.stream_version)
    return ListViewOut.of(row, version=row.stream_version)


command_endpoint(router, "POST", "", handlers.keep)
command_endpoint(router, "POST", "/{view}/removal", handlers.remove, status=200)
