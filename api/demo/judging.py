"""How the synthetic auditors and moderators come to their grades, within the rules of the tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from api.demo import phrases
from api.demo.phrases import pick
from qa.audit_tools.definition import ChildStatus, Domain, Question, ToolDefinition
from qa.audits.comparison import texts
from qa.audits.judgements import (
    Answer,
    AuditContent,
    DomainJudgement,
    FamilyFeedback,
    Involvement,
    NoActionReason,
    PlannedAction,
    Strength,
)
from qa.audits.limits import limits
from qa.audits.submission import unanswered

GRADES = ("outstanding", "good", "requires-improvement", "inadequate")


def grade_at(quality: float) -> str:
    """The grade of a quality between 0 (worst) and 4 (best)."""
    return GRADES[3 - min(3, max(0, int(quality)))]


def judge(
    rng: Random,
    tool: ToolDefinition,
    *,
    quality: float,
    status: ChildStatus,
    audit_date: date,
    owners: Sequence[str],
    action_ids: Sequence[str],
) -> AuditContent:
    """One audit as an auditor who sees `quality` would write it."""
    judgements = tuple(
        _judgement(rng, domain, quality) for domain in tool.domains if domain.applies(status)
    )
    overall = grade_at(quality + rng.gauss(0, 0.2))
    practice_to = audit_date - timedelta(days=1 + rng.randrange(10))
    content = AuditContent(
        audit_date=audit_date,
        practice_from=practice_to - timedelta(days=182),
        practice_to=practice_to,
        child_status=status,
        judgements=judgements,
        overall=overall,
        rationale="",
    )
    overall = _within_limits(content, tool, overall)
    weak = overall in ("requires-improvement", "inadequate")
    count = rng.randrange(1, 4) if weak else rng.randrange(0, 2)
    written = content.model_copy(
        update={
            "overall": overall,
            "rationale": phrases.RATIONALE[overall],
            "strengths": ()
            if overall == "inadequate"
            else (Strength(text=pick(rng, phrases.STRENGTHS)),),
            "involvement": _involvement(rng),
            "feedback": _feedback(rng, audit_date),
            "actions": tuple(
                action.model_copy(update={"domain": domain if overall == "inadequate" else None})
                for action, domain in zip(
                    _actions(rng, count, audit_date, owners, action_ids),
                    _weakest_first(judgements),
                    strict=False,
                )
            ),
            "no_action_reason": ""
            if count
            else "Practice is good and the plan already holds the next steps.",
        }
    )
    reasons = tuple(
        NoActionReason(
            domain=domain.id,
            reason=f"The child’s plan already says what changes in: {domain.title}.",
        )
        for domain in unanswered(written, tool)
    )
    return written.model_copy(update={"no_action_reasons": reasons})


def _judgement(rng: Random, domain: Domain, quality: float) -> DomainJudgement:
    if domain.may_be_not_applicable and rng.random() < 0.03:
        return DomainJudgement(
            domain=domain.id,
            not_applicable_reason="The work in the period did not touch on this.",
        )
    grade = grade_at(quality + rng.gauss(0, 0.45))
    shown = 0.95 if grade in ("outstanding", "good") else 0.45
    return DomainJudgement(
        domain=domain.id,
        grade=grade,
        evidence=pick(rng, phrases.EVIDENCE[grade]),
        answers=tuple(
            Answer(question=question.id, point="yes" if rng.random() < shown else "no")
            for question in domain.questions
        ),
    )


def _weakest_first(judgements: Sequence[DomainJudgement]) -> list[str]:
    """The graded domains, those that need an action most before the others."""
    graded = [(GRADES.index(one.grade), one.domain) for one in judgements if one.grade is not None]
    return [domain for _, domain in sorted(graded, key=lambda pair: -pair[0])]


def _within_limits(content: AuditContent, tool: ToolDefinition, overall: str) -> str:
    """The best grade not above `overall` that the tool's limiting judgements allow."""
    scale = tool.overall_scale
    worst = scale.rank(overall) or 1
    for rule, _, caps in limits(content, tool):
        if caps:
            worst = max(worst, scale.rank(rule.overall_no_better_than) or 1)
    return next(point.code for point in scale.points if point.rank == worst)


