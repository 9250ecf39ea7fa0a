"""References that are one child's: which are joined, joining two, and undoing it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.children.schemas import ChildJoiningOut, ChildJoiningsOut
from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from projections.audits import visible_queries
from qa.authorisation.policy import reach, require
from qa.children import handlers
from qa.core.errors import NotFound
from qa.core.fields import ID

router = ApiRouter(prefix="/child-joinings", tags=["children"])


@router.get("", operation_id="listChildJoinings")
def list_child_joinings(call: Call) -> ChildJoiningsOut:
    """The joinings that stand, of children whose records the caller may read."""
    require(call.actor, "read-report")
    rows = visible_queries.joinings_open_to(
        call.connection, reach(call.actor), position=call.at.position
    )
    return ChildJoiningsOut(
        joinings=[ChildJoiningOut.of(row, version=row.stream_version) for row in rows]
    )


@router.record("/{joining}", operation_id="readChildJoining")
def read_child_joining(
    call: Call,
    joining: Annotated[str, Path(pattern=ID, description="The id of the joining.")],
    response: Response,
) -> ChildJoiningOut:
    """A joining that stands, of a child whose records the caller may read."""
    require(call.actor, "read-report")
    rows = visible_queries.joinings_open_to(
        call.connection, reach(call.actor), position=call.at.position
    )
    row = next((one for one in rows if one.joining == joining), None)
    if row is None:
        raise NotFound("There is no such joining.")
    tag(response, call.at, row.stream_version)
    return ChildJoiningOut.of(row, version=row.stream_version)


command_endpoint(router, "POST", "", handlers.join, located_by="joining")
command_endpoint(router, "POST", "/{joining}/end", handlers.part)
