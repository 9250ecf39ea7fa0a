"""The clocks of actions: a versioned policy of the council, with the defaults Caseloop ships."""

from __future__ import annotations

from datetime import date, timedelta

from qa.actions.commands import SetActionPolicy
from qa.actions.events import ActionPolicySet
from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Fault, refuse_any
from qa.core.event import Event

ACTION_POLICY_STREAM = "action-policy"

DEFAULT_ACTION_POLICY = ActionPolicySet(
    policy_version=0,
    accept_within_working_days=5,
    check_evidence_within_working_days=10,
    impact_after_days=56,
    impact_within_days=84,
    reopen_within_days=365,
    evidence_of_compliance=("case-record", "document"),
    evidence_of_practice=("supervision-note", "practice-seen", "case-record"),
    evidence_of_outcome=("family-feedback", "practice-seen", "case-record"),
)
"""In force until a QA lead sets another: impact is looked for 8 to 12 weeks after the evidence was
accepted, and what fails again within a year reopens the loop. A document shows that a procedure
was kept, and neither that practice changed nor that it reached the child."""

EVIDENCE_FIELDS = ("evidence_of_compliance", "evidence_of_practice", "evidence_of_outcome")


def set_action_policy(current: ActionPolicySet, command: SetActionPolicy) -> list[Event]:
    """Set a new version; clocks that already run keep the dates they were given.

    Raises:
        Refused: a number out of its range, an impact check that ends before it can begin, or no
            evidence that does.
    """
    faults = command.faults()
    if not faults and command.impact_within_days < command.impact_after_days:
        sentence = "Impact cannot be owed before it can be checked."
        faults.append(Fault("impact_within_days", "days-reversed", sentence))
    for field in EVIDENCE_FIELDS:
        if not getattr(command, field):
            faults.append(Fault(field, "evidence-none", "Choose what shows that it was done."))
    refuse_any(faults)
    return [ActionPolicySet(policy_version=current.policy_version + 1, **dict(command))]


def accept_by(policy: ActionPolicySet, today: date, calendar: WorkingDays = ENGLAND) -> date:
    """The day by which an owner accepts or challenges an action that reaches them today."""
    return add_working_days(today, policy.accept_within_working_days, calendar)


def check_by(policy: ActionPolicySet, today: date, calendar: WorkingDays = ENGLAND) -> date:
    """The day by which evidence that is claimed today is accepted or returned."""
    return add_working_days(today, policy.check_evidence_within_working_days, calendar)


def impact_window(policy: ActionPolicySet, today: date) -> tuple[date, date]:
    """From when impact can be checked, and by when it should be, after evidence accepted today."""
    return (
        today + timedelta(days=policy.impact_after_days),
        today + timedelta(days=policy.impact_within_days),
    )
