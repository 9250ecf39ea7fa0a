"""The entries of the events of a follow-up of an inadequate audit, and of the policy behind it."""

from __future__ import annotations

from qa.core.event import Event
from qa.follow_ups import events

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.FollowUpOpened: {"audit": "the audit that is followed up: the entry stands with it"},
    events.FollowUpPlanAgreed: {"actions": "the ids of actions with histories of their own"},
    events.FollowUpReAudited: {"re_audit": "the id of an audit with a history of its own"},
}

CALLED: dict[tuple[type[Event], str], str] = {
    (events.FollowUpOpened, "grade"): "overall",
    (events.FollowUpEscalated, "owner"): "follow_up_owner",
    (events.FollowUpPlanAgreed, "plan"): "follow_up_plan",
    (events.FollowUpReAudited, "grade"): "re_audit_grade",
    (events.FollowUpReAudited, "reference"): "re_audit_reference",
    (events.FollowUpEnded, "cause"): "follow_up_ended",
}


def sentence(event: Event) -> tuple[str, str | None] | None:
    """What the event says, and the person it is about; None for any other event."""
    match event:
        case events.FollowUpOpened(clocks=clocks):
            return f"Inadequate: to be escalated by {clocks.escalate_by.isoformat()}", None
        case events.FollowUpEscalated():
            return "Escalated to a head of service", event.owner
        case events.FollowUpPlanAgreed():
            number = len(event.actions)
            return f"Agreed a plan of {number} action{'' if number == 1 else 's'}", None
        case events.FollowUpReAudited():
            found = "resolved" if event.resolved else "no better, escalated again"
            return f"Audited again as {event.reference}: {found}", None
        case events.FollowUpEnded():
            return "Nothing left to follow up", None
        case events.FollowUpPolicySet():
            return f"Set version {event.policy_version} of the clocks of follow-ups", None
        case _:
            return None
