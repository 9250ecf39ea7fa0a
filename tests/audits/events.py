"""Events and contents of one audit for the specifications of the rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qa.audit_tools.files import shipped_tools
from qa.audits import events as audit_events
from qa.audits.judgements import AuditContent, ModeratedJudgement
from qa.audits.moderation_events import ModerationAssigned, ModerationRecorded, ModerationSelected
from qa.audits.state import CaseAudit, evolve
from qa.core.event import Event
from qa.moderation.events import DEFAULT_POLICY
from tests.support.council import content
from tests.support.given import TODAY, Given, given

TOOL = shipped_tools()[0]
POLICY = DEFAULT_POLICY
AUDITOR, MODERATOR, DECIDER = "p-auditor", "p-moderator", "p-decider"
M1 = "m1"

ALLOCATED = audit_events.CaseAuditAllocated(
    reference="CA-1",
    child="C-1001",
    tool=TOOL.id,
    tool_version=1,
    auditor=AUDITOR,
    team="east",
    team_name="East",
    service="safeguarding",
    service_name="Safeguarding",
    case_holder="p-worker",
    case_manager="p-manager",
    practice_from=TODAY - timedelta(days=180),
    practice_to=TODAY,
    due_on=TODAY + timedelta(days=28),
)
STARTED = audit_events.CaseAuditStarted(auditor=AUDITOR)


def content_of(overall: str = "good", **values: Any) -> AuditContent:
    return content(TOOL, TODAY, overall, **values)


def submitted(overall: str = "good", **values: Any) -> audit_events.CaseAuditSubmitted:
    return audit_events.CaseAuditSubmitted(auditor=AUDITOR, content=content_of(overall, **values))


SELECTED = ModerationSelected(
    moderation=M1, policy_version=1, reasons=("random",), draw=1, due_on=TODAY
)


def assigned(blind: bool = True, **values: Any) -> ModerationAssigned:
    return ModerationAssigned(
        moderation=M1, moderator=MODERATOR, blind=blind, due_on=TODAY, **values
    )


def judged(overall: str = "good", day: date = TODAY) -> ModerationRecorded:
    return ModerationRecorded(
        moderation=M1,
        moderator=MODERATOR,
        audit_version=3,
        overall=overall,
        rationale="The file supports this.",
        judgements=tuple(
            ModeratedJudgement(domain=j.domain, grade="good") for j in content_of().judgements
        ),
        moderated_on=day,
    )


def finalised(grade: str = "good", source: str = "auditor") -> audit_events.CaseAuditFinalised:
    return audit_events.CaseAuditFinalised.model_validate(
        {"grade": grade, "source": source, "rule": "rule", "cites": ("fact-2",)}
    )


def audit(*past: Event) -> Given[CaseAudit]:
    """An audit with this past."""
    return given(CaseAudit(), evolve, *past)
