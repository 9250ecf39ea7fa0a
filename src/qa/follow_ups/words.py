"""How the events of follow-ups are told in history, and what their values are called."""

from __future__ import annotations

from collections.abc import Mapping

from qa.audits.words import overall_value
from qa.core.dates_in_words import day
from qa.core.event_words import EventWords, RoomWords, Statement
from qa.follow_ups import events
from qa.follow_ups.events import FollowUpStage

STAGE_LABELS: Mapping[FollowUpStage, str] = {
    FollowUpStage.RECORDED: "To be escalated",
    FollowUpStage.ESCALATED: "Plan to be agreed",
    FollowUpStage.PLANNED: "Plan agreed",
    FollowUpStage.RESOLVED: "Resolved by a re-audit",
    FollowUpStage.ENDED: "Ended: nothing left to follow up",
}


CAUSES = {
    "grade-changed": "The grade changed",
    "audit-withdrawn": "The audit was withdrawn",
    "audit-voided": "The audit was cancelled (entered in error)",
}
OWED = {
    "escalate": "To be escalated",
    "plan": "Plan to be agreed",
    "actions": "Actions to be done",
    "re-audit": "To be audited again",
}


def _planned(event: events.FollowUpPlanAgreed) -> str:
    number = len(event.actions)
    return f"Agreed a plan of {number} action{'' if number == 1 else 's'}"


def _re_audited(event: events.FollowUpReAudited) -> str:
    found = "resolved" if event.resolved else "no better, escalated again"
    return f"Audited again as {event.reference}: {found}"


HISTORY = RoomWords(
    codes={"follow_up_ended": CAUSES},
    values={"lowest_grade": overall_value},
    people=frozenset({"follow_up_owner"}),
    events=(
        EventWords(
            events.FollowUpOpened,
            lambda event: f"Inadequate: to be escalated by {day(event.clocks.escalate_by)}",
            paths={"grade": "lowest_grade"},
            hidden={"audit": "the audit that is followed up: the entry stands with it"},
            belongs=lambda stream, event: (stream, event.audit),
        ),
        EventWords(
            events.FollowUpEscalated,
            "Escalated to a head of service",
            about="owner",
            paths={"owner": "follow_up_owner"},
        ),
        EventWords(
            events.FollowUpTeamChanged,
            "Another team took over",
        ),
        EventWords(
            events.FollowUpPlanAgreed,
            _planned,
            paths={"plan": "follow_up_plan"},
            hidden={"actions": "the ids of actions with histories of their own"},
        ),
        EventWords(
            events.FollowUpReAudited,
            _re_audited,
            paths={"grade": "re_audit_grade", "reference": "re_audit_reference"},
            hidden={"re_audit": "the id of an audit with a history of its own"},
        ),
        EventWords(
            events.FollowUpEnded,
            "Nothing left to follow up",
            paths={"cause": "follow_up_ended"},
        ),
        EventWords(
            events.FollowUpPolicySet,
            lambda event: f"Set version {event.policy_version} of the time limits for follow-ups",
            statement=Statement("policy"),
        ),
    ),
)
