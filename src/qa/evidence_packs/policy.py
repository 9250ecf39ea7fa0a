"""The lines of the policy table about evidence packs."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = tuple(
    PolicyLine(
        ("make-pack",), role, "People who answer for records download them with their proof."
    )
    for role in (Role.QA_LEAD, Role.TEAM_MANAGER, Role.READER, Role.INSPECTOR)
)
