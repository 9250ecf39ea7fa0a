"""What the API answers about audits."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Json

from api.json.moment_out import OfMomentOut
from api.json.query import QueryModel
from api.json.row_out import RowOut
from projections.audits.queries import AuditFilter
from projections.audits.tables import AuditRow, TypingRow
from qa.audits.events import CaseAuditImported
from qa.audits.judgements import AuditContent


class AuditOut(BaseModel):
    """One audit as a list shows it. Grades are null where there are none or they are sealed."""

    audit: str
    reference: str
    child: str
    tool: str
    tool_version: int
    team: str
    team_name: str
    service: str
    service_name: str
    status: str
    auditor: str | None
    due_on: date | None
    audit_date: date | None
    submitted_on: date | None
    practice_from: date | None
    practice_to: date | None
    overall: str | None
    grades: Json[dict[str, str]] | None
    moderated_overall: str | None
    moderated_grades: Json[dict[str, str]] | None
    final_grade: str | None
    final_grades: Json[dict[str, str]] | None
    final_source: str | None
    taken_back: str | None
    moderation: str | None
    moderation_status: str | None
    moderator: str | None
    imported: bool
    judgement_sealed: bool
    version: int

    @classmethod
    def of(cls, row: AuditRow) -> AuditOut:
        columns = row._asdict()
        shown = {name: columns[name] for name in cls.model_fields if name in columns}
        sealed = row.judgement_sealed
        added = {"auditor": row.auditor or None, "version": row.stream_version}
        return cls.model_validate({**shown, **added, "judgement_sealed": sealed})


class AuditQuery(QueryModel):
    """What a list of audits is narrowed to. Empty means all that the caller may see."""

    status: tuple[str, ...] = ()
    team: str = ""
    service: str = ""
    auditor: str = ""
    moderator: str = ""
    child: str = ""
    reference: str = ""
    tool: str = ""
    grade: str = ""
    audited_from: date | None = None
    audited_to: date | None = None

    @property
    def filter(self) -> AuditFilter:
        return AuditFilter(**dict(self))


class AuditPage(OfMomentOut):
    """A page of audits, newest first. `next` is the cursor of the next page, null on the last."""

    audits: list[AuditOut]
    next: int | None


class WaitingAsTyping(RowOut, row=TypingRow, without=("audit",)):
    """A change said to be typing, which waits for somebody else to confirm it."""


class AgreedDomain(BaseModel):
    """The grade of one domain, as it was settled."""

    domain: str
    grade: str | None


class ModeratedDomain(AgreedDomain):
    """A moderator's own grade for a domain (null: not applicable or not judged)."""

    comment: str


class JudgementOfModerator(BaseModel):
    """What a moderator wrote, and which version of the audit they judged."""

    audit_version: int
    rationale: str
    judgements: list[ModeratedDomain]
    audit_quality_comment: str


class JudgementStated(BaseModel):
    """What the file stated that a moderation was brought in from."""

    judgements: list[AgreedDomain]
    stated_agreed: bool | None


class ConversationHeld(BaseModel):
    """When auditor and moderator talked, and of what."""

    held_on: date
    note: str


class GradeAgreed(BaseModel):
    """The view that auditor and moderator reached."""

    overall: str
    judgements: list[AgreedDomain]
    rationale: str


class DisputeRaised(BaseModel):
    """What of the grade is challenged, and on what grounds."""

    dispute: str
    about: list[str]
    grounds: str
    evidence: str
    due_on: date


class DisputeSettled(BaseModel):
    """How an independent decider settled the dispute."""

    dispute: str
    outcome: str
    overall: str
    judgements: list[AgreedDomain]
    reason_code: str
    reasons: str


class ModerationOfAudit(BaseModel):
    """One moderation of the audit. `agrees` is null until the moderator's judgement is in."""

    moderation: str
    status: str
    policy_version: int | None
    reasons: list[str]
    draw: int | None
    moderator: str | None
    blind: int
    already_seen: int
    unblinded: int
    due_on: date | None
    settle_by: date | None
    moderated_on: date | None
    overall: str | None
    judgement: JudgementOfModerator | JudgementStated | None
    audit_quality: str | None
    conversation: ConversationHeld | None
    consensus: GradeAgreed | None
    dispute: DisputeRaised | None
    dispute_due_on: date | None
    decider: str | None
    decision: DisputeSettled | None
    ended_because: str | None
    imported: int
    agrees: bool | None


class AuditDetail(OfMomentOut):
    """One audit whole: its row, what was submitted, and its moderations."""

    audit: AuditOut
    content: AuditContent | None
    imported: CaseAuditImported | None
    corrected_fields: list[str]
    waiting_as_typing: list[WaitingAsTyping]
    moderations: list[ModerationOfAudit]
    names: dict[str, str]
    why: str
