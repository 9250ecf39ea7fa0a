"""The working days of the council over the API."""

from __future__ import annotations

from fastapi import Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Moment, Reads, Snapshot
from api.json.routing import ApiRouter
from projections.working_days import queries
from qa.authorisation.policy import require
from qa.working_days import handlers
from qa.working_days.events import WorkingDaysSet

router = ApiRouter(prefix="/working-days", tags=["work"])


@router.record("", operation_id="readWorkingDays")
def read_working_days(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> WorkingDaysSet:
    """The days on which nobody works, beside weekends and bank holidays. In version 0 there are
    none."""
    require(actor, "read-tool")
    policy, version = queries.in_force(connection, position=at.position)
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy


command_endpoint(router, "PUT", "", handlers.set_working_days, operation_id="setWorkingDays")
