"""The lines of the policy table about improvement plans: who keeps, reads and approves."""

from __future__ import annotations

from qa.core.policy_lines import FIGURE_READERS, OPERATOR, PolicyLine, each_role
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *each_role(("read-plan",), (*FIGURE_READERS, Role.SYSTEM), "Staff read the improvement plans."),
    PolicyLine(
        ("read-plan",),
        Role.INSPECTOR,
        "Inspectors whose room covers the whole council read its improvement plans.",
        council=True,
    ),
    PolicyLine(
        ("run-plan", "keep-rag-scale"),
        Role.QA_LEAD,
        "QA leads keep improvement plans, their scales, ratings and meetings.",
        council=True,
    ),
    PolicyLine(("keep-rag-scale",), Role.SYSTEM, OPERATOR),
    *each_role(
        ("approve-reschedule",),
        (Role.QA_LEAD, Role.MODERATOR),
        "QA leads and moderators approve dates that somebody else requested.",
        council=True,
    ),
)
