"""`caseloop report indicators`: every indicator, or one, as known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from api.reports.command import report_command
from api.reports.query import QuestionPart


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsQuery:
    indicator: Annotated[str | None, QuestionPart("Indicator", "One indicator, by its id.")] = None
    start: Annotated[date | None, QuestionPart("From", "First day shown.", "from")] = None
    end: Annotated[date | None, QuestionPart("To", "Last day shown.", "to")] = None


COMMANDS = report_command(
    "indicators",
    IndicatorsQuery,
    {},
    "Where indicators stand: values by period, direction, target, and what is missing.",
)
