"""What the API answers about supervision and its checks."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Json

from api.json.figure_out import FigureRowOut, ReportMomentOut
from api.json.moment_out import OfMomentOut
from projections.supervision.figures import SupervisionReport
from qa.audits.judgements import ModeratedJudgement
from qa.supervision.check_events import CheckContent
from qa.supervision.states import CheckState, NotHeldWhy, Standard


class _PairOut(BaseModel):
    pair: str
    supervisor: str
    practitioner: str
    team: str
    service: str
    standard: Standard
    began_on: date
    ended_on: date | None
    version: int


class SupervisionPairOut(_PairOut):
    """A pair as lists show it: its last session, when the next is owed, and its last check."""

    last_on: date | None
    due_on: date | None
    overdue: bool
    checked_on: date | None


class SupervisionPairsOut(OfMomentOut):
    """The pairs that the caller may know of, those owed longest first."""

    pairs: list[SupervisionPairOut]


class SupervisionPairDueOut(_PairOut):
    """A pair, and when its next session is, or was, owed."""

    due_on: date | None


class SupervisionShareOut(BaseModel):
    """The owed dates that were met, of those that count."""

    numerator: int
    denominator: int


class SupervisionSessionOut(BaseModel):
    """A session that was held, or was planned and not held."""

    session: str
    on: date
    held: bool
    why: NotHeldWhy | None
    cases: list[str]
    actions: list[str]
    note: str
    recorded_by: str
    days_since_the_one_before: int | None
    days_owed: int | None


class OpenedSupervisionOut(OfMomentOut):
    """A pair with its sessions, newest first, and the ids of its checks."""

    pair: SupervisionPairDueOut
    held_in_time: SupervisionShareOut
    sessions: list[SupervisionSessionOut]
    checks: list[str]
    names: dict[str, str]


class PromptingAuditOut(BaseModel):
    """A weak audit of a practitioner's case."""

    audit: str
    reference: str
    grade: str
    final_grades: Json[dict[str, str]] | None


class SupervisionPromptOut(BaseModel):
    """A worker whose audits raised concerns, and the pairs in which they are supervised."""

    practitioner: str
    audits: list[PromptingAuditOut]
    pairs: list[str]


class SupervisionPromptsOut(OfMomentOut):
    """The prompts that no check has answered yet."""

    prompts: list[SupervisionPromptOut]


class SupervisionMatrixOut(OfMomentOut):
    """How many audits there are of each grade (down) by the quality of supervision (across)."""

    audits: list[str]
    checks: list[str]
    counts: list[list[int]]


class SupervisionCheckOut(BaseModel):
    """A check; whether the moderator agrees is worked out."""

    check: str
    pair: str
    supervisor: str
    practitioner: str
    checker: str
    tool: str
    tool_version: int
    team: str
    service: str
    due_on: date
    state: CheckState
    checked_on: date | None
    overall: str | None
    moderator: str | None
    moderation_due_on: date | None
    moderated_overall: str | None
    feedback_on: date | None
    closed_on: date | None
    agrees: bool | None
    version: int


class SupervisionChecksOut(OfMomentOut):
    """The checks that the caller may know of; `next` is the `before` of the page after."""

    checks: list[SupervisionCheckOut]
    next: int | None


class CheckModerationOut(BaseModel):
    """The moderator's own grades."""

    judgements: list[ModeratedJudgement]
    overall: str
    comment: str


class CheckPromptedByOut(BaseModel):
    """An audit that prompted a check and is open to the caller."""

    audit: str
    reference: str


class OpenedSupervisionCheckOut(OfMomentOut):
    """A check with its judgement and the moderator's grades beside it."""

    check: SupervisionCheckOut
    judgement: CheckContent | None
    moderation: CheckModerationOut | None
    feedback: str | None
    prompted_by: list[CheckPromptedByOut]
    names: dict[str, str]


class SupervisionReportOut(BaseModel):
    """Supervision in figures; nobody is named. `totals` are of the whole range."""

    report: str
    title: str
    as_at: ReportMomentOut
    cohort_rule: str
    caveats: list[str]
    rows: list[FigureRowOut]
    totals: list[FigureRowOut]

    @classmethod
    def of(cls, made: SupervisionReport) -> SupervisionReportOut:
        return cls.model_construct(
            None,
            report="supervision",
            title=made.title,
            as_at=ReportMomentOut.of(made),
            cohort_rule=made.cohort_rule,
            caveats=list(made.caveats),
            rows=[*map(FigureRowOut.of, made.rows)],
            totals=[*map(FigureRowOut.of, made.totals)],
        )
