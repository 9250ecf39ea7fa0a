"""The lines of the policy table about search."""

from __future__ import annotations

from qa.core.policy_lines import each_role, read_by_staff
from qa.core.words import Role

LINES = (
    *read_by_staff("search"),
    *each_role(
        ("search",),
        (Role.PRACTITIONER, Role.ADMINISTRATOR),
        "Everybody finds what their own lists show.",
    ),
)
