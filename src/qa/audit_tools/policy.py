"""The lines of the policy table about audit tools: who keeps them and who reads them."""

from __future__ import annotations

from qa.core.policy_lines import (
    ADMINISTRATORS_MANAGE,
    LEADS_KEEP,
    OPERATOR,
    PolicyLine,
    read_by_staff,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("edit-tool", "publish-tool"), Role.QA_LEAD, LEADS_KEEP, council=True),
    *read_by_staff("read-tool"),
    PolicyLine(("read-tool",), Role.ADMINISTRATOR, ADMINISTRATORS_MANAGE),
    PolicyLine(("edit-tool", "publish-tool"), Role.SYSTEM, OPERATOR, council=True),
)
