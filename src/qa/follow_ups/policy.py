"""The lines of the policy table about what follows an inadequate audit."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, each_role, submitted
from qa.core.words import Role

JUDGEMENT_VERBS = ("run-follow-up",)

LINES: tuple[PolicyLine, ...] = (
    *each_role(
        ("run-follow-up",),
        (Role.QA_LEAD, Role.MODERATOR, Role.TEAM_MANAGER),
        "QA leads, moderators and managers see inadequate audits of their part put right.",
        submitted,
    ),
    *each_role(
        ("own-follow-up",),
        (Role.QA_LEAD, Role.MODERATOR),
        "Heads of service and QA leads answer for inadequate audits of their part.",
    ),
)
