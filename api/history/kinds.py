"""What a history can be of, and what opens it."""

from __future__ import annotations

from enum import StrEnum


class RecordKind(StrEnum):
    """What a history can be of."""

    AUDIT = "audit"
    MODERATION = "moderation"
    ACTION = "action"
    CHILD = "child"
    TOOL = "tool"
    SCALE = "scale"
    TEAM = "team"
    SERVICE = "service"
    PERSON = "person"
    WORK = "work"
    IMPORT = "import"
    POLICY = "policy"
    INSPECTION = "inspection"
    INDICATOR = "indicator"
    PUBLISHED = "published-report"
    PLAN = "plan"
    PLAN_ACTION = "plan-action"
    RAG_SCALE = "rag-scale"
    LEARNING_THEME = "learning-theme"
    SUPERVISION = "supervision"
    SUPERVISION_CHECK = "supervision-check"


OF_AUDIT = ("action:", "safeguarding:", "follow-up:", "response:")
"""How the streams begin that may belong to an audit; `case_history.belongs_to` knows to which."""

OPENED_BY = {
    "team": "read-people",
    "service": "read-people",
    "import": "import",
    "inspection": "run-inspection",
    "indicator": "read-indicators",
    "published-report": "read-report",
    "plan": "read-plan",
    "plan-action": "read-plan",
    "rag-scale": "read-plan",
    "learning-theme": "read-learning",
}
"""What opens a record of the council, where it is not what opens its tools."""
