"""The lines of the policy table about quarterly reports that are being written."""

from __future__ import annotations

from qa.core.policy_lines import FIGURE_READERS, PolicyLine, own_work
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        (
            "keep-quarterly-report",
            "read-quarterly-report",
            "comment-quarterly-report",
            "return-quarterly-report",
        ),
        Role.QA_LEAD,
        "QA leads compose the quarterly report.",
        council=True,
    ),
    *(
        PolicyLine(
            ("read-quarterly-report", verb),
            role,
            "People who write beside a section, or review it, read the draft.",
            when=own_work,
            anywhere=True,
        )
        for role in FIGURE_READERS
        for verb in (
            "comment-quarterly-report",
            "review-quarterly-report",
            "return-quarterly-report",
        )
    ),
)
