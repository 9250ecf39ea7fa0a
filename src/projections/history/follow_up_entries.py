"""The entries of the facts of a follow-up of an inadequate audit, and of the policy behind it."""

from __future__ import annotations

from qa.core.fact import Fact
from qa.follow_ups import events as facts

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    facts.FollowUpOpened: {"audit": "the audit that is followed up: the entry stands with it"},
    facts.FollowUpPlanAgreed: {"actions": "the ids of actions with histories of their own"},
    facts.FollowUpReAudited: {"re_audit": "the id of an audit with a history of its own"},
}

CALLED: dict[tuple[type[Fact], str], str] = {
    (facts.FollowUpOpened, "grade"): "overall",
    (facts.FollowUpEscalated, "owner"): "follow_up_owner",
    (facts.FollowUpPlanAgreed, "plan"): "follow_up_plan",
    (facts.FollowUpReAudited, "grade"): "re_audit_grade",
    (facts.FollowUpReAudited, "reference"): "re_audit_reference",
    (facts.FollowUpEnded, "cause"): "follow_up_ended",
}


def sentence(fact: Fact) -> tuple[str, str | None] | None:
    """What the fact says, and the person it is about; None for any other fact."""
    match fact:
        case facts.FollowUpOpened(clocks=clocks):
            return f"Inadequate: to be escalated by {clocks.escalate_by.isoformat()}", None
        case facts.FollowUpEscalated():
            return "Escalated to a head of service", fact.owner
        case facts.FollowUpPlanAgreed():
            number = len(fact.actions)
            return f"Agreed a plan of {number} action{'' if number == 1 else 's'}", None
        case facts.FollowUpReAudited():
            found = "resolved" if fact.resolved else "no better, escalated again"
            return f"Audited again as {fact.reference}: {found}", None
        case facts.FollowUpEnded():
            return "Nothing left to follow up", None
        case facts.FollowUpPolicySet():
            return f"Set version {fact.policy_version} of the clocks of follow-ups", None
        case _:
            return None
