"""What is written about a moderation in sections: the judgement, a dispute and its decision."""

from __future__ import annotations

from typing import Any

from api.moderation.choices import grades_to_choose
from api.moderation.reading import ModerationStanding, side_by_side
from api.moderation.settling_steps import not_settled
from api.web.boxes import Box, FormValues
from api.writing.declaration import Section
from api.writing.steps import section
from qa.audit_tools.definition import Domain, ToolDefinition
from qa.audits.judgements import ModeratedJudgement
from qa.moderation.events import REASON_CODES

NOT_JUDGED = "-"
"""The choice "I could not judge this": no grade of a scale can have it as its code."""
QUALITIES = {
    "strong": "Strong: the evidence is clear and the grades follow from it",
    "sound": "Sound: good enough to rely on",
    "weak": "Weak: the audit itself needs work",
}
OUTCOMES = {
    "upheld": "Upheld: the moderator's grade does not stand",
    "partly-upheld": "Partly upheld",
    "not-upheld": "Not upheld: the moderator's grade stands",
}


def domains_to_judge(standing: ModerationStanding) -> list[Domain]:
    """The domains of the sheet: those that apply to the child's status, as for the auditor."""
    opened = standing.opened
    return [domain for domain in opened.tool.domains if domain.applies(opened.child_status)]


def judged(form: FormValues, standing: ModerationStanding) -> dict[str, Any]:
    """The grades of the sheet, by domain."""
    judgements = []
    for domain in domains_to_judge(standing):
        grade = form.text(f"judgements.{domain.id}.grade")
        judgements.append(
            ModeratedJudgement(
                domain=domain.id,
                grade=None if grade == NOT_JUDGED else grade,
                comment=form.text(f"judgements.{domain.id}.comment"),
            )
        )
    return {"judgements": tuple(judgements)}


def overall_box(tool: ToolDefinition, label: str) -> list[Box]:
    """The box of the overall grade; none where the tool has no such grade."""
    items, hints = grades_to_choose(tool.overall_scale)
    return [Box("overall", label, "radios", items=items, hints=hints)] if tool.has_overall else []


def judging(standing: ModerationStanding) -> list[Section]:
    """A section for each domain, one for the whole, and one for the audit as a piece of work."""
    tool = standing.opened.tool
    found = []
    for domain in domains_to_judge(standing):
        at, scale = f"judgements.{domain.id}", tool.scale_of(domain.scale) or tool.overall_scale
        items, hints = grades_to_choose(scale, domain)
        items.append((NOT_JUDGED, "I could not judge this, or it does not apply"))
        comment = f"What you saw, or why you could not judge it ({domain.title})"
        boxes = [
            Box(
                f"{at}.grade", f"Your grade for {domain.title}", "radios", items=items, hints=hints
            ),
            Box(f"{at}.comment", comment, "long"),
        ]
        found.append(section(f"domain-{domain.id}", domain.title, boxes))
    whole = [
        *overall_box(tool, "The overall grade you would give"),
        Box("rationale", "Your reasons", "long"),
        Box("moderated_on", "Date of your judgement", "day", "Left empty: today."),
    ]
    quality = "Quality of the audit (optional)"
    itself = [
        Box("audit_quality", quality, "radios", items=list(QUALITIES.items())),
        Box("audit_quality_comment", "Comment on the audit", "long", "Needed where it is weak."),
    ]
    return [
        *found,
        section("overall", "Overall", whole),
        section("quality", "The audit itself", itself, optional=True),
    ]


def disputing(standing: ModerationStanding) -> list[Section]:
    disputable = [("overall", "The overall grade")] if standing.opened.tool.has_overall else []
    disputable += [(domain.id, domain.title) for domain in domains_to_judge(standing)]
    about = Box("about", "What is the dispute about?", "several", items=disputable)
    grounds = Box("grounds", "Why do you challenge the grade?", "long")
    evidence = Box(
        "evidence",
        "Evidence that supports you (optional)",
        "long",
        "Say where on the file it is. Leave names out.",
    )
    return [
        section("grounds", "What you dispute", [about, grounds]),
        section("evidence", "Evidence", [evidence], optional=True),
    ]


def deciding(standing: ModerationStanding) -> list[Section]:
    tool = standing.opened.tool
    grades = overall_box(tool, "The overall grade that counts")
    for line in side_by_side(standing):
        domain = tool.domain(line.id)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if scale is None or not line.differs:
            continue
        settled = [("", not_settled(standing)), *grades_to_choose(scale)[0]]
        hint = f"Auditor: {line.theirs}. Moderator: {line.ours}."
        grades.append(Box(f"judgements.{line.id}.grade", line.title, "choice", hint, settled))
    decision = [
        Box("outcome", "Outcome", "radios", items=list(OUTCOMES.items())),
        Box("reason_code", "Main reason", "radios", items=list(REASON_CODES.items())),
        Box("reasons", "Your reasons", "long"),
    ]
    return [
        section("decision", "Your decision", decision),
        section("grades", "The grades that count", grades),
    ]
