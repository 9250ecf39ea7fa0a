"""Supervision checks: listing and reading them, and every step from the asking to the end."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, Limit, tag
from api.json.routing import ApiRouter
from api.supervision import reading
from api.supervision.schemas import (
    CheckPromptedByOut,
    OpenedSupervisionCheckOut,
    SupervisionCheckOut,
    SupervisionChecksOut,
)
from projections.supervision.tables import SupervisionCheckRow
from qa.authorisation.policy import require
from qa.core.carry import carry
from qa.core.words import Resource
from qa.supervision import handlers
from qa.supervision.states import CheckState

router = ApiRouter(prefix="/supervision-checks", tags=["supervision"])
_post = partial(command_endpoint, router, "POST")
_put = partial(command_endpoint, router, "PUT")

CheckId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the check.")]


def _row(row: SupervisionCheckRow) -> SupervisionCheckOut:
    moderated = row.moderated_overall is not None
    agrees = row.moderated_overall == row.overall if moderated else None
    return SupervisionCheckOut(**row._asdict(), agrees=agrees, version=row.stream_version)


@router.get("", operation_id="listSupervisionChecks")
def list_checks(
    call: Call,
    state: Annotated[list[CheckState] | None, Query()] = None,
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> SupervisionChecksOut:
    """The checks that the caller may know of, newest first."""
    require(call.actor, "read-supervision", Resource(person=call.actor.person, somewhere=True))
    rows = reading.checks(
        call.connection, call.actor, call.at, states=state or (), before=before, limit=limit + 1
    )
    return SupervisionChecksOut(
        **call.moment,
        checks=[_row(row) for row in rows[:limit]],
        next=rows[limit - 1].opened if len(rows) > limit else None,
    )


@router.record("/{check}", operation_id="readSupervisionCheck")
def read_check(call: Call, check: CheckId, response: Response) -> OpenedSupervisionCheckOut:
    """A check with its judgement and the moderator's grades beside it."""
    found = reading.open_check(call, check)
    reading.note(call, found)
    row = found.row
    tag(response, call.at, row.stream_version)
    return carry(
        OpenedSupervisionCheckOut,
        row,
        **call.moment,
        check=_row(row),
        prompted_by=[
            CheckPromptedByOut(audit=audit, reference=reference)
            for audit, reference in found.audits.items()
        ],
        names=dict(found.names),
    )


_post("", handlers.schedule, located_by="check")
_post("/{check}/start", handlers.start, status=200)
_post("/{check}/judgement", handlers.submit)
_put("/{check}/judgement", handlers.correct)
_put("/{check}/moderator", handlers.assign_moderator)
_post("/{check}/moderation", handlers.moderate)
_post("/{check}/feedback", handlers.give_feedback)
_post("/{check}/closure", handlers.close, status=200)
_post("/{check}/cancellation", handlers.cancel, status=200)
_post("/{check}/actions", handlers.raise_action)
