"""The lines of the policy table about learning themes: everybody learns, QA leads keep them."""

from __future__ import annotations

from qa.core.policy_lines import STAFF, PolicyLine, each_role
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("keep-learning",),
        Role.QA_LEAD,
        "QA leads keep learning themes and good practice.",
        council=True,
    ),
    *each_role(
        ("read-learning",),
        STAFF,
        "Everybody reads learning themes and good practice; they name nobody.",
        anywhere=True,
    ),
    PolicyLine(
        ("read-learning",),
        Role.INSPECTOR,
        "Inspectors of the whole council read what it learns.",
        council=True,
    ),
)
