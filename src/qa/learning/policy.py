"""The lines of the policy table about learning themes: everybody learns, QA leads keep them."""

from __future__ import annotations

from qa.core.policy_lines import STAFF, PolicyLine
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("keep-learning",),
        Role.QA_LEAD,
        "QA leads keep learning themes and good practice.",
        council=True,
    ),
    *(
        PolicyLine(
            ("read-learning",),
            role,
            "Everybody reads learning themes and good practice; they name nobody.",
            anywhere=True,
        )
        for role in STAFF
    ),
    PolicyLine(
        ("read-learning",),
        Role.INSPECTOR,
        "Inspectors of the whole council read what it learns.",
        council=True,
    ),
)
