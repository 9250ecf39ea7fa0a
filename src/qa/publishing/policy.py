"""The lines of the policy table about published reports."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine
from qa.core.words import Role

LINES = PolicyLine(
    ("publish-report",),
    Role.QA_LEAD,
    "QA leads publish reports, comment on them, and say when figures have changed.",
    council=True,
)
