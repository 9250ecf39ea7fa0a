"""`caseloop report supervision`: sessions held in time, and what checks found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from api.reports.command import report_command
from api.reports.query import AskedPart, ReportQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionQuery(ReportQuery):
    dimension: Annotated[str, AskedPart("Cut by", "Cut by team, service or standard.", "cut")] = ""
    team: Annotated[str, AskedPart("Team", "Only this team (code).")] = ""
    service: Annotated[str, AskedPart("Service", "Only this service (code).")] = ""


COMMANDS = report_command(
    "supervision",
    SupervisionQuery,
    {
        "supervision_timeliness_rate": "supervision timeliness",
        "reflection_evidenced_rate": "reflection evidenced",
        "check_agreement_rate": "check agreement",
        "case_supervision_recency": "case supervision recency",
    },
    "Supervision in figures: nobody is named.",
)
