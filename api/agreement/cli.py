"""`caseloop report agreement|grades`: figures on a terminal, as JSON for machines, or as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from api.reports.command import report_command
from api.reports.query import QuestionPart, ReportQuery, Several


@dataclass(frozen=True, slots=True, kw_only=True)
class GradesQuery(ReportQuery):
    """`grade` is of the grade profile alone, `blind` and `moderator` of moderation."""

    dimension: Annotated[
        Several,
        QuestionPart("Broken down by", "Break down by team, service, tool, tool-version, domain, "
                  "area, auditor or moderator. Repeatable."),
    ] = ()  # fmt: skip
    cohort: Annotated[
        Literal["audit", "moderation", "submitted", "allocated"],
        QuestionPart("Counted by", "Which date counts: audit, moderation, submitted or allocated."),
    ] = "audit"
    blind: Annotated[
        Literal["yes", "no"] | None,
        QuestionPart("Moderations", "Only moderations that were truly blind, or were not.",
                  flag="--blind/--open"),
    ] = None  # fmt: skip
    team: Annotated[Several, QuestionPart("Team", "Only this team (code). Repeatable.")] = ()
    service: Annotated[
        Several, QuestionPart("Service", "Only this service (code). Repeatable.")
    ] = ()
    tool: Annotated[Several, QuestionPart("Audit tool", "Only this tool. Repeatable.")] = ()
    tool_version: Annotated[
        Several,
        QuestionPart("Audit tool", "Only this version, like whole-case-file@2. Repeatable."),
    ] = ()
    domain: Annotated[Several, QuestionPart("Domain", "Only this domain. Repeatable.")] = ()
    area: Annotated[Several, QuestionPart("Judgement area", "Only this area. Repeatable.")] = ()
    auditor: Annotated[Several, QuestionPart("Auditor", "Only this auditor (id). Repeatable.")] = ()
    moderator: Annotated[
        Several, QuestionPart("Moderator", "Only this moderator (id). Repeatable.")
    ] = ()
    grade: Annotated[
        Literal["auditor", "final"], QuestionPart("Grades", "Whose grade: auditor or final.")
    ] = "auditor"


COMMANDS = (
    report_command(
        "agreement",
        GradesQuery,
        {
            "audits_submitted": "Audits",
            "moderation_coverage_rate": "Moderated",
            "moderation_agreement_rate": "Agreed",
            "within_one_rate": "Within one",
            "kappa_quadratic": "Kappa (quadratic)",
            "ac2": "AC2",
            "mean_shift": "Mean shift",
        },
        "How much is moderated, how far moderators agree with auditors, and which way they move.",
        without=("grade",),
    ),
    report_command(
        "grades",
        GradesQuery,
        {
            "audits_submitted": "Audits",
            "good_or_better_rate": "Good or better",
            "ri_or_better_rate": "RI or better",
            "inadequate_rate": "Inadequate",
        },
        "What audits were graded, overall and by domain.",
        without=("blind", "moderator"),
    ),
)
