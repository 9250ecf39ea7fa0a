"""The board view of an improvement plan, as the page shows it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from api.json.deps import Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.plans import board
from api.plans.endpoints import PlanId
from api.plans.report_endpoints import Day
from api.web import access_notes
from qa.authorisation.policy import require
from qa.core.access import What

router = ApiRouter(prefix="/plans", tags=["improvement plans"])

Meeting = Annotated[
    str | None,
    Query(pattern=r"^[0-9a-f]{32}$", description="The id of a meeting; today, if left out."),
]


@router.get("/{plan}/board", operation_id="readBoardView")
def read_board(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    meeting: Meeting = None,
    day: Day = None,
) -> dict[str, Any]:
    """What a board has to know at a meeting: gaps, changes since the last, lateness, indicators."""
    require(actor, "read-plan")
    made = board.board(connection, plan, at, actor=actor, meeting=meeting, day=day)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", detail="board view", at=at)
    return board.to_json(made)
