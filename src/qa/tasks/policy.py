"""The lines of the policy table about the work of people: who sees what waits, who stands in."""

from __future__ import annotations

from qa.core.policy_lines import STAFF, PolicyLine, each_role, in_their_line, own_work
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *(
        line
        for role in STAFF
        for line in (
            PolicyLine(
                ("name-deputy",),
                role,
                "Everybody names who stands in for them.",
                own_work,
                anywhere=True,
            ),
            PolicyLine(
                ("name-deputy", "read-team-work"),
                role,
                "Line managers see how many tasks their people have, and name who stands in.",
                in_their_line,
                anywhere=True,
            ),
        )
    ),
    *each_role(
        ("read-team-work",),
        (Role.TEAM_MANAGER, Role.QA_LEAD),
        "Managers and QA leads see how many tasks the people of their part have.",
    ),
    PolicyLine(
        ("name-deputy",), Role.ADMINISTRATOR, "Administrators name a deputy in an emergency."
    ),
)
