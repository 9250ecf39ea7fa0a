"""The values that judgements are made of: what an auditor submits and what a moderator answers.

Events hold them, decisions weigh them, and the API takes them in; they are the same everywhere.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from qa.audit_tools.definition import ChildStatus
from qa.core.frozen import Frozen, SealedText


class Answer(Frozen):
    """The point chosen on one question's scale."""

    question: str
    point: str
    comment: SealedText = ""


class DomainJudgement(Frozen):
    """A grade for one domain with its evidence, or not applicable with its reason."""

    domain: str
    grade: str | None = None
    evidence: SealedText = ""
    not_applicable_reason: SealedText = ""
    answers: tuple[Answer, ...] = ()


class Strength(Frozen):
    text: SealedText
    domain: str | None = None


class Involvement(Frozen):
    """Whether the practitioner took part in the audit, and if not, why."""

    status: Literal["took-part", "declined", "not-reached", "not-appropriate"]
    note: SealedText = ""


class FamilyFeedback(Frozen):
    """What the child or family said about the help they had, or why they were not asked."""

    status: Literal["obtained", "declined", "not-reached", "not-appropriate"]
    who: str = ""
    how: str = ""
    on: date | None = None
    consent: bool = False
    said: SealedText = ""
    note: SealedText = ""


class PlannedAction(Frozen):
    """An action as the auditor raises it: one accountable owner and one due date."""

    action: str
    text: SealedText
    kind: Literal["compliance", "practice", "outcome-for-child"]
    owner: str
    due_on: date
    domain: str | None = None


class RuleOverride(Frozen):
    """A rule of the tool that the auditor set aside, and why."""

    rule: str
    reason: SealedText


class AuditContent(Frozen):
    """All that an auditor submits."""

    audit_date: date
    practice_from: date
    practice_to: date
    child_status: ChildStatus
    judgements: tuple[DomainJudgement, ...]
    overall: str
    rationale: SealedText
    strengths: tuple[Strength, ...] = ()
    involvement: Involvement | None = None
    feedback: FamilyFeedback | None = None
    actions: tuple[PlannedAction, ...] = ()
    no_action_reason: SealedText = ""
    overrides: tuple[RuleOverride, ...] = ()

    def corrected(self, path: str, new: str) -> AuditContent:
        """The content with the field at `path` (as in `CaseAuditCorrected`) replaced."""
        data = self.model_dump(mode="python")
        parts = path.split(".")
        if parts[0] == "judgements":
            judgement = next(j for j in data["judgements"] if j["domain"] == parts[1])
            if parts[2] == "answers":
                answers = judgement["answers"]
                next(a for a in answers if a["question"] == parts[3])["comment"] = new
            else:
                judgement[parts[2]] = new
        elif parts[0] == "strengths":
            data["strengths"][int(parts[1])][parts[2]] = new
        elif len(parts) == 2:
            data[parts[0]][parts[1]] = new
        else:
            data[path] = new
        return AuditContent.model_validate(data)


class IndependenceException(Frozen):
    """A rule of independence that was set aside, by whom it was approved, and why."""

    rule: str
    approved_by: str
    why: str


class AnswerChange(Frozen):
    """One answer that differs between a returned audit and its resubmission, and why."""

    field: str
    old: SealedText
    new: SealedText
    why: Literal["oversight", "new-evidence", "moderator-comment", "wording", "other"]


class ImportedJudgement(Frozen):
    domain: str
    grade: str


class ModeratedJudgement(Frozen):
    """The moderator's own grade for a domain (None: not applicable or not judged)."""

    domain: str
    grade: str | None
    comment: SealedText = ""


class AgreedGrade(Frozen):
    domain: str
    grade: str
