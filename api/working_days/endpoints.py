"""The working days of the council over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Response

from api.json.deps import Body, Change, Moment, Reads, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from projections.working_days import queries
from qa.authorisation.policy import require
from qa.working_days import commands
from qa.working_days.events import WORKING_DAYS_STREAM

router = ApiRouter(prefix="/working-days", tags=["work"])


@router.get("", operation_id="readWorkingDays")
def read_working_days(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """The days on which nobody works, beside weekends and bank holidays. In version 0 there are
    none."""
    require(actor, "read-tool")
    policy, version = queries.in_force(connection, position=at.position)
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy.model_dump(mode="json")


class ClosedDaysIn(Body):
    closed: list[date]


@router.put("", operation_id="setWorkingDays")
def set_working_days(change: Change, body: ClosedDaysIn) -> ReceiptOut:
    """Set the days on which nobody works. Days that are over, and dates that were given, stay."""
    done = commands.set_working_days(change.desk, closed=body.closed, **change.made(body))
    return change.receipt(done, WORKING_DAYS_STREAM)
