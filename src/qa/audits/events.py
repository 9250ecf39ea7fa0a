"""Events of a case audit (stream ``case-audit:<id>``): allocated, judged, corrected, finalised.

The events of its moderation stand on the same stream (`moderation_events`), so that one version
guards both. Four dates never stand for one another: the practice period that is judged, the date
of the audit, the day it was submitted and the instant it was recorded.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from qa.audits.judgements import (
    AgreedGrade,
    AnswerChange,
    AuditContent,
    ImportedJudgement,
    IndependenceException,
    StatedAudit,
    StatedText,
)
from qa.core.event import Event
from qa.core.frozen import SealedText


def case_audit_stream(audit: str) -> str:
    return f"case-audit:{audit}"


class CaseAuditAllocated(Event):
    """An audit of one child's file was given to an auditor, with the tool version they will use.

    Team, service and their names, case holder and manager are as they were on this day.
    """

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


class CaseAuditReassigned(Event):
    old: str
    new: str
    exceptions: tuple[IndependenceException, ...] = ()


class CaseAuditTeamChanged(Event):
    """The team was closed before the audit was submitted: another one took over."""

    old_team: str
    new_team: str
    new_team_name: str
    old_service: str
    new_service: str
    new_service_name: str


class CaseAuditExtended(Event):
    """The due date moved. The first due date stays in the event of allocation for ever."""

    old: date
    new: date


class CaseAuditStarted(Event):
    """The auditor opened the file to judge it. From here on they can never moderate it."""

    auditor: str


class CaseAuditSubmitted(Event):
    """The auditor's judgement. It is never altered; what follows stands beside it."""

    SCHEMA: ClassVar[int] = 2
    auditor: str
    content: AuditContent


class CaseAuditCorrected(Event):
    """One field that is not a judgement was put right; old and new both stay.

    A corrected date also stands in `new_date`, unsealed like the date it corrects: figures count
    by it even when the texts about the child are erased.
    """

    field: str
    old: SealedText
    new: SealedText
    kind: Literal["typo", "fact"]
    new_date: date | None = None

    @property
    def corrected_to(self) -> str:
        """The new value as text: of a date also where the text is erased."""
        return self.new if self.new_date is None else self.new_date.isoformat()


class CaseAuditTypingAsked(Event):
    """Somebody says that a change beyond a small edit is typing. It waits for somebody else, and
    neither the text nor what was judged changes until then."""

    field: str
    old: SealedText
    new: SealedText


class CaseAuditTypingConfirmed(Event):
    """Somebody else agrees that it is typing: the correction follows, and nothing lapses."""

    field: str


class CaseAuditTypingRefused(Event):
    """It is no typing, or was taken back: the text stays as it was."""

    field: str


TYPING = (CaseAuditTypingAsked, CaseAuditTypingConfirmed, CaseAuditTypingRefused)


class CaseAuditChoiceCorrected(Event):
    """A grade, an answer or another choice that was wrongly entered was put right.

    A grade only until somebody moderated it. Choices are no free text, so nothing is sealed.
    """

    field: str
    old: str
    new: str


class CaseAuditReturned(Event):
    """A moderator or QA lead sent the audit back to its author, saying what is missing."""

    comments: SealedText
    fields: tuple[str, ...] = ()


class CaseAuditResubmitted(Event):
    SCHEMA: ClassVar[int] = 2
    auditor: str
    content: AuditContent
    changes: tuple[AnswerChange, ...]


class CaseAuditWithdrawn(Event):
    """The audit no longer counts, though it was properly made (for example: wrong sample)."""


class CaseAuditVoided(Event):
    """The audit should never have existed (for example: wrong child, reversed import)."""


class CaseAuditFinalised(Event):
    """The grade that counts from here on, where it came from and what it rests on.

    `cites` are the event ids of the judgements it came from. Where the tool has no overall grade
    `grade` is empty, and `judgements` are the domain grades that count.
    """

    SCHEMA: ClassVar[int] = 2
    grade: str
    source: Literal["auditor", "moderator", "consensus", "senior-decision"]
    rule: str
    cites: tuple[str, ...] = Field(min_length=1)
    judgements: tuple[AgreedGrade, ...] = ()


class CaseAuditReopened(Event):
    """A final grade no longer stands; the audit waits for a new one."""

    was: str


class CaseAuditImported(Event):
    """An audit made elsewhere was brought in, as its file states it and no more."""

    SCHEMA: ClassVar[int] = 3
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
    overall: str = ""
    texts: tuple[StatedText, ...] = ()

    @property
    def stated(self) -> StatedAudit:
        return StatedAudit.model_validate({n: getattr(self, n) for n in StatedAudit.model_fields})


class CaseAuditImportCorrected(Event):
    """A later file states an imported audit otherwise, and somebody took that as a correction."""

    SCHEMA: ClassVar[int] = 3
    old: StatedAudit
    new: StatedAudit

    @property
    def regraded(self) -> bool:
        return (self.old.overall, self.old.judgements) != (self.new.overall, self.new.judgements)
