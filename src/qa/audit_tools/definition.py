"""What an audit tool is: its domains, questions, scales, and the rules a submission must meet.

A definition is one frozen value. A published version of a tool is such a value, kept in the event
that published it, so that the descriptors an auditor read are kept with the grades they gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from pydantic import Field

from qa.core.errors import Fault
from qa.core.frozen import Frozen
from qa.core.words import CODE, NO_OVERALL_GRADE, Scale


class ChildStatus(StrEnum):
    """Where the child stands with the service, which decides the sections that apply."""

    EARLY_HELP = "early-help"
    CHILD_IN_NEED = "child-in-need"
    CHILD_PROTECTION = "child-protection"
    CHILD_IN_CARE = "child-in-care"
    CARE_LEAVER = "care-leaver"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class JudgementArea(StrEnum):
    """The areas in which Ofsted judges a council's services for children, without an overall
    grade since April 2026."""

    HELP_AND_PROTECTION = "help-and-protection"
    CHILDREN_IN_CARE = "children-in-care"
    CARE_LEAVERS = "care-leavers"
    IMPACT_OF_LEADERS = "impact-of-leaders"

    @property
    def label(self) -> str:
        return _AREAS[self.value]


_AREAS = {
    "help-and-protection": "Children who need help and protection",
    "children-in-care": "Children in care",
    "care-leavers": "Care leavers",
    "impact-of-leaders": "Impact of leaders on social work practice",
}


class AreaOfDomain(Frozen):
    """The judgement area that a domain of a tool is reported under."""

    tool: str = Field(pattern=CODE)
    domain: str = Field(pattern=CODE)
    area: JudgementArea


class Question(Frozen):
    """One question inside a domain, answered on a scale."""

    id: str = Field(pattern=CODE)
    text: str = Field(min_length=1, max_length=500)
    scale: str
    help: str = Field(default="", max_length=1000)
    required: bool = True


class Descriptor(Frozen):
    """What one grade looks like in one domain, shown beside the choice."""

    grade: str
    text: str = Field(min_length=1, max_length=2000)


class Domain(Frozen):
    """A graded part of the tool. An empty `applies_to` means every child."""

    id: str = Field(pattern=CODE)
    title: str = Field(min_length=1, max_length=120)
    good_looks_like: str = Field(default="", max_length=3000)
    scale: str
    descriptors: tuple[Descriptor, ...] = ()
    applies_to: tuple[ChildStatus, ...] = ()
    may_be_not_applicable: bool = True
    questions: tuple[Question, ...] = ()

    def applies(self, status: ChildStatus | None) -> bool:
        return not self.applies_to or status is None or status in self.applies_to

    def descriptor(self, grade: str) -> str:
        return next((d.text for d in self.descriptors if d.grade == grade), "")


class RationaleRule(Frozen):
    """The overall grade needs a rationale of at least `min_words` when it is one of `grades`."""

    grades: tuple[str, ...] = ()
    min_words: int = Field(ge=1, le=500)

    @property
    def id(self) -> str:
        return "rationale-" + "-".join(self.grades or ("any",))


class LimitingRule(Frozen):
    """A limiting judgement: enough weak domains cap the overall grade, or that of one domain.

    `domain` "any" looks at every domain but the capped one; `grade_or_worse` counts a domain graded
    so or worse. `caps` is the capped domain; empty, it is the overall grade.
    """

    id: str = Field(pattern=CODE)
    domain: str = "any"
    grade_or_worse: str
    at_least: int = Field(default=1, ge=1, le=50)
    overall_no_better_than: str
    why: str = Field(default="", max_length=500)
    caps: str = ""

    def looks_at(self, domain: str) -> bool:
        return domain != self.caps and self.domain in ("any", domain)


class ToolDefinition(Frozen):
    """A whole tool. `scale` names the scale (``id@version``) of the overall grade; where it is
    empty the tool grades domains only, as Ofsted does since April 2026. One of the kind
    supervision judges the supervision of a pair, and no other judges that."""

    id: str = Field(pattern=CODE)
    title: str = Field(min_length=1, max_length=120)
    kind: Literal["whole-case", "dip-sample", "thematic", "closure", "supervision"] = "whole-case"
    guidance: str = Field(default="", max_length=5000)
    scale: str = ""
    scales: tuple[Scale, ...] = Field(min_length=1)
    domains: tuple[Domain, ...] = Field(min_length=1)
    rationale_rules: tuple[RationaleRule, ...] = ()
    limiting_rules: tuple[LimitingRule, ...] = ()
    evidence_min_words: int = Field(default=1, ge=0, le=500)
    ask_involvement: bool = True
    ask_family_feedback: bool = True
    needs_action_or_reason: bool = True

    def scale_of(self, key: str) -> Scale | None:
        for scale in self.scales:
            if scale.key == key:
                return scale
        return None

    @property
    def has_overall(self) -> bool:
        return bool(self.scale)

    @property
    def overall_scale(self) -> Scale:
        """The scale of the overall grade; `NO_OVERALL_GRADE` where the tool has none."""
        if not self.has_overall:
            return NO_OVERALL_GRADE
        scale = self.scale_of(self.scale)
        if scale is None:
            raise ValueError(f"the tool names a scale {self.scale} that it does not hold")
        return scale

    @property
    def graded_on(self) -> tuple[Scale, ...]:
        """The scales of an audit's grades: the overall one, or those of the domains without it."""
        if self.has_overall:
            return (self.overall_scale,)
        used = {domain.scale for domain in self.domains}
        return tuple(scale for scale in self.scales if scale.key in used)

    def capped_scale(self, rule: LimitingRule) -> Scale | None:
        """The scale of what the rule caps; None where that is not in the tool."""
        if not rule.caps:
            return self.overall_scale if self.scale in {"", *(s.key for s in self.scales)} else None
        domain = self.domain(rule.caps)
        return None if domain is None else self.scale_of(domain.scale)

    def what_is_capped(self, rule: LimitingRule) -> str:
        domain = self.domain(rule.caps)
        return "the overall grade" if domain is None else f"the grade of {domain.title}"

    def cap_in_words(self, rule: LimitingRule) -> str:
        scale = self.capped_scale(rule)
        return scale.label(rule.overall_no_better_than) if scale else rule.overall_no_better_than

    def domain(self, domain_id: str) -> Domain | None:
        for domain in self.domains:
            if domain.id == domain_id:
                return domain
        return None


