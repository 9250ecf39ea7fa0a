"""`caseloop report learning-theme`: a theme from learning to effect, on a terminal or as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from api.reports.command import report_command
from api.reports.query import QuestionPart


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeQuery:
    theme: Annotated[str, QuestionPart("Learning theme", "The id of the theme.")]


COMMANDS = (
    report_command(
        "learning-theme",
        ThemeQuery,
        {
            "findings": "Findings",
            "shared": "Shared",
            "practice_changes": "Practice changes",
            "re_audits": "Audits that looked again",
            "loop_closed_rate": "Actions with the effect wanted",
        },
        "A learning theme: what it gathers, what was done, and what became of its actions.",
    ),
)
