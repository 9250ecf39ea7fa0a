"""The lines of the policy table about supervision: the pair, their line and QA, and nobody else."""

from __future__ import annotations

from qa.core.policy_lines import (
    STAFF,
    PolicyLine,
    assigned_moderator,
    contributes,
    in_their_line,
    own_audit,
    own_work,
)
from qa.core.words import Role

CHECKERS = (Role.AUDITOR, Role.MODERATOR, Role.QA_LEAD, Role.TEAM_MANAGER)
"""Whoever is asked to check or to moderate a check holds one of these roles."""

LINES: tuple[PolicyLine, ...] = (
    *(
        line
        for role in STAFF
        for line in (
            PolicyLine(
                ("read-supervision",),
                role,
                "Practitioners read what is on record of their supervision.",
                own_work,
                anywhere=True,
            ),
            PolicyLine(
                ("read-supervision", "record-supervision"),
                role,
                "Supervisors record and read the supervision that they give.",
                contributes,
                anywhere=True,
            ),
            PolicyLine(
                ("read-supervision",),
                role,
                "Managers read the supervision of their line.",
                in_their_line,
                anywhere=True,
            ),
        )
    ),
    *(
        line
        for role in CHECKERS
        for line in (
            PolicyLine(
                ("read-supervision", "make-check", "give-feedback"),
                role,
                "The checker of supervision reads and judges it, and gives the pair feedback.",
                own_audit,
                anywhere=True,
            ),
            PolicyLine(
                ("read-supervision", "moderate-check"),
                role,
                "The moderator of a check reads it and gives grades of their own.",
                assigned_moderator,
                anywhere=True,
            ),
        )
    ),
    PolicyLine(
        ("run-supervision",),
        Role.TEAM_MANAGER,
        "Managers say whom in their teams they themselves supervise, and how often.",
        contributes,
    ),
    PolicyLine(
        (
            "read-supervision",
            "record-supervision",
            "run-supervision",
            "run-checks",
            "give-feedback",
        ),
        Role.QA_LEAD,
        "QA leads keep supervision and its checks for their part of the council.",
    ),
)
