"""The lines of the policy table about self-evaluations. Evidence is shown by the rights to it."""

from __future__ import annotations

from qa.core.policy_lines import FIGURE_READERS, PolicyLine, own_work
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("keep-self-evaluation", "return-self-evaluation"),
        Role.QA_LEAD,
        "QA leads write the self-evaluation.",
        council=True,
    ),
    *(
        PolicyLine(
            ("read-self-evaluation",),
            role,
            "Staff who read figures read the self-evaluation.",
        )
        for role in FIGURE_READERS
    ),
    *(
        PolicyLine(
            ("review-self-evaluation", "return-self-evaluation"),
            role,
            "The person who was asked to review the self-evaluation agrees it or sends it back.",
            when=own_work,
            anywhere=True,
        )
        for role in FIGURE_READERS
    ),
)
