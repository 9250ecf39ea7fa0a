"""What an audit must hold before it can be submitted, with every fault named at its field.

Field names are dotted paths that pages and API share: ``judgements.<domain>.grade``,
``actions.<n>.due_on``, ``overall``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from qa.audit_tools.definition import ChildStatus, Domain, ToolDefinition
from qa.audits.judgements import AuditContent, DomainJudgement, ImportedJudgement, leaves
from qa.audits.limits import Judged, breached, words_in
from qa.audits.state import CaseAudit
from qa.core.clock import add_months
from qa.core.errors import Fault
from qa.core.frozen import Frozen
from qa.core.reasons import of_substance
from qa.core.words import Scale


def below_standard(scale: Scale | None, grade: str | None) -> bool:
    """Whether a grade falls short: worse than the scale's last good one, or its worst where it
    names none."""
    rank = None if scale is None or grade is None else scale.rank(grade)
    if scale is None or rank is None:
        return False
    if scale.met_rank is not None:
        return rank > scale.met_rank
    return rank == max(point.rank for point in scale.points if point.rank is not None)


def judgements_of(audit: CaseAudit) -> Sequence[DomainJudgement | ImportedJudgement]:
    """The auditor's judgements, made here or elsewhere."""
    if audit.content is not None:
        return audit.content.judgements
    return () if audit.imported is None else audit.imported.judgements


def failing_domains(
    judgements: Iterable[DomainJudgement | ImportedJudgement], tool: ToolDefinition
) -> list[str]:
    """The domains whose grade falls short, in the order of the judgements."""
    found = []
    for judgement in judgements:
        domain = tool.domain(judgement.domain)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if below_standard(scale, judgement.grade):
            found.append(judgement.domain)
    return found


def unanswered(content: AuditContent, tool: ToolDefinition) -> list[Domain]:
    """The domains that fell short and have no action of their own, where the tool asks for one."""
    if not tool.needs_action_or_reason:
        return []
    answered = {action.domain for action in content.actions}
    failing = {*failing_domains(content.judgements, tool)} - answered
    return [domain for domain in tool.domains if domain.id in failing]


def check(
    content: AuditContent,
    tool: ToolDefinition,
    *,
    today: date,
    person_exists: Callable[[str], bool],
) -> list[Fault]:
    """Every fault that keeps `content` from being submitted with `tool`. Empty means it may be."""
    without = unanswered(content, tool)
    return [
        *_dates(content, today),
        *_judgements(content.judgements, tool, content.child_status),
        *_overall(content, tool, {o.rule for o in content.overrides if of_substance(o.reason)}),
        *_overrides(content, tool),
        *_people(content, tool, today),
        *_shortfalls(content, without),
        *_actions(content, tool, without, today, person_exists),
        *lengths(content),
    ]


def judgement_faults(content: Judged, tool: ToolDefinition) -> list[Fault]:
    """What is wrong with grades that no child and no audit belong to."""
    return [*_judgements(content.judgements, tool, None), *_overall(content, tool, set())]


def _dates(content: AuditContent, today: date) -> Iterator[Fault]:
    if content.audit_date > today:
        yield Fault("audit_date", "date-future", "The audit date must not be in the future.")
    if content.practice_to < content.practice_from:
        yield Fault("practice_to", "dates-reversed", "The practice period ends before it begins.")
    if content.practice_to > content.audit_date:
        yield Fault(
            "practice_to",
            "practice-after-audit",
            "The practice period must end on or before the audit date.",
        )
    elif add_months(content.practice_from, 60) < content.practice_to:
        yield Fault(
            "practice_from", "practice-long", "The practice period must be five years or less."
        )


def _judgements(
    judgements: Sequence[DomainJudgement], tool: ToolDefinition, status: ChildStatus | None
) -> Iterator[Fault]:
    given: dict[str, DomainJudgement] = {}
    for judgement in judgements:
        if tool.domain(judgement.domain) is None:
            yield Fault(
                f"judgements.{judgement.domain}",
                "domain-unknown",
                f"{tool.title} has no domain {judgement.domain}.",
            )
        elif judgement.domain in given:
            yield Fault(
                f"judgements.{judgement.domain}",
                "domain-twice",
                f"The domain {judgement.domain} is judged twice.",
            )
        given[judgement.domain] = judgement
    for domain in tool.domains:
        at = f"judgements.{domain.id}"
        found = given.get(domain.id)
        if not domain.applies(status):
            if found is not None and found.grade is not None:
                yield Fault(
                    f"{at}.grade",
                    "domain-does-not-apply",
                    f"{domain.title} does not apply to a child with this status.",
                )
            continue
        if found is None:
            yield Fault(f"{at}.grade", "grade-missing", f"Choose a grade for {domain.title}.")
        else:
            yield from _judgement(found, domain, tool, at)


