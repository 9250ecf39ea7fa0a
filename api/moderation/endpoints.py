"""Moderation of a case audit, and the policy by which audits are picked for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Response
from pydantic import Field

from api.json.deps import AuditId, Body, Change, Moment, Reads, ReasonIn, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from projections.audit_tools import queries
from qa.audits.events import case_audit_stream
from qa.audits.judgements import AgreedGrade, ModeratedJudgement
from qa.authorisation.policy import require
from qa.moderation import commands
from qa.moderation.events import DEFAULT_POLICY, POLICY_STREAM, ModerationPolicySet

router = ApiRouter(prefix="/case-audits/{audit}/moderations", tags=["moderation"])
policy_router = ApiRouter(prefix="/moderation-policy", tags=["moderation"])

ModerationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.post("", status_code=201, operation_id="selectForModeration")
def select_for_moderation(
    change: Change,
    audit: AuditId,
) -> ReceiptOut:
    """Ask for the moderation of an audit that the policy did not pick."""
    done = commands.select(change.desk, audit=audit, **change.made())
    return change.receipt(done, case_audit_stream(audit))


class AssignmentIn(Body):
    """Who moderates. `blind` null follows the policy."""

    moderator: str
    blind: bool | None = None
    due_on: date | None = None
    exception: str | None = None


@router.put("/{moderation}/moderator", operation_id="assignModeration")
def assign_moderation(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: AssignmentIn,
) -> ReceiptOut:
    """Name the moderator, blind or open."""
    done = commands.assign(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        **body.model_dump(),
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


@router.post("/{moderation}/unblinding", status_code=201, operation_id="unblindModeration")
def unblind_moderation(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: ReasonIn,
) -> ReceiptOut:
    """Open the auditor's judgement before giving one's own; the moderation is no longer blind."""
    done = commands.unblind(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class JudgementIn(Body):
    """The moderator's own judgement. Agreement is computed and cannot be sent."""

    overall: str
    rationale: str
    judgements: list[ModeratedJudgement] = Field(default_factory=list)
    audit_quality: Literal["strong", "sound", "weak"] | None = None
    audit_quality_comment: str = ""
    moderated_on: date | None = None


@router.post("/{moderation}/judgement", status_code=201, operation_id="recordModeration")
def record_moderation(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: JudgementIn,
) -> ReceiptOut:
    """Record the moderator's judgement; the result says whether it agrees."""
    done = commands.record(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        overall=body.overall,
        rationale=body.rationale,
        judgements=tuple(body.judgements),
        audit_quality=body.audit_quality,
        audit_quality_comment=body.audit_quality_comment,
        moderated_on=body.moderated_on,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class ConversationIn(Body):
    held_on: date
    note: str = ""


@router.post("/{moderation}/conversation", status_code=201, operation_id="recordConversation")
def record_conversation(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: ConversationIn,
) -> ReceiptOut:
    """Note that auditor and moderator talked their difference over."""
    done = commands.converse(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        held_on=body.held_on,
        note=body.note,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class ConsensusIn(Body):
    overall: str
    rationale: str
    judgements: list[AgreedGrade] = Field(default_factory=list)


@router.post("/{moderation}/consensus", status_code=201, operation_id="reconcileGrade")
def reconcile_grade(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: ConsensusIn,
) -> ReceiptOut:
    """Record the grade that both came to; it is final."""
    done = commands.reconcile(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        overall=body.overall,
        rationale=body.rationale,
        judgements=tuple(body.judgements),
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class GradeDisputeIn(Body):
    about: list[str] = Field(examples=[["overall", "planning"]])
    grounds: str
    evidence: str = ""


@router.post("/{moderation}/dispute", status_code=201, operation_id="disputeGrade")
def dispute_grade(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: GradeDisputeIn,
) -> ReceiptOut:
    """Challenge the moderator's grade."""
    done = commands.dispute(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        about=tuple(body.about),
        grounds=body.grounds,
        evidence=body.evidence,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class DeciderIn(Body):
    decider: str
    exception: str | None = None


@router.put("/{moderation}/dispute/decider", operation_id="assignDispute")
def assign_dispute(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: DeciderIn,
) -> ReceiptOut:
    """Name who decides the dispute."""
    done = commands.assign_dispute(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        decider=body.decider,
        exception=body.exception,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class DecisionIn(Body):
    """The decision. `outcome` upheld means that the moderator's grade does not stand."""

    outcome: Literal["upheld", "partly-upheld", "not-upheld"]
    overall: str
    reason_code: Literal[
        "evidence-overlooked", "descriptor-misread", "new-evidence", "grade-sound", "other"
    ]
    reasons: str
    judgements: list[AgreedGrade] = Field(default_factory=list)


@router.post("/{moderation}/dispute/decision", status_code=201, operation_id="decideDispute")
def decide_dispute(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: DecisionIn,
) -> ReceiptOut:
    """Decide the dispute; the decider's grade is final."""
    done = commands.decide_dispute(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        outcome=body.outcome,
        overall=body.overall,
        reason_code=body.reason_code,
        reasons=body.reasons,
        judgements=tuple(body.judgements),
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


@router.post("/{moderation}/cancellation", status_code=201, operation_id="cancelModeration")
def cancel_moderation(
    change: Change,
    audit: AuditId,
    moderation: ModerationId,
    body: ReasonIn,
) -> ReceiptOut:
    """Call a moderation off before its judgement is in."""
    done = commands.cancel(
        change.desk,
        audit=audit,
        moderation_id=moderation,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, case_audit_stream(audit))


class ModerationPolicyIn(Body):
    """The policy to come into force for audits submitted from now on."""

    share_percent: int
    every_inadequate: bool
    every_outstanding: bool
    first_audits_of_new_auditor: int
    seed: str
    blind_by_default: bool
    moderator_is_final: bool
    moderate_within_working_days: int
    decide_dispute_within_working_days: int
    small_number: int = 10
    settle_difference_within_working_days: int = 10
    reason: str


@policy_router.record("", operation_id="readModerationPolicy")
def read_moderation_policy(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """The moderation policy in force. Version 0 is the one that Caseloop starts with."""
    require(actor, "read-tool")
    held = queries.moderation_policy(connection, position=at.position)
    policy, version = (DEFAULT_POLICY, 0) if held is None else held
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy.model_dump(mode="json")


@policy_router.put("", operation_id="setModerationPolicy")
def set_moderation_policy(
    change: Change,
    body: ModerationPolicyIn,
) -> ReceiptOut:
    """Set the next version of the moderation policy."""
    policy = ModerationPolicySet(policy_version=0, **body.model_dump(exclude={"reason"}))
    done = commands.set_policy(
        change.desk,
        policy=policy,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, POLICY_STREAM)


BUSY = (record_moderation,)
