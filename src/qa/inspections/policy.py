"""The lines of the policy table about inspectors’ rooms: who opens one, asks and answers in it."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, each_role, own_work
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("ask-in-inspection", "keep-inspection-notes"),
        Role.INSPECTOR,
        "Inspectors keep notes of their own and ask questions in their room.",
        own_work,
        anywhere=True,
    ),
    *each_role(
        ("run-inspection", "answer-in-inspection"),
        (Role.QA_LEAD, Role.ADMINISTRATOR),
        "QA leads and administrators open and close inspectors’ rooms and answer in them.",
    ),
)
