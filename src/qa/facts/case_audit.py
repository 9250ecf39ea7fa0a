"""Facts of a case audit (stream ``case-audit:<id>``): allocated, judged, corrected, finalised.

The facts of its moderation stand on the same stream (`qa.facts.moderation`), so that one version
guards both. Four dates never stand for one another: the practice period that is judged, the date
of the audit, the day it was submitted and the instant it was recorded.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from qa.facts.base import Fact, Frozen, SealedText
from qa.tool_definition import ChildStatus


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


class CaseAuditAllocated(Fact):
    """An audit of one child's file was given to an auditor, with the tool version they will use.

    Team, service and their names, case holder and manager are as they were on this day.
    """

    TYPE: ClassVar[str] = "CaseAuditAllocated"
    reference: str
    child: str
    tool: str
    tool_version: int
    auditor: str
    team: str
    team_name: str
    service: str
    service_name: str
    case_holder: str | None = None
    case_manager: str | None = None
    practice_from: date
    practice_to: date
    due_on: date
    mode: Literal["desktop", "collaborative", "live"] = "collaborative"
    re_audit_of: str | None = None
    exceptions: tuple[IndependenceException, ...] = ()


class CaseAuditReassigned(Fact):
    TYPE: ClassVar[str] = "CaseAuditReassigned"
    old: str
    new: str
    exceptions: tuple[IndependenceException, ...] = ()


class CaseAuditExtended(Fact):
    """The due date moved. The first due date stays in the fact of allocation for ever."""

    TYPE: ClassVar[str] = "CaseAuditExtended"
    old: date
    new: date


class CaseAuditStarted(Fact):
    """The auditor opened the file to judge it. From here on they can never moderate it."""

    TYPE: ClassVar[str] = "CaseAuditStarted"
    auditor: str


class CaseAuditSubmitted(Fact):
    """The auditor's judgement. It is never altered; what follows stands beside it."""

    TYPE: ClassVar[str] = "CaseAuditSubmitted"
    auditor: str
    content: AuditContent


class CaseAuditCorrected(Fact):
    """One field that is not a judgement was put right; old and new both stay."""

    TYPE: ClassVar[str] = "CaseAuditCorrected"
    field: str
    old: SealedText
    new: SealedText
    kind: Literal["typo", "fact"]


class CaseAuditReturned(Fact):
    """A moderator or QA lead sent the audit back to its author, saying what is missing."""

    TYPE: ClassVar[str] = "CaseAuditReturned"
    comments: SealedText
    fields: tuple[str, ...] = ()


class AnswerChange(Frozen):
    """One answer that differs between a returned audit and its resubmission, and why."""

    field: str
    old: SealedText
    new: SealedText
    why: Literal["oversight", "new-evidence", "moderator-comment", "wording", "other"]


class CaseAuditResubmitted(Fact):
    TYPE: ClassVar[str] = "CaseAuditResubmitted"
    auditor: str
    content: AuditContent
    changes: tuple[AnswerChange, ...]


class CaseAuditWithdrawn(Fact):
    """The audit no longer counts, though it was properly made (for example: wrong sample)."""

    TYPE: ClassVar[str] = "CaseAuditWithdrawn"


class CaseAuditVoided(Fact):
    """The audit should never have existed (for example: wrong child, reversed import)."""

    TYPE: ClassVar[str] = "CaseAuditVoided"


class CaseAuditFinalised(Fact):
    """The grade that counts from here on, where it came from and what it rests on.

    `cites` are the fact ids of the judgements it came from.
    """

    TYPE: ClassVar[str] = "CaseAuditFinalised"
    grade: str
    source: Literal["auditor", "moderator", "consensus", "senior-decision"]
    rule: str
    cites: tuple[str, ...] = Field(min_length=1)


class CaseAuditReopened(Fact):
    """A final grade no longer stands; the audit waits for a new one."""

    TYPE: ClassVar[str] = "CaseAuditReopened"
    was: str


class ImportedJudgement(Frozen):
    domain: str
    grade: str


class CaseAuditImported(Fact):
    """An audit made elsewhere was brought in, as its file states it and no more."""

    TYPE: ClassVar[str] = "CaseAuditImported"
    reference: str
    child: str
    tool: str
    tool_version: int
    auditor: str
    auditor_as_written: str
    team: str
    team_name: str
    service: str
    service_name: str
    audit_date: date
    submitted_on: date | None = None
    practice_from: date | None = None
    practice_to: date | None = None
    judgements: tuple[ImportedJudgement, ...] = ()
    overall: str
