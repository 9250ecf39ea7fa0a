"""What several tests of moderation begin with."""

from __future__ import annotations

from typing import Any

from qa.audits.moderation_events import ModerationRecorded
from qa.audits.state import CaseAudit
from qa.moderation import decisions
from qa.moderation.commands import (
    AssignModeration,
    CancelModeration,
    DisputeGrade,
    RecordModeration,
    UnblindModeration,
)
from qa.moderation.events import ModerationPolicySet
from tests.audits.support import (
    ALLOCATED,
    M1,
    MODERATOR,
    POLICY,
    SELECTED,
    STARTED,
    TOOL,
    submitted,
)
from tests.support.given import TODAY

PAST = (ALLOCATED, STARTED, submitted(), SELECTED)


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
