"""The lines of the policy table about lists that are taken out."""

from __future__ import annotations

from qa.core.policy_lines import (
    OPERATOR,
    PolicyLine,
    read_by_staff,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *read_by_staff("export"),
    PolicyLine(("export",), Role.SYSTEM, OPERATOR),
)
