"""The lines of the policy table about moderation: selected, judged blind, settled, disputed."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, assigned_moderator, deciding, each_role, own_audit
from qa.core.words import Role

MODERATING_VERBS = ("record-moderation",)
REVEALING_VERBS = ("assign-moderation",)

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("hold-conversation", "reconcile-grade", "dispute-grade"),
        Role.AUDITOR,
        "The auditor talks a difference over, agrees a grade, or disputes it.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        ("record-moderation", "unblind-moderation"),
        Role.MODERATOR,
        "The assigned moderator gives their own judgement.",
        assigned_moderator,
        anywhere=True,
    ),
    PolicyLine(
        ("hold-conversation", "reconcile-grade", "dispute-grade"),
        Role.MODERATOR,
        "The assigned moderator reads the audit, returns it, and settles a difference.",
        assigned_moderator,
        anywhere=True,
    ),
    *each_role(
        ("decide-dispute",),
        (Role.MODERATOR, Role.QA_LEAD),
        "The decider named for a dispute reads the audit and decides.",
        deciding,
        anywhere=True,
    ),
    PolicyLine(
        (
            "select-moderation",
            "assign-moderation",
            "cancel-moderation",
            "assign-dispute",
            "dispute-grade",
        ),
        Role.QA_LEAD,
        "QA leads run the audits and moderations of their part of the council.",
    ),
)
