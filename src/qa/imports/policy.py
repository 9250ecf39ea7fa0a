"""The lines of the policy table about import batches."""

from __future__ import annotations

from qa.core.policy_lines import LEADS_KEEP, OPERATOR, PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("import", "reverse-import"), Role.QA_LEAD, LEADS_KEEP),
    PolicyLine(("import", "reverse-import"), Role.SYSTEM, OPERATOR),
)
