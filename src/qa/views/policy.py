"""The lines of the policy table about named views. A view opens nothing: whoever follows one sees
of its list what they may see without it."""

from __future__ import annotations

from qa.core.policy_lines import STAFF, PolicyLine, each_role
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *each_role(
        ("keep-view",), STAFF, "Everybody keeps lists under names of their own.", anywhere=True
    ),
    *each_role(
        ("share-view",),
        (Role.QA_LEAD, Role.TEAM_MANAGER),
        "QA leads and managers share a list with a role.",
        anywhere=True,
    ),
)
