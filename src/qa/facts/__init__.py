"""Every fact type there is: importing any of them makes the whole closed register known."""

from qa.facts import (
    action,
    audit_tool,
    case_audit,
    follow_up,
    imports,
    improvement_plan,
    indicator,
    inspection,
    learning,
    moderation,
    people,
    plan_action,
    practitioner_response,
    published,
    reminder,
    safeguarding,
)

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
]
