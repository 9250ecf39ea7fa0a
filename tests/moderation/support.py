"""What several tests of moderation begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.audit_tools.definition import ToolDefinition
from qa.audits.moderation_events import ModerationRecorded
from qa.audits.state import CaseAudit
from qa.moderation import decisions, disputes
from qa.moderation.commands import (
    AssignModeration,
    CancelModeration,
    DecideDispute,
    DisputeGrade,
    ReconcileGrade,
    RecordModeration,
    UnblindModeration,
)
from qa.moderation.events import ModerationPolicySet
from tests.audits.support import (
    ALLOCATED,
    DECIDER,
    M1,
    MODERATOR,
    POLICY,
    SELECTED,
    STARTED,
    TOOL,
    assigned,
    judged,
    submitted,
)
from tests.support.given import TODAY

PAST = (ALLOCATED, STARTED, submitted(), SELECTED)
DIFFERS = (*PAST, assigned(), judged("inadequate"))


def assign(
    state: CaseAudit, moderator: str = MODERATOR, moderation: str = M1, **values: Any
) -> Any:
    return decisions.assign(
        state,
        AssignModeration(audit="a1", moderation=moderation, moderator=moderator),
        **{
            "blind": True,
            "already_seen": False,
            "exceptions": (),
            "due_on": TODAY,
            "today": TODAY,
            **values,
        },
    )


def record(
    state: CaseAudit,
    judgement: ModerationRecorded,
    policy: ModerationPolicySet = POLICY,
    by: str = MODERATOR,
) -> Any:
    """Record what a moderator's judgement says."""
    values = dict(judgement)
    asked = {name: values[name] for name in RecordModeration.model_fields if name in values}
    command = RecordModeration.model_construct(None, audit="a1", **asked)
    return decisions.record(
        state, TOOL, policy, command, by=by, audit_version=judgement.audit_version, today=TODAY
    )


def unblind(state: CaseAudit, reason: str = "The child is at risk now.") -> Any:
    return decisions.unblind(state, UnblindModeration(audit="a1", moderation=M1, reason=reason))


def cancel(state: CaseAudit, reason: str) -> Any:
    return decisions.cancel(state, CancelModeration(audit="a1", moderation=M1, reason=reason))


def challenging(about: tuple[str, ...] = ("overall",), grounds: str = "") -> DisputeGrade:
    grounds = grounds or "The minutes were overlooked."
    return DisputeGrade(audit="a1", moderation=M1, about=about, grounds=grounds)


def reconcile(
    state: CaseAudit,
    overall: str = "requires-improvement",
    judgements: Sequence[Any] = (),
    tool: ToolDefinition = TOOL,
) -> Any:
    values = {"overall": overall, "rationale": "Agreed on reading it together."}
    agreed = {"audit": "a1", "moderation": M1, "judgements": judgements, **values}
    return disputes.reconcile(state, tool, ReconcileGrade.model_validate(agreed))


def challenge(state: CaseAudit, about: tuple[str, ...] = ("overall",)) -> Any:
    asked = challenging(about)
    return disputes.dispute(state, TOOL, POLICY, asked, dispute_id="d1", today=TODAY)


def decide(state: CaseAudit, by: str = DECIDER, **values: Any) -> Any:
    decision = DecideDispute.model_validate(
        {
            "audit": "a1",
            "moderation": M1,
            "outcome": "upheld",
            "overall": "good",
            "reason_code": "evidence-overlooked",
            "reasons": "The minutes show the effect.",
            **values,
        }
    )
    return disputes.decide(state, TOOL, decision, by=by)
