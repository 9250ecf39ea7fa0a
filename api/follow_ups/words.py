"""What follow-ups of inadequate audits, and the fields of their events, are called."""

from __future__ import annotations

from collections.abc import Mapping

LABELS = {
    "actions_within_working_days": "Working days to do the actions",
    "clocks.actions_by": "Actions to be done by",
    "clocks.escalate_by": "To be escalated by",
    "clocks.plan_by": "Plan to be agreed by",
    "clocks.re_audit_by": "To be audited again by",
    "escalate_within_working_days": "Working days to escalate",
    "follow_up_ended": "Ended because",
    "follow_up_owner": "Head of service",
    "follow_up_plan": "Plan",
    "plan_within_working_days": "Working days to agree a plan",
    "re_audit_grade": "Grade of the re-audit",
    "re_audit_reference": "Re-audit",
    "re_audit_within_days": "Days until another auditor’s judgement",
    "resolved": "Resolved",
}
CAUSES = {
    "grade-changed": "The grade changed",
    "audit-withdrawn": "The audit was withdrawn",
    "audit-voided": "The audit was declared void",
}
CODED: dict[str, Mapping[str, str]] = {"follow_up_ended": CAUSES}
OWED = {
    "escalate": "To be escalated",
    "plan": "Plan to be agreed",
    "actions": "Actions to be done",
    "re-audit": "To be audited again",
}
