"""The lines of the policy table about evidence packs."""

from __future__ import annotations

from qa.core.policy_lines import each_role
from qa.core.words import Role

LINES = each_role(
    ("make-pack",),
    (Role.QA_LEAD, Role.TEAM_MANAGER, Role.READER, Role.INSPECTOR),
    "People who answer for records download them with their proof.",
)