def _judgement(
    judgement: DomainJudgement, domain: Domain, tool: ToolDefinition, at: str
) -> Iterator[Fault]:
    scale = tool.scale_of(domain.scale)
    if judgement.grade is None:
        if not judgement.not_applicable_reason.strip():
            yield Fault(
                f"{at}.grade",
                "grade-missing",
                f"Choose a grade for {domain.title}"
                + (", or say why it does not apply." if domain.may_be_not_applicable else "."),
            )
        elif not domain.may_be_not_applicable:
            yield Fault(f"{at}.grade", "grade-missing", f"{domain.title} must be graded.")
        elif not of_substance(judgement.not_applicable_reason):
            sentence = f"Say what it is about the child that makes {domain.title} not apply."
            yield Fault(f"{at}.not_applicable_reason", "reason-thin", sentence)
        return
    if judgement.not_applicable_reason.strip():
        yield Fault(
            f"{at}.not_applicable_reason",
            "grade-and-not-applicable",
            f"{domain.title} has a grade and a reason for not applying: keep one of them.",
        )
    if scale is None or scale.rank(judgement.grade) is None:
        yield Fault(
            f"{at}.grade",
            "grade-unknown",
            f"{judgement.grade} is not a grade of the scale that {domain.title} uses.",
        )
    if words_in(judgement.evidence) < tool.evidence_min_words:
        yield Fault(
            f"{at}.evidence",
            "evidence-missing",
            f"Give the evidence for {domain.title}"
            + (
                "."
                if tool.evidence_min_words <= 1
                else f": at least {tool.evidence_min_words} words."
            ),
        )
    answers = {answer.question: answer.point for answer in judgement.answers}
    for question in domain.questions:
        point = answers.pop(question.id, None)
        if point is None:
            if question.required:
                yield Fault(
                    f"{at}.answers.{question.id}", "answer-missing", f"Answer: {question.text}"
                )
            continue
        question_scale = tool.scale_of(question.scale)
        if question_scale is None or question_scale.point(point) is None:
            yield Fault(
                f"{at}.answers.{question.id}",
                "answer-unknown",
                f"{point} is not an answer to: {question.text}",
            )
    for left in answers:
        yield Fault(
            f"{at}.answers.{left}", "question-unknown", f"{domain.title} does not ask {left}."
        )


def overall_faults(overall: str, tool: ToolDefinition, missing: str) -> Iterator[Fault]:
    """What is wrong with an overall grade; with any, where the tool has none. `missing` asks for
    it."""
    scale = tool.overall_scale
    if not tool.has_overall:
        if overall:
            sentence = f"{tool.title} has no overall grade: leave it out."
            yield Fault("overall", "no-overall-grade", sentence)
    elif not overall:
        yield Fault("overall", "grade-missing", missing)
    elif scale.rank(overall) is None:
        yield Fault("overall", "grade-unknown", f"{overall} is not a grade of {scale.name}.")


def _overall(content: Judged, tool: ToolDefinition, set_aside: set[str]) -> Iterator[Fault]:
    faults = [*overall_faults(content.overall, tool, "Choose an overall grade.")]
    yield from faults
    if faults:
        return
    if tool.has_overall and not content.rationale.strip():
        yield Fault("rationale", "rationale-missing", "Give the reasons for the overall grade.")
    for broken, fault in breached(content, tool):
        if broken not in set_aside:
            yield fault


def _overrides(content: AuditContent, tool: ToolDefinition) -> Iterator[Fault]:
    if tool.has_overall and tool.overall_scale.rank(content.overall) is None:
        return
    known = {rule.id for rule in tool.limiting_rules} | {rule.id for rule in tool.rationale_rules}
    for index, override in enumerate(content.overrides):
        if override.rule not in known:
            yield Fault(
                f"overrides.{index}.rule", "rule-unknown", f"There is no rule {override.rule}."
            )
        elif not of_substance(override.reason):
            sentence = "Say why the rule is set aside, so that somebody else can weigh it."
            yield Fault(f"overrides.{index}.reason", _lacking(override.reason), sentence)


def _lacking(reason: str) -> str:
    return "reason-thin" if reason.strip() else "reason-missing"


