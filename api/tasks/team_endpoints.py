"""How much waits for the people of a part of the council."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from api.json.deps import Call
from api.json.routing import ApiRouter
from api.people.reading import overseen
from api.tasks import team_work
from api.tasks.schemas import TeamWorkOut
from qa.authorisation.policy import can
from qa.core.errors import Forbidden

router = ApiRouter(tags=["work"])

PAGE = 25


@router.get("/team-work", operation_id="readTeamWork")
def read_team_work(
    call: Call,
    start: Annotated[
        int, Query(ge=0, le=100_000, description="The `next` of the page before.")
    ] = 0,
) -> TeamWorkOut:
    """How much waits for the people whose work the caller oversees, 25 a page, by name."""
    rows = overseen(call)
    if not rows and not can(call.actor, "read-team-work").allowed:
        raise Forbidden("You oversee nobody’s work.", rule="read-team-work")
    shown = rows[start : start + PAGE]
    return TeamWorkOut(
        **call.moment,
        people=team_work.loads(call.connection, shown, call.at),
        next=start + PAGE if start + PAGE < len(rows) else None,
    )
