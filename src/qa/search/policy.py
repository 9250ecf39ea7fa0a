"""The lines of the policy table about search."""

from __future__ import annotations

from qa.core.policy_lines import (
    FIGURE_READERS,
    INSPECTORS_READ,
    MANAGERS_READ,
    STAFF_READ,
    PolicyLine,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("search",), Role.INSPECTOR, INSPECTORS_READ),
    PolicyLine(("search",), Role.TEAM_MANAGER, MANAGERS_READ),
    *(PolicyLine(("search",), role, STAFF_READ) for role in FIGURE_READERS),
)
