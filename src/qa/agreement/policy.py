"""The lines of the policy table about reports: whoever reads figures."""

from __future__ import annotations

from qa.core.policy_lines import (
    FIGURE_READERS,
    MANAGERS_READ,
    OPERATOR,
    STAFF_READ,
    PolicyLine,
    each_role,
    read_by_staff,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *read_by_staff("read-report"),
    PolicyLine(("read-report", "read-council-figures"), Role.SYSTEM, OPERATOR),
    PolicyLine(
        ("read-council-figures",),
        Role.INSPECTOR,
        "Inspectors whose room covers the whole council read its published reports, and figures "
        "that can be told of the whole alone.",
        council=True,
    ),
    *(
        PolicyLine(("read-council-figures",), role, why)
        for role, why in (
            (Role.TEAM_MANAGER, MANAGERS_READ),
            *((each, STAFF_READ) for each in FIGURE_READERS),
        )
    ),
    *each_role(
        ("read-named-figures",),
        (Role.QA_LEAD, Role.MODERATOR),
        "QA leads and moderators see figures of their part by colleague; others their own.",
    ),
)