def faults_of(tool: ToolDefinition) -> list[Fault]:
    """Everything that keeps a definition from being published, named by its place."""
    faults: list[Fault] = []
    keys = {scale.key for scale in tool.scales}

    def fault(field: str, sentence: str) -> None:
        faults.append(Fault(field, "tool-inconsistent", sentence))

    if tool.has_overall and tool.scale not in keys:
        fault("scale", f"The overall grade uses the scale {tool.scale}, which the tool lacks.")
    if not tool.has_overall and tool.kind == "supervision":
        fault("scale", "A tool that judges supervision has an overall grade.")
    if not tool.has_overall and tool.rationale_rules:
        fault("rationale_rules", "There are no reasons to ask for without an overall grade.")
    seen: set[str] = set()
    for index, domain in enumerate(tool.domains):
        at = f"domains.{index}"
        if domain.id in seen:
            fault(f"{at}.id", f"Two domains are called {domain.id}.")
        seen.add(domain.id)
        if domain.scale not in keys:
            fault(f"{at}.scale", f"{domain.title} uses the scale {domain.scale}, not in the tool.")
        elif (scale := tool.scale_of(domain.scale)) is not None:
            for descriptor in domain.descriptors:
                if scale.point(descriptor.grade) is None:
                    fault(
                        f"{at}.descriptors",
                        f"{domain.title} describes a grade {descriptor.grade} "
                        f"that {scale.name} does not have.",
                    )
        question_ids: set[str] = set()
        for number, question in enumerate(domain.questions):
            if question.id in question_ids:
                fault(f"{at}.questions.{number}.id", f"{domain.title} asks {question.id} twice.")
            question_ids.add(question.id)
            if question.scale not in keys:
                fault(
                    f"{at}.questions.{number}.scale",
                    f"A question of {domain.title} uses the scale {question.scale}, "
                    "not in the tool.",
                )
    overall = tool.scale_of(tool.scale)
    for index, rationale in enumerate(tool.rationale_rules if overall is not None else ()):
        for grade in rationale.grades:
            if overall is not None and overall.point(grade) is None:
                fault(f"rationale_rules.{index}", f"There is no grade {grade} to explain.")
    for index, rule in enumerate(tool.limiting_rules):
        for sentence in _limiting_faults(tool, rule):
            fault(f"limiting_rules.{index}", f"The limiting rule {rule.id} {sentence}")
    return faults


