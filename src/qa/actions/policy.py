"""The lines of the policy table about actions: who does, moves, checks and sees them."""

from __future__ import annotations

from qa.core.policy_lines import (
    STAFF,
    PolicyLine,
    contributes,
    each_role,
    in_their_line,
    own_audit,
    own_work,
    stands_in,
)
from qa.core.words import Role

JUDGEMENT_VERBS = ("read-action",)

LINES: tuple[PolicyLine, ...] = (
    *(
        line
        for role in STAFF
        for line in (
            PolicyLine(
                ("read-action", "work-action", "note-progress", "name-contributors"),
                role,
                "The owner of an action answers for it.",
                own_work,
                anywhere=True,
            ),
            PolicyLine(
                ("read-action", "work-action", "note-progress"),
                role,
                "A deputy answers for the owner’s actions while they stand in.",
                stands_in,
                anywhere=True,
            ),
            PolicyLine(
                ("read-action", "note-progress"),
                role,
                "People who contribute to an action see it and say how it goes.",
                contributes,
                anywhere=True,
            ),
            PolicyLine(
                ("read-action",),
                role,
                "Line managers see the actions of their people.",
                in_their_line,
                anywhere=True,
            ),
        )
    ),
    PolicyLine(
        ("read-action", "correct-action", "check-evidence", "verify-impact"),
        Role.AUDITOR,
        "Auditors put right, see through and check the actions they raised.",
        own_audit,
        anywhere=True,
    ),
    *each_role(
        ("read-action", "raise-action", "check-evidence", "verify-impact"),
        (Role.QA_LEAD, Role.MODERATOR, Role.TEAM_MANAGER),
        "QA leads, moderators and managers raise actions and check that loops close.",
    ),
    *each_role(
        ("run-action", "correct-action", "name-contributors"),
        (Role.QA_LEAD, Role.TEAM_MANAGER),
        "QA leads and managers move, hand over and end the actions of their part.",
    ),
    *each_role(
        ("read-action",),
        (Role.READER, Role.INSPECTOR),
        "Readers and inspectors see the actions of their scope.",
    ),
)
