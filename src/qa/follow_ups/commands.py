"""What can be asked of a follow-up, and of the clocks of all of them."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import several, target
from qa.follow_ups.events import (
    ActionsWithin,
    EscalateWithin,
    Owner,
    Plan,
    PlanWithin,
    ReAuditWithin,
)

AuditId = Annotated[str, target("The id of the audit.")]


class EscalateFollowUp(Command, stream="follow-up:{audit}"):
    """Name the head of service who answers for it."""

    audit: AuditId
    owner: Owner


class AgreeFollowUpPlan(Command, stream="follow-up:{audit}"):
    """Agree which actions of the audit are its plan."""

    audit: AuditId
    actions: Annotated[
        tuple[str, ...],
        several("What is done about it", missing="Choose what is done about it."),
    ]
    plan: Plan


class SetFollowUpPolicy(Command, stream="follow-up-policy"):
    """Set the next version of the time limits of follow-ups."""

    escalate_within_working_days: EscalateWithin
    plan_within_working_days: PlanWithin
    actions_within_working_days: ActionsWithin
    re_audit_within_days: ReAuditWithin
