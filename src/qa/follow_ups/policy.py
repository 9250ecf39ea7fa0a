"""The lines of the policy table about what follows an inadequate audit."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, submitted
from qa.core.words import Role

JUDGEMENT_VERBS = ("run-follow-up",)

LINES: tuple[PolicyLine, ...] = (
    *(
        PolicyLine(
            ("run-follow-up",),
            role,
            "QA leads, moderators and managers see inadequate audits of their part put right.",
            submitted,
        )
        for role in (Role.QA_LEAD, Role.MODERATOR, Role.TEAM_MANAGER)
    ),
    *(
        PolicyLine(
            ("own-follow-up",),
            role,
            "Heads of service and QA leads answer for inadequate audits of their part.",
        )
        for role in (Role.QA_LEAD, Role.MODERATOR)
    ),
)
