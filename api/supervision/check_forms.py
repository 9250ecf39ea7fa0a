"""The forms of a supervision check, made from its tool: every area with its grade and what was
seen, every question, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.web.boxes import Box, FormValues
from projections.supervision.tables import SupervisionCheckRow
from qa.audit_tools.definition import Domain, ToolDefinition
from qa.audits.judgements import Answer, DomainJudgement, ModeratedJudgement
from qa.supervision.check_events import CheckContent

NOT_APPLICABLE = "-"


def _grades(tool: ToolDefinition, domain: Domain) -> list[tuple[str, str]]:
    scale = tool.scale_of(domain.scale)
    points = () if scale is None else scale.points
    found = [(point.code, point.label) for point in points if point.rank is not None]
    if domain.may_be_not_applicable:
        found.append((NOT_APPLICABLE, "Not applicable"))
    return found


def _overall(tool: ToolDefinition) -> list[tuple[str, str]]:
    points = tool.overall_scale.points
    return [(point.code, point.label) for point in points if point.rank is not None]


def judging_boxes(tool: ToolDefinition, content: CheckContent | None, today: date) -> list[Box]:
    """The form of a check, empty or with the judgement that stands."""
    given = {} if content is None else {one.domain: one for one in content.judgements}
    dates = [
        ("checked_on", "Day of the check", today if content is None else content.checked_on),
        ("period_from", "First day of the supervision looked at", content and content.period_from),
        ("period_to", "Last day of the supervision looked at", content and content.period_to),
    ]
    found = [
        Box(name, label, "day", value=on.isoformat() if on else "") for name, label, on in dates
    ]
    for domain in tool.domains:
        at, one = f"judgements.{domain.id}", given.get(domain.id)
        grade = "" if one is None else one.grade or NOT_APPLICABLE
        seen = "" if one is None else one.evidence or one.not_applicable_reason
        found += [
            Box(f"{at}.grade", domain.title, "radios", domain.good_looks_like,
                _grades(tool, domain), grade),
            Box(f"{at}.evidence", f"{domain.title}: what you saw", "long", value=seen),
        ]  # fmt: skip
        chosen = {} if one is None else {answer.question: answer.point for answer in one.answers}
        for question in domain.questions:
            scale = tool.scale_of(question.scale)
            items = [] if scale is None else [(point.code, point.label) for point in scale.points]
            found.append(
                Box(f"{at}.answers.{question.id}", question.text, "radios", question.help, items,
                    chosen.get(question.id, ""))
            )  # fmt: skip
    return [
        *found,
        Box("overall", "Overall", "radios", items=_overall(tool),
            value="" if content is None else content.overall),
        Box("rationale", "The reasons for the overall grade", "long",
            value="" if content is None else content.rationale),
    ]  # fmt: skip


def judged(tool: ToolDefinition, form: FormValues) -> CheckContent:
    """What was typed in the form of a check.

    Raises:
        Refused: dates that are missing or impossible; the command names every other fault.
    """
    named = ("checked_on", "period_from", "period_to")
    days = {name: form.day(name, "Enter a date.") for name in named}
    form.done()
    return CheckContent.model_validate(
        {
            **days,
            "judgements": [_judgement(domain, form) for domain in tool.domains],
            "overall": form.text("overall"),
            "rationale": form.text("rationale"),
        }
    )


def _judgement(domain: Domain, form: FormValues) -> DomainJudgement:
    at = f"judgements.{domain.id}"
    grade, seen = form.text(f"{at}.grade"), form.text(f"{at}.evidence")
    if grade == NOT_APPLICABLE:
        return DomainJudgement(domain=domain.id, not_applicable_reason=seen)
    answers = tuple(
        Answer(question=question.id, point=point)
        for question in domain.questions
        if (point := form.text(f"{at}.answers.{question.id}"))
    )
    return DomainJudgement(domain=domain.id, grade=grade or None, evidence=seen, answers=answers)


def moderating_boxes(tool: ToolDefinition) -> list[Box]:
    """The form of a moderator's own grades."""
    found: list[Box] = []
    for domain in tool.domains:
        at = f"judgements.{domain.id}"
        found += [
            Box(f"{at}.grade", domain.title, "radios", domain.good_looks_like,
                _grades(tool, domain)),
            Box(f"{at}.comment", f"{domain.title}: why, where your grade differs", "long"),
        ]  # fmt: skip
    return [
        *found,
        Box("overall", "Overall", "radios", items=_overall(tool)),
        Box("comment", "Why, where your overall grade differs", "long"),
    ]


def moderated(tool: ToolDefinition, form: FormValues) -> tuple[list[ModeratedJudgement], str, str]:
    """The moderator's grades by area, their overall grade, and their comment."""
    found = []
    for domain in tool.domains:
        grade = form.text(f"judgements.{domain.id}.grade")
        found.append(
            ModeratedJudgement(
                domain=domain.id,
                grade=None if grade in ("", NOT_APPLICABLE) else grade,
                comment=form.text(f"judgements.{domain.id}.comment"),
            )
        )
    return found, form.text("overall"), form.text("comment")


def shown(tool: ToolDefinition, row: SupervisionCheckRow) -> Sequence[dict[str, Any]]:
    """Each area as the page shows it: the checker's grade beside the moderator's, and whether the
    two agree."""
    judgement = row.judgement
    if judgement is None:
        return ()
    theirs = {one["domain"]: one for one in (row.moderation or {}).get("judgements", ())}
    found = []
    for one in judgement["judgements"]:
        domain = tool.domain(one["domain"])
        if domain is None:
            continue
        scale = tool.scale_of(domain.scale)
        other = theirs.get(one["domain"])

        def label(grade: str | None, scale: Any = scale) -> str:
            return "Not applicable" if grade is None or scale is None else scale.label(grade)

        chosen = {answer["question"]: answer["point"] for answer in one["answers"]}
        found.append(
            {
                "title": domain.title,
                "grade": label(one["grade"]),
                "seen": one["evidence"] or one["not_applicable_reason"],
                "answers": [
                    (question.text, points.label(chosen[question.id]))
                    for question in domain.questions
                    if question.id in chosen
                    and (points := tool.scale_of(question.scale)) is not None
                ],
                "moderated": None if other is None else label(other["grade"]),
                "comment": "" if other is None else other["comment"],
                "agrees": other is not None and other["grade"] == one["grade"],
            }
        )
    return found
