"""The lines of the policy table about audit tools: who keeps them and who reads them."""

from __future__ import annotations

from qa.core.policy_lines import (
    ADMINISTRATORS_MANAGE,
    FIGURE_READERS,
    INSPECTORS_READ,
    LEADS_KEEP,
    MANAGERS_READ,
    OPERATOR,
    STAFF_READ,
    PolicyLine,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("edit-tool", "publish-tool"), Role.QA_LEAD, LEADS_KEEP, council=True),
    PolicyLine(("read-tool",), Role.INSPECTOR, INSPECTORS_READ),
    PolicyLine(("read-tool",), Role.TEAM_MANAGER, MANAGERS_READ),
    *(PolicyLine(("read-tool",), role, STAFF_READ) for role in FIGURE_READERS),
    PolicyLine(("read-tool",), Role.ADMINISTRATOR, ADMINISTRATORS_MANAGE),
    PolicyLine(("edit-tool", "publish-tool"), Role.SYSTEM, OPERATOR, council=True),
)