def _people(content: AuditContent, tool: ToolDefinition, today: date) -> Iterator[Fault]:
    if tool.ask_involvement:
        if content.involvement is None:
            yield Fault(
                "involvement.status",
                "involvement-missing",
                "Say whether the practitioner took part in the audit.",
            )
        elif content.involvement.status != "took-part" and not of_substance(
            content.involvement.note
        ):
            sentence = "Say why the practitioner did not take part."
            yield Fault("involvement.note", _lacking(content.involvement.note), sentence)
    if not tool.ask_family_feedback:
        return
    feedback = content.feedback
    if feedback is None:
        yield Fault(
            "feedback.status",
            "feedback-missing",
            "Say whether the child or family gave feedback.",
        )
        return
    if feedback.status != "obtained":
        if not of_substance(feedback.note):
            sentence = "Say why there is no feedback from the family."
            yield Fault("feedback.note", _lacking(feedback.note), sentence)
        return
    if not feedback.who.strip():
        yield Fault("feedback.who", "who-missing", "Say who gave the feedback (not their name).")
    if not feedback.how.strip():
        yield Fault("feedback.how", "how-missing", "Say how the feedback was given.")
    if not feedback.said.strip():
        yield Fault("feedback.said", "feedback-empty", "Record the views of the child or family.")
    if not feedback.consent:
        yield Fault(
            "feedback.consent",
            "consent-missing",
            "Feedback is kept only with the consent of the person who gave it.",
        )
    if feedback.on is None:
        yield Fault("feedback.on", "date-missing", "Enter the day on which the feedback was given.")
    elif feedback.on > today:
        yield Fault("feedback.on", "date-future", "The feedback date must not be in the future.")


SHORTFALLS = frozenset({"shortfall-unanswered", "shortfall-none"})


def _shortfalls(content: AuditContent, without: Sequence[Domain]) -> Iterator[Fault]:
    """Each domain that fell short has its action, or a reason that is its own."""
    given = {one.domain: one.reason for one in content.no_action_reasons}
    reasons: set[str] = set()
    for domain in without:
        reason = given.pop(domain.id, "")
        at, folded = f"no_action_reasons.{domain.id}", " ".join(reason.casefold().split())
        if not folded:
            sentence = f"{domain.title} fell short. Raise an action for it, or say why none is."
            yield Fault(at, "shortfall-unanswered", sentence)
        elif not of_substance(reason):
            sentence = f"Say why {domain.title} needs none, so that somebody else can weigh it."
            yield Fault(at, "reason-thin", sentence)
        elif folded in reasons:
            sentence = f"Say what holds for {domain.title}: this is the reason of another domain."
            yield Fault(at, "reason-repeated", sentence)
        reasons.add(folded)
    for name in given:
        sentence = "This domain did not fall short, or has an action: take the reason away."
        yield Fault(f"no_action_reasons.{name}", "shortfall-none", sentence)


def _actions(
    content: AuditContent,
    tool: ToolDefinition,
    without: Sequence[Domain],
    today: date,
    person_exists: Callable[[str], bool],
) -> Iterator[Fault]:
    owed = tool.needs_action_or_reason and not content.actions and not without
    if owed and not content.no_action_reason.strip():
        yield Fault(
            "no_action_reason",
            "action-missing",
            "Raise at least one action, or say why none is needed.",
        )
    elif content.no_action_reason.strip() and not of_substance(content.no_action_reason):
        sentence = "Say why none is needed, so that somebody else can weigh it."
        yield Fault("no_action_reason", "reason-thin", sentence)
    if content.actions and content.no_action_reason.strip():
        yield Fault(
            "no_action_reason",
            "action-and-none",
            "There are actions and a reason for having none: keep one of them.",
        )
    seen: set[str] = set()
    for index, action in enumerate(content.actions):
        at = f"actions.{index}"
        if action.action in seen:
            yield Fault(at, "action-twice", "The same action is listed twice.")
        seen.add(action.action)
        if not action.text.strip():
            yield Fault(f"{at}.text", "action-empty", "Say what must be done.")
        if not action.owner:
            yield Fault(f"{at}.owner", "owner-missing", "Choose one owner for the action.")
        elif not person_exists(action.owner):
            yield Fault(
                f"{at}.owner",
                "owner-unknown",
                "Choose somebody who is here and may read this record.",
            )
        if action.due_on < today:
            yield Fault(f"{at}.due_on", "date-past", "An action cannot be due in the past.")
        elif action.due_on > add_months(today, 24):
            yield Fault(
                f"{at}.due_on", "date-far", "An action must be due within the next two years."
            )
        if action.domain is not None and tool.domain(action.domain) is None:
            yield Fault(f"{at}.domain", "domain-unknown", "The action names an unknown domain.")
    for index, strength in enumerate(content.strengths):
        if not strength.text.strip():
            yield Fault(f"strengths.{index}.text", "strength-empty", "Describe the strength.")
        if strength.domain is not None and tool.domain(strength.domain) is None:
            yield Fault(
                f"strengths.{index}.domain",
                "domain-unknown",
                "The strength names an unknown domain.",
            )


def lengths(content: Frozen) -> Iterator[Fault]:
    """Every text that is too long, wherever it stands in the content."""
    for path, leaf in leaves(content).items():
        if len(leaf.text) > leaf.longest:
            sentence = f"This text must be {leaf.longest:,} characters or fewer."
            yield Fault(path, "text-long", sentence)
