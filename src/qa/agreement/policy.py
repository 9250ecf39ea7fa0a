"""The lines of the policy table about reports: whoever reads figures."""

from __future__ import annotations

from qa.core.policy_lines import (
    FIGURE_READERS,
    INSPECTORS_READ,
    MANAGERS_READ,
    OPERATOR,
    STAFF_READ,
    PolicyLine,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("read-report",), Role.INSPECTOR, INSPECTORS_READ),
    PolicyLine(("read-report",), Role.TEAM_MANAGER, MANAGERS_READ),
    *(PolicyLine(("read-report",), role, STAFF_READ) for role in FIGURE_READERS),
    PolicyLine(("read-report",), Role.SYSTEM, OPERATOR),
    *(
        PolicyLine(
            ("read-named-figures",),
            role,
            "QA leads and moderators see figures of their part by colleague; others their own.",
        )
        for role in (Role.QA_LEAD, Role.MODERATOR)
    ),
)
