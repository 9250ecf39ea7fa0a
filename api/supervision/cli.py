"""`caseloop report supervision`: sessions held in time, and what checks found; and
`caseloop import open-cases|sessions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of
from api.imports.import_command import Given, bring_in, import_command
from api.reports.command import report_command
from api.reports.query import QuestionPart, ReportQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionQuery(ReportQuery):
    dimension: Annotated[
        str, QuestionPart("Broken down by", "Break down by team, service or standard.", "cut")
    ] = ""
    team: Annotated[str, QuestionPart("Team", "Only this team (code).")] = ""
    service: Annotated[str, QuestionPart("Service", "Only this service (code).")] = ""


def open_cases(
    given: Given,
    on: Annotated[str, typer.Option("--on", help="Open at the end of this day, YYYY-MM-DD.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where the list comes from.")] = "",
) -> None:
    """Import the open cases, against which the supervision of cases is counted: our template, a
    child-level list of Annex A, or a table of the Standard Safeguarding Dataset."""
    from api.imports.about import AboutPlan

    bring_in("open-cases", given, about=AboutPlan(as_at=day_of(on or None, "--on"), source=source))


def sessions(given: Given) -> None:
    """Import supervision sessions that were held, or not, between pairs that are on record."""
    bring_in("sessions", given)


COMMANDS = (
    CliCommand("open-cases", import_command(open_cases), "import"),
    CliCommand("sessions", import_command(sessions), "import"),
    report_command(
        "supervision",
        SupervisionQuery,
        {
            "supervision_timeliness_rate": "supervision timeliness",
            "reflection_evidenced_rate": "reflection evidenced",
            "check_agreement_rate": "check agreement",
            "case_supervision_recency": "case supervision recency",
        },
        "Supervision in figures: nobody is named.",
    ),
)
