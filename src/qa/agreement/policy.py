"""The lines of the policy table about reports: whoever reads figures."""

from __future__ import annotations

from qa.core.policy_lines import (
    OPERATOR,
    PolicyLine,
    read_by_staff,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *read_by_staff("read-report"),
    PolicyLine(("read-report",), Role.SYSTEM, OPERATOR),
    *(
        PolicyLine(
            ("read-named-figures",),
            role,
            "QA leads and moderators see figures of their part by colleague; others their own.",
        )
        for role in (Role.QA_LEAD, Role.MODERATOR)
    ),
)
