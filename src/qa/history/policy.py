"""The lines of the policy table about what somebody did (themselves, their line, QA) and about all
that was recorded."""

from __future__ import annotations

from qa.core.policy_lines import INSPECTORS_READ, STAFF, PolicyLine, in_their_line, own_work
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("read-work", "read-log"), Role.INSPECTOR, INSPECTORS_READ),
    PolicyLine(("read-log",), Role.QA_LEAD, "QA leads search all that was recorded of their part."),
    *(
        line
        for role in STAFF
        for line in (
            PolicyLine(
                ("read-work",),
                role,
                "Everybody reads what they themselves did.",
                own_work,
                anywhere=True,
            ),
            PolicyLine(
                ("read-work",),
                role,
                "Line managers read what their people did.",
                in_their_line,
                anywhere=True,
            ),
        )
    ),
    PolicyLine(("read-work",), Role.QA_LEAD, "QA leads read what the people of their part did."),
)
