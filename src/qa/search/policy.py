"""The lines of the policy table about search."""

from __future__ import annotations

from qa.core.policy_lines import read_by_staff

LINES = read_by_staff("search")
