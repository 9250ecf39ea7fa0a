"""Notices, and the steps of reminders behind them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from api.json.deps import Body, Limit, Reads, Served, Writes
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.notifications import reading
from api.notifications.schemas import MarkedOut, NoticeOut, NoticesOut
from api.web.policies import as_known
from projections.notifications import queries
from qa.core.carry import carry
from qa.notifications import handlers
from qa.notifications.events import ReminderPolicySet
from qa.notifications.steps import DEFAULT_REMINDER_POLICY

router = ApiRouter(prefix="/notices", tags=["work"])
policy_router = ApiRouter(prefix="/reminder-policy", tags=["work"])


@router.get("", operation_id="listNotices")
def list_notices(
    services: Served,
    actor: Reads,
    unread: Annotated[bool, Query(description="Only those that are not marked as read.")] = False,
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> NoticesOut:
    """What the caller was told, the newest first. Notices hold references and links only."""
    with services.store.reading() as connection:
        found = reading.of(connection, actor, only_unread=unread, before=before, limit=limit + 1)
        waiting = reading.unread(connection, actor)
    return NoticesOut(
        unread=waiting,
        notices=[
            carry(
                NoticeOut,
                one,
                made_at=one.made.isoformat(),
                read_at=None if one.read is None else one.read.isoformat(),
            )
            for one in found[:limit]
        ],
        next=found[limit - 1].id if len(found) > limit else None,
    )


class ReadIn(Body):
    upto: int | None = None
    only: int | None = None


@router.post("/read", operation_id="readNotices")
def mark_read(services: Served, actor: Writes, body: ReadIn) -> MarkedOut:
    """Mark the caller's notices as read: all of them, all up to one, or only one."""
    return MarkedOut(marked=reading.mark_read(services, actor, upto=body.upto, only=body.only))


policy_endpoints(
    policy_router,
    handlers.set_policy,
    ReminderPolicySet,
    as_known(queries.in_force, DEFAULT_REMINDER_POLICY),
    named="ReminderPolicy",
    says="The steps of reminders in force. Version 0 are those that Caseloop starts with.",
)