def _involvement(rng: Random) -> Involvement:
    if rng.random() < 0.85:
        return Involvement(status="took-part")
    return Involvement(status="not-reached", note="The practitioner was on leave until the end.")


def _feedback(rng: Random, audit_date: date) -> FamilyFeedback:
    if rng.random() < 0.6:
        return FamilyFeedback(
            status="obtained",
            who=("The child", "A parent", "A foster carer")[rng.randrange(3)],
            how=("By telephone", "At a visit", "By letter")[rng.randrange(3)],
            on=audit_date - timedelta(days=rng.randrange(6)),
            consent=True,
            said=pick(rng, phrases.FEEDBACK),
        )
    status = ("declined", "not-reached")[rng.randrange(2)]
    return FamilyFeedback.model_validate({"status": status, "note": pick(rng, phrases.NO_FEEDBACK)})


def _actions(
    rng: Random,
    count: int,
    audit_date: date,
    owners: Sequence[str],
    action_ids: Sequence[str],
) -> tuple[PlannedAction, ...]:
    chosen = rng.sample(range(len(phrases.ACTIONS)), count)
    return tuple(
        PlannedAction.model_validate(
            {
                "action": action_ids[number],
                "text": phrases.ACTIONS[index][0],
                "kind": phrases.ACTIONS[index][1],
                "owner": owners[rng.randrange(len(owners))],
                "due_on": audit_date + timedelta(days=40 + 7 * rng.randrange(6)),
            }
        )
        for number, index in enumerate(chosen)
    )


def moderate(
    rng: Random, tool: ToolDefinition, content: AuditContent, leniency: float
) -> tuple[str, Mapping[str, str]]:
    """A moderator's overall grade and domain grades for what the auditor judged."""

    def shifted(grade: str) -> str:
        place = GRADES.index(grade)
        roll = rng.gauss(-leniency, 0.55)
        steps = int(abs(roll) > 0.62) + int(abs(roll) > 1.45)
        return GRADES[min(3, max(0, place + (steps if roll > 0 else -steps)))]

    domains = {j.domain: shifted(j.grade) for j in content.judgements if j.grade is not None}
    return shifted(content.overall), domains


def correction(rng: Random, content: AuditContent) -> tuple[str, str]:
    """A field of the audit and the better text for it."""
    fields = [path for path in texts(content) if path.endswith(".evidence")]
    chosen = fields[rng.randrange(len(fields))]
    return chosen, texts(content)[chosen].rstrip(".") + ", as the visit record of that week shows."


def mended(text: str) -> str:
    """The same words with a slip of the keyboard put right."""
    return f"{text.rstrip('.')} ." if text.endswith(".") else f"{text}."


def status_of(team: str, number: int) -> ChildStatus:
    """Where a child of this team stands with the service."""
    if team == "children-in-care":
        return ChildStatus.CHILD_IN_CARE
    if team == "leaving-care":
        return ChildStatus.CARE_LEAVER
    return ChildStatus.CHILD_PROTECTION if number % 3 == 0 else ChildStatus.CHILD_IN_NEED


def second_version(tool: ToolDefinition) -> ToolDefinition:
    """The tool as it changes half-way: one more question, and a plainer description."""
    question = Question(
        id="contingency", text="Does the plan say what happens if it fails?", scale="yes-no@1"
    )
    domains = tuple(
        domain.model_copy(
            update={
                "questions": (*domain.questions, question),
                "good_looks_like": domain.good_looks_like
                + " It says what happens if the plan does not work.",
            }
        )
        if domain.id == "planning"
        else domain
        for domain in tool.domains
    )
    return tool.model_copy(update={"domains": domains})
