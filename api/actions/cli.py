"""`caseloop report closing-the-loop`: what became of actions, for a terminal, a machine or a file;
and `caseloop import actions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from api.cli.commands import CliCommand
from api.imports.import_command import Given, bring_in, import_command
from api.reports.command import report_command
from api.reports.query import QuestionPart, ReportQuery, Several


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopQuery(ReportQuery):
    dimension: Annotated[
        Several,
        QuestionPart(
            "Broken down by",
            "Break down by team, service, kind, source, domain, area or theme. Repeatable.",
        ),
    ] = ()
    team: Annotated[Several, QuestionPart("Team", "Only this team (code). Repeatable.")] = ()
    service: Annotated[
        Several, QuestionPart("Service", "Only this service (code). Repeatable.")
    ] = ()
    kind: Annotated[Several, QuestionPart("Kind", "Only this kind of action. Repeatable.")] = ()
    source: Annotated[
        Several, QuestionPart("Raised by", "Only what this raised, as case-audit. Repeatable.")
    ] = ()
    domain: Annotated[
        Several, QuestionPart("Domain", "Only findings of this domain (code). Repeatable.")
    ] = ()
    area: Annotated[
        Several, QuestionPart("Judgement area", "Only findings of this area. Repeatable.")
    ] = ()
    theme: Annotated[
        Several,
        QuestionPart(
            "Learning theme", "Only what belongs to this learning theme (id). Repeatable."
        ),
    ] = ()


def import_actions(given: Given) -> None:
    """Import the actions of audits and of teams, with the days of their steps."""
    bring_in("actions", given)


COMMANDS = (
    CliCommand("actions", import_command(import_actions), "import"),
    report_command(
        "closing-the-loop",
        LoopQuery,
        {
            "raised": "Raised",
            "evidenced": "Evidenced",
            "effective": "Effective",
            "overdue_by_first_date": "Overdue by first date",
            "action_completion_rate": "Done by first date",
            "loop_closed_rate": "Loop closed",
            "days_to_effect": "Days to effect",
        },
        "What became of actions, from finding to effect, and how long each step took.",
    ),
)
