"""`caseloop report quarterly`: a quarterly report as it stands, on a terminal or as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from api.reports.command import report_command
from api.reports.query import QuestionPart


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterlyQuery:
    """What a quarterly report is asked: everything else is on record with it."""

    report: Annotated[str, QuestionPart("Report", "The id of the quarterly report.")]


COMMANDS = (
    report_command(
        "quarterly",
        QuarterlyQuery,
        {},
        "A quarterly report as it stands: the figures of each of its sections.",
    ),
)
