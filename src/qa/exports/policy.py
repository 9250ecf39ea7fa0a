"""The lines of the policy table about lists that are taken out."""

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
    PolicyLine(("export",), Role.INSPECTOR, INSPECTORS_READ),
    PolicyLine(("export",), Role.TEAM_MANAGER, MANAGERS_READ),
    *(PolicyLine(("export",), role, STAFF_READ) for role in FIGURE_READERS),
    PolicyLine(("export",), Role.SYSTEM, OPERATOR),
)
