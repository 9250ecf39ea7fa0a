"""The line of the policy table about a child's references."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("join-children",),
        Role.QA_LEAD,
        "QA leads of every part that holds records of a child say that two references are that "
        "child's, and undo it.",
    ),
)
