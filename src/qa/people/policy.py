"""The lines of the policy table about people, their accounts and their roles."""

from __future__ import annotations

from qa.core.policy_lines import ADMINISTRATORS_MANAGE, LEADS_KEEP, OPERATOR, PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("read-people",), Role.QA_LEAD, "QA leads see who there is to allocate to."),
    PolicyLine(("join-people",), Role.QA_LEAD, LEADS_KEEP),
    PolicyLine(
        ("manage-people", "read-people"), Role.ADMINISTRATOR, ADMINISTRATORS_MANAGE, council=True
    ),
    PolicyLine(("manage-people", "join-people"), Role.SYSTEM, OPERATOR, council=True),
)
