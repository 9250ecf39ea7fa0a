"""The lines of the policy table about self-evaluations. Evidence is shown by the rights to it."""

from __future__ import annotations

from qa.core.policy_lines import FIGURE_READERS, PolicyLine, each_role, own_work
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("keep-self-evaluation", "return-self-evaluation"),
        Role.QA_LEAD,
        "QA leads write the self-evaluation.",
        council=True,
    ),
    *each_role(
        ("read-self-evaluation",),
        FIGURE_READERS,
        "Staff who read figures read the self-evaluation.",
    ),
    *each_role(
        ("review-self-evaluation", "return-self-evaluation"),
        FIGURE_READERS,
        "The person who was asked to review the self-evaluation agrees it or sends it back.",
        when=own_work,
        anywhere=True,
    ),
)
