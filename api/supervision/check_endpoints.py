"""Supervision checks: listing and reading them, and every step from the asking to the end."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.json.deps import (
    Body,
    Change,
    Limit,
    Moment,
    New,
    Reads,
    ReasonIn,
    ReceiptOut,
    Served,
    Snapshot,
)
from api.json.routing import ApiRouter
from api.supervision import reading
from qa.actions.states import ActionKind, EvidenceKind
from qa.audits.judgements import ModeratedJudgement
from qa.authorisation.policy import require
from qa.core.words import Resource
from qa.supervision.check_events import CheckContent, check_stream
from qa.supervision.commands import checks
from qa.supervision.states import CheckState

router = ApiRouter(prefix="/supervision-checks", tags=["supervision"])

CheckId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the check.")]
_LISTED = (
    "check", "pair", "supervisor", "practitioner", "checker", "tool", "tool_version", "team",
    "service", "due_on", "state", "checked_on", "overall", "moderator", "moderation_due_on",
    "moderated_overall", "feedback_on", "closed_on",
)  # fmt: skip


def _row(row: Any) -> dict[str, Any]:
    moderated = row["moderated_overall"] is not None
    return {
        **{name: row[name] for name in _LISTED},
        "agrees": row["moderated_overall"] == row["overall"] if moderated else None,
        "version": row["stream_version"],
    }


@router.get("", operation_id="listSupervisionChecks")
def list_checks(
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    state: Annotated[list[CheckState] | None, Query()] = None,
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The checks that the caller may know of, newest first."""
    require(actor, "read-supervision", Resource(person=actor.person, somewhere=True))
    rows = reading.checks(connection, actor, at, states=state or (), before=before, limit=limit + 1)
    return {
        "as_at": at.day,
        "position": at.shown,
        "checks": [_row(row) for row in rows[:limit]],
        "next": rows[limit - 1]["opened"] if len(rows) > limit else None,
    }


@router.record("/{check}", operation_id="readSupervisionCheck")
def read_check(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    check: CheckId,
    response: Response,
) -> dict[str, Any]:
    """A check with its judgement and the moderator's grades beside it."""
    found = reading.open_check(connection, actor, check, at)
    reading.note(services, actor, found, at)
    row = found.row
    if not at.is_past:
        response.headers["ETag"] = f'"{row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "check": _row(row),
        "judgement": row["content"],
        "moderation": row["moderated"],
        "feedback": row["feedback"],
        "prompted_by": [
            {"audit": audit, "reference": reference} for audit, reference in found.audits.items()
        ],
        "names": found.names,
    }


class SupervisionCheckIn(Body):
    pair: str
    checker: str
    tool: str
    due_on: date
    audits: list[str] = []


@router.post("", status_code=201, operation_id="scheduleSupervisionCheck")
def schedule(new: New, body: SupervisionCheckIn) -> ReceiptOut:
    """Ask somebody to check the supervision of a pair."""
    done = checks.schedule(new.desk, **body.model_dump(), **new.made(body))
    check = str(done.response["check"])
    return new.receipt(done, check_stream(check), location=check)


@router.post("/{check}/start", operation_id="startSupervisionCheck")
def start(change: Change, check: CheckId) -> ReceiptOut:
    """Begin to read the record of supervision."""
    done = checks.start(change.desk, check=check, **change.made())
    return change.receipt(done, check_stream(check))


class ContentIn(Body):
    content: CheckContent


@router.post("/{check}/judgement", status_code=201, operation_id="submitSupervisionCheck")
def submit(change: Change, check: CheckId, body: ContentIn) -> ReceiptOut:
    """Give the judgement."""
    done = checks.submit(change.desk, check=check, content=body.content, **change.made(body))
    return change.receipt(done, check_stream(check))


class CheckCorrectionIn(ContentIn):
    reason: str


@router.put("/{check}/judgement", operation_id="correctSupervisionCheck")
def correct(change: Change, check: CheckId, body: CheckCorrectionIn) -> ReceiptOut:
    """Put the judgement right; what stood before stays on record."""
    done = checks.correct(
        change.desk, check=check, content=body.content, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, check_stream(check))


class ModeratorIn(Body):
    moderator: str
    due_on: date


@router.put("/{check}/moderator", operation_id="assignSupervisionModerator")
def assign_moderator(change: Change, check: CheckId, body: ModeratorIn) -> ReceiptOut:
    """Ask another person for grades of their own."""
    done = checks.assign_moderator(
        change.desk, check=check, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, check_stream(check))


class ModerationIn(Body):
    judgements: list[ModeratedJudgement]
    overall: str
    comment: str = ""


@router.post("/{check}/moderation", status_code=201, operation_id="moderateSupervisionCheck")
def moderate(change: Change, check: CheckId, body: ModerationIn) -> ReceiptOut:
    """Give the moderator's own grades; whether they agree is worked out."""
    done = checks.moderate(
        change.desk,
        check=check,
        judgements=body.judgements,
        overall=body.overall,
        comment=body.comment,
        **change.made(body),
    )
    return change.receipt(done, check_stream(check))


class FeedbackIn(Body):
    given_on: date
    note: str


@router.post("/{check}/feedback", status_code=201, operation_id="giveSupervisionFeedback")
def feedback(change: Change, check: CheckId, body: FeedbackIn) -> ReceiptOut:
    """Record that the pair was told what was found."""
    done = checks.give_feedback(change.desk, check=check, **body.model_dump(), **change.made(body))
    return change.receipt(done, check_stream(check))


@router.post("/{check}/closure", operation_id="closeSupervisionCheck")
def close(change: Change, check: CheckId) -> ReceiptOut:
    """Say that nothing more is to be done about the check."""
    done = checks.close(change.desk, check=check, **change.made())
    return change.receipt(done, check_stream(check))


@router.post("/{check}/cancellation", operation_id="cancelSupervisionCheck")
def cancel(change: Change, check: CheckId, body: ReasonIn) -> ReceiptOut:
    """Say that a check is not made, and why."""
    done = checks.cancel(change.desk, check=check, reason=body.reason, **change.made(body))
    return change.receipt(done, check_stream(check))


class CheckActionIn(Body):
    text: str
    kind: ActionKind
    owner: str
    due_on: date
    evidence_asked: EvidenceKind | None = None


@router.post("/{check}/actions", status_code=201, operation_id="raiseSupervisionAction")
def raise_action(new: New, check: CheckId, body: CheckActionIn) -> ReceiptOut:
    """Raise an action from what a check found. The result holds its id."""
    done = checks.raise_action(new.desk, check=check, **body.model_dump(), **new.made(body))
    return new.receipt(done)
