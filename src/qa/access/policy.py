"""The lines of the policy table about the access log."""

from __future__ import annotations

from qa.core.policy_lines import ADMINISTRATORS_MANAGE, PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("read-access-log",), Role.ADMINISTRATOR, ADMINISTRATORS_MANAGE, council=True),
    PolicyLine(
        ("read-access-log",), Role.QA_LEAD, "QA leads see who looked at the records of their part."
    ),
)
