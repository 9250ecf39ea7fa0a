"""Named views: those of the caller, keeping one, removing one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.views import reading
from api.views.schemas import ListViewOut, ListViewsOut
from qa.authorisation.policy import require
from qa.views import handlers

router = ApiRouter(prefix="/views", tags=["work"])

ViewId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("", operation_id="listViews")
def list_views(call: Call) -> ListViewsOut:
    """The caller's own views, and those shared with a role they hold."""
    require(call.actor, "keep-view")
    found = reading.views(call.connection, call.actor, position=call.at.position)
    return ListViewsOut(views=[ListViewOut.of(row, version=row.stream_version) for row in found])


@router.record("/{view}", operation_id="readListView")
def read_list_view(call: Call, view: ViewId, response: Response) -> ListViewOut:
    """One of them."""
    require(call.actor, "keep-view")
    row = reading.view(call.connection, call.actor, view, position=call.at.position)
    tag(response, call.at, row.stream_version)
    return ListViewOut.of(row, version=row.stream_version)


command_endpoint(router, "POST", "", handlers.keep)
command_endpoint(router, "POST", "/{view}/removal", handlers.remove, status=200)
