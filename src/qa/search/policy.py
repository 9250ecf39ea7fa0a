"""The lines of the policy table about search."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, read_by_staff
from qa.core.words import Role

LINES = (
    *read_by_staff("search"),
    *(
        PolicyLine(("search",), role, "Everybody finds what their own lists show.")
        for role in (Role.PRACTITIONER, Role.ADMINISTRATOR)
    ),
)
