"""The lines of the policy table about import batches."""

from __future__ import annotations

from qa.core.policy_lines import ADMINISTRATORS_MANAGE, LEADS_KEEP, OPERATOR, PolicyLine
from qa.core.words import Role

FILES = ("send-file", "import-teams")

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("import", "reverse-import", *FILES), Role.QA_LEAD, LEADS_KEEP),
    PolicyLine(FILES, Role.ADMINISTRATOR, ADMINISTRATORS_MANAGE, council=True),
    PolicyLine(("import", "reverse-import", *FILES), Role.SYSTEM, OPERATOR),
)
