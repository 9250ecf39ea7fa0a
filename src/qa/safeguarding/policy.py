"""The lines of the policy table about immediate safeguarding concerns."""

from __future__ import annotations

from qa.core.policy_lines import (
    PolicyLine,
    assigned_moderator,
    contributes,
    each_role,
    own_audit,
    own_work,
    submitted,
)
from qa.core.words import Role

JUDGEMENT_VERBS = ("read-concern",)

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("raise-concern",),
        Role.AUDITOR,
        "Auditors raise a concern from an audit of theirs at any moment.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        ("raise-concern",),
        Role.MODERATOR,
        "The assigned moderator raises a concern from the audit.",
        assigned_moderator,
        anywhere=True,
    ),
    *each_role(
        ("raise-concern",),
        (Role.MODERATOR, Role.TEAM_MANAGER),
        "People who read a submitted audit of their part raise a concern from it.",
        submitted,
    ),
    PolicyLine(
        ("raise-concern",), Role.QA_LEAD, "QA leads raise concerns and see that they are heard."
    ),
    *(
        line
        for role in (Role.AUDITOR, Role.MODERATOR, Role.QA_LEAD, Role.TEAM_MANAGER)
        for line in (
            PolicyLine(
                ("read-concern", "tell-manager"),
                role,
                "The person who raised a concern tells a manager and sees what becomes of it.",
                own_work,
                anywhere=True,
            ),
            PolicyLine(
                ("read-concern", "acknowledge-concern", "tell-manager"),
                role,
                "Managers who are named for a concern see it and acknowledge it.",
                contributes,
                anywhere=True,
            ),
        )
    ),
    *each_role(
        ("read-concern", "answer-concern"),
        (Role.MODERATOR, Role.TEAM_MANAGER, Role.QA_LEAD),
        "Managers, moderators and QA leads can be named for concerns of their part.",
    ),
    PolicyLine(("tell-manager",), Role.QA_LEAD, "QA leads make sure that a manager knows."),
    PolicyLine(
        ("read-concern",),
        Role.INSPECTOR,
        "Inspectors see the concerns of the audits within the scope of their room.",
    ),
    PolicyLine(("escalate-concern",), Role.SYSTEM, "Caseloop escalates what nobody acknowledges."),
)
