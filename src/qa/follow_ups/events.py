"""Events of the follow-up of an inadequate audit (stream ``follow-up:<audit>``), and of the policy
behind its clocks (stream ``follow-up-policy``).

Every clock is kept as the day that it gave, so that a later version of the policy moves none.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords, choice, days, long_text
from qa.core.frozen import Frozen, SealedText

Cause = Literal["grade-changed", "audit-withdrawn", "audit-voided"]

Owner = Annotated[str, choice("Head of service")]
Plan = Annotated[
    SealedText,
    long_text("Plan", "Why these actions, and what they change.", missing="Say what the plan is."),
]
EscalateWithin = Annotated[int, days("Working days to escalate", 1, 20)]
PlanWithin = Annotated[int, days("Working days to agree a plan", 1, 60)]
ActionsWithin = Annotated[int, days("Working days to do the actions", 1, 250)]
ReAuditWithin = Annotated[int, days("Days until another auditor’s judgement", 7, 730)]


def follow_up_stream(audit: str) -> str:
    return f"follow-up:{audit}"


class FollowUpStage(StrEnum):
    """How far a round of a follow-up has come, as its own events say."""

    RECORDED = "recorded"
    ESCALATED = "escalated"
    PLANNED = "planned"
    RESOLVED = "resolved"
    ENDED = "ended"

    @property
    def over(self) -> bool:
        return self in (FollowUpStage.RESOLVED, FollowUpStage.ENDED)


class FollowUpClocks(Frozen):
    """By when what is owed in one round of a follow-up."""

    escalate_by: Annotated[date, FieldWords(label="To be escalated by")]
    plan_by: Annotated[date, FieldWords(label="Plan to be agreed by")]
    actions_by: Annotated[date, FieldWords(label="Actions to be done by")]
    re_audit_by: Annotated[date, FieldWords(label="To be audited again by")]


class FollowUpOpened(Event):
    """An audit was graded in the lowest grade of its scale."""

    audit: str
    reference: str
    child: str
    team: str
    service: str
    grade: Annotated[str, FieldWords(label="Lowest grade")]
    clocks: FollowUpClocks


class FollowUpEscalated(Event):
    """A named head of service answers for the follow-up from now on."""

    owner: Owner


class FollowUpTeamChanged(Event):
    """The team of the audit was closed: another one sees the follow-up through."""

    old_team: str
    new_team: str
    old_service: str
    new_service: str


class FollowUpPlanAgreed(Event):
    """What is done about it: the actions of the audit that it takes, and why these."""

    actions: tuple[str, ...]
    plan: Plan


class FollowUpReAudited(Event):
    """Another auditor judged the file again. Where it is no better, the next round begins with
    clocks of its own."""

    re_audit: str
    reference: Annotated[str, FieldWords(label="Re-audit")]
    grade: Annotated[str, FieldWords(label="Grade of the re-audit")]
    resolved: Annotated[bool, FieldWords(label="Resolved")]
    clocks: FollowUpClocks | None = None


class FollowUpEnded(Event):
    """There is nothing left to follow up: the grade or the audit no longer stands."""

    cause: Annotated[Cause, FieldWords(label="Ended because")]


class FollowUpPolicySet(Event):
    """The clocks of follow-ups. Working days are those of England."""

    policy_version: int
    escalate_within_working_days: EscalateWithin
    plan_within_working_days: PlanWithin
    actions_within_working_days: ActionsWithin
    re_audit_within_days: ReAuditWithin
