"""Every fact type there is: importing any of them makes the whole closed register known."""

from qa.actions import events as action
from qa.audit_tools import events as audit_tool
from qa.audits import events as case_audit
from qa.follow_ups import events as follow_up
from qa.imports import events as imports
from qa.indicators import events as indicator
from qa.inspections import events as inspection
from qa.learning import events as learning
from qa.moderation import events as moderation
from qa.notifications import events as reminder
from qa.people import events as people
from qa.plans import action_events as plan_action
from qa.plans import events as improvement_plan
from qa.practitioners import events as practitioner_response
from qa.publishing import events as published
from qa.safeguarding import events as safeguarding
from qa.supervision import check_events as supervision_check
from qa.supervision import events as supervision

__all__ = [
    "action",
    "audit_tool",
    "case_audit",
    "follow_up",
    "imports",
    "improvement_plan",
    "indicator",
    "inspection",
    "learning",
    "moderation",
    "people",
    "plan_action",
    "practitioner_response",
    "published",
    "reminder",
    "safeguarding",
    "supervision",
    "supervision_check",
]
