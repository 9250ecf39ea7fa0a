"""The lines of the policy table about restricted records: who restricts, and who breaks the glass.

Who reads a restricted record is no line: whatever a line allows, a restriction takes away again
from whoever is not named.
"""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, each_role
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("restrict-record",),
        Role.QA_LEAD,
        "QA leads restrict the records of children of their part to people they name.",
    ),
    *each_role(
        ("break-glass",),
        (Role.QA_LEAD, Role.TEAM_MANAGER, Role.MODERATOR, Role.AUDITOR),
        "People whom only a restriction keeps from a child’s records can break the glass: "
        "with a reason, for a short time, and others are told.",
    ),
)
