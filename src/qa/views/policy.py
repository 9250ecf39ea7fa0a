"""The lines of the policy table about named views. A view opens nothing: whoever follows one sees
of its list what they may see without it."""

from __future__ import annotations

from qa.core.policy_lines import STAFF, PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *(
        PolicyLine(
            ("keep-view",), role, "Everybody keeps lists under names of their own.", anywhere=True
        )
        for role in STAFF
    ),
    *(
        PolicyLine(
            ("share-view",), role, "QA leads and managers share a list with a role.", anywhere=True
        )
        for role in (Role.QA_LEAD, Role.TEAM_MANAGER)
    ),
)
