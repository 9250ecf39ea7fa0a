"""The lines of the policy table about indicators: QA leads keep them, staff read them."""

from __future__ import annotations

from qa.core.policy_lines import FIGURE_READERS, PolicyLine, each_role
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("run-indicators",), Role.QA_LEAD, "QA leads keep the indicators.", council=True),
    PolicyLine(
        ("read-indicators",),
        Role.INSPECTOR,
        "Inspectors of the whole council read its indicators.",
        council=True,
    ),
    *each_role(("read-indicators",), FIGURE_READERS, "Staff read the council’s indicators."),
)