def _limiting_faults(tool: ToolDefinition, rule: LimitingRule) -> Iterator[str]:
    if rule.domain != "any" and tool.domain(rule.domain) is None:
        yield "names a domain that does not exist."
    capped = tool.capped_scale(rule)
    if capped is None and rule.caps:
        yield "caps a domain that does not exist."
    elif capped is NO_OVERALL_GRADE:
        yield "caps the overall grade, which the tool does not have."
    elif capped is not None and capped.rank(rule.overall_no_better_than) is None:
        yield "caps at a grade that has no rank."
    if rule.caps and rule.caps == rule.domain:
        yield "caps the domain that it looks at."
    elif not any(
        (scale := tool.scale_of(domain.scale)) is not None
        and scale.rank(rule.grade_or_worse) is not None
        for domain in tool.domains
        if rule.looks_at(domain.id)
    ):
        yield "looks for a grade no domain can have."


def differences(old: ToolDefinition, new: ToolDefinition) -> list[str]:
    """What changed between two versions, question by question, with its effect, in plain words."""
    sentences: list[str] = []
    before = {domain.id: domain for domain in old.domains}
    after = {domain.id: domain for domain in new.domains}
    sentences += [f"Domain added: {after[key].title}." for key in after if key not in before]
    sentences += [
        f"Domain removed: {before[key].title}. Its trend ends with the old version."
        for key in before
        if key not in after
    ]
    for key in [key for key in after if key in before]:
        was, now = before[key], after[key]
        if was.title != now.title:
            sentences.append(f"Domain renamed: “{was.title}” is now “{now.title}”.")
        if was.scale != now.scale:
            sentences.append(
                f"{now.title} is graded on {now.scale} instead of {was.scale}: "
                "grades before and after are not compared."
            )
        if was.good_looks_like != now.good_looks_like or was.descriptors != now.descriptors:
            sentences.append(f"{now.title}: the wording of what good looks like changed.")
        if was.applies_to != now.applies_to or was.may_be_not_applicable != (
            now.may_be_not_applicable
        ):
            sentences.append(f"{now.title}: which children it applies to changed.")
        old_questions = {question.id: question for question in was.questions}
        asks = {question.id: question for question in now.questions}
        sentences += [
            f"{now.title}: question added: {asks[q].text}" for q in asks if q not in old_questions
        ]
        sentences += [
            f"{now.title}: question removed: {old_questions[q].text}"
            for q in old_questions
            if q not in asks
        ]
        sentences += [
            f"{now.title}: question changed: “{old_questions[q].text}” is now “{asks[q].text}”."
            for q in asks
            if q in old_questions and asks[q] != old_questions[q]
        ]
    if old.has_overall != new.has_overall:
        now_has = "There is an" if new.has_overall else "There is no"
        sentences.append(f"{now_has} overall grade from this version on: a series break.")
    elif old.scale != new.scale:
        sentences.append(
            f"The overall grade uses {new.scale} instead of {old.scale}: a series break."
        )
    if old.title != new.title:
        sentences.append(f"The tool is renamed “{new.title}”.")
    if old.guidance != new.guidance:
        sentences.append("The guidance for auditors changed.")
    if (
        old.rationale_rules != new.rationale_rules
        or old.limiting_rules != new.limiting_rules
        or old.evidence_min_words != new.evidence_min_words
        or old.needs_action_or_reason != new.needs_action_or_reason
        or old.ask_involvement != new.ask_involvement
        or old.ask_family_feedback != new.ask_family_feedback
    ):
        sentences.append("The rules a submission must meet changed.")
    return sentences
