"""Named views: those of the caller, keeping one, removing one."""

from __future__ import annotations

from api.json.command_endpoint import command_endpoint
from api.json.deps import Present, Reads
from api.json.routing import ApiRouter
from api.views import reading
from api.views.schemas import ListViewOut, ListViewsOut
from qa.authorisation.policy import require
from qa.views import handlers

router = ApiRouter(prefix="/views", tags=["work"])


@router.get("", operation_id="listViews")
def list_views(actor: Reads, connection: Present) -> ListViewsOut:
    """The caller's own views, and those shared with a role they hold."""
    require(actor, "keep-view")
    found = reading.views(connection, actor)
    return ListViewsOut(views=[ListViewOut.of(row, version=row.stream_version) for row in found])


command_endpoint(router, "POST", "", handlers.keep, operation_id="keepListView", status=201)
command_endpoint(router, "POST", "/{view}/removal", handlers.remove, operation_id="removeListView")
