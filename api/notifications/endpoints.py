"""Notices, and the steps of reminders behind them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from api.json.deps import Body, Change, Limit, Moment, Reads, ReceiptOut, Served, Snapshot, Writes
from api.json.routing import ApiRouter
from api.notifications import reading
from projections.notifications import queries
from qa.authorisation.policy import require
from qa.notifications import commands
from qa.notifications.events import ReminderPolicySet
from qa.notifications.steps import DEFAULT_REMINDER_POLICY, REMINDER_POLICY_STREAM

router = ApiRouter(prefix="/notices", tags=["work"])
policy_router = ApiRouter(prefix="/reminder-policy", tags=["work"])


@router.get("", operation_id="listNotices")
def list_notices(
    services: Served,
    actor: Reads,
    unread: Annotated[bool, Query(description="Only those that are not marked as read.")] = False,
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """What the caller was told, the newest first. Notices hold references and links only."""
    with services.store.reading() as connection:
        found = reading.of(connection, actor, only_unread=unread, before=before, limit=limit + 1)
        waiting = reading.unread(connection, actor)
    return {
        "unread": waiting,
        "notices": [
            {
                "id": one.id,
                "kind": one.kind,
                "text": one.text,
                "href": one.href,
                "due_on": one.due_on,
                "made_at": one.made.isoformat(),
                "read_at": None if one.read is None else one.read.isoformat(),
            }
            for one in found[:limit]
        ],
        "next": found[limit - 1].id if len(found) > limit else None,
    }


class ReadIn(Body):
    upto: int | None = None
    only: int | None = None


@router.post("/read", operation_id="readNotices")
def mark_read(services: Served, actor: Writes, body: ReadIn) -> dict[str, int]:
    """Mark the caller's notices as read: all of them, all up to one, or only one."""
    return {"marked": reading.mark_read(services, actor, upto=body.upto, only=body.only)}


@policy_router.record("", operation_id="readReminderPolicy")
def read_policy(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """The steps of reminders in force. Version 0 are those that Caseloop starts with."""
    require(actor, "read-tool")
    held = queries.in_force(connection, position=at.position)
    policy, version = (DEFAULT_REMINDER_POLICY, 0) if held is None else held
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy.model_dump(mode="json")


class StepsIn(Body):
    soon_days: int
    on_the_day: bool
    late_days: list[int]
    manager_days: int
    head_days: int
    most: int


@policy_router.put("", operation_id="setReminderPolicy")
def set_policy(change: Change, body: StepsIn) -> ReceiptOut:
    """Set the next version of the steps of reminders."""
    policy = ReminderPolicySet.model_validate({"policy_version": 0, **body.model_dump()})
    done = commands.set_policy(change.desk, policy=policy, **change.made(body))
    return change.receipt(done, REMINDER_POLICY_STREAM)
