"""Events and contents of one audit for the specifications of the rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.audits.forms import fields_of
from api.audits.sections import sections
from qa.audit_tools.definition import ChildStatus
from qa.audit_tools.files import shipped_tools
from qa.audits import decisions
from qa.audits import events as audit_events
from qa.audits.commands import CorrectAudit, SubmitAudit
from qa.audits.correction import correct
from qa.audits.judgements import (
    AuditContent,
    ModeratedJudgement,
    PlannedAction,
)
from qa.audits.moderation_events import (
    ModerationAssigned,
    ModerationRecorded,
    ModerationSelected,
)
from qa.audits.state import CaseAudit, evolve
from qa.core.event import Event
from qa.moderation.events import DEFAULT_POLICY
from tests.support.council import Browser, Council, answered, content
from tests.support.forms import hidden
from tests.support.given import TODAY, Given, When, given

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


def write_all(browser: Browser, council: Council, audit: str, **values: Any) -> dict[str, str]:
    """Fill every section page of an audit; gives the fields that were written."""
    fields = fields_of(content(council.tool, council.today, **values))
    for section in sections(council.tool, ChildStatus.CHILD_IN_NEED):
        path = f"/audits/{audit}/write/{section.id}"
        page = browser.get(path)
        assert page.status_code == 200, path
        given = {**hidden(page.text), **section.of(fields)}
        saved = browser.post(path, given)
        assert saved.status_code == 303, saved.text
    return fields


def submitted_through_pages(browser: Browser, council: Council, audit: str, **values: Any) -> Any:
    write_all(browser, council, audit, **values)
    page = browser.get(f"/audits/{audit}/check")
    assert "Before you can send this" not in page.text
    return browser.post(f"/audits/{audit}/check", hidden(page.text))


FIELD = "judgements.planning.evidence"
SLIP = "Evidense for Planning and review seen on the file."


def corrected(state: CaseAudit, **values: Any) -> Any:
    command = CorrectAudit(
        **{
            "audit": "a1",
            "field": FIELD,
            "new": SLIP,
            "kind": "typo",
            "reason": "Wrong number.",
            **values,
        }
    )
    return correct(state, TOOL, command, today=TODAY, person_exists=lambda _person: True)


def submit(state: CaseAudit, content: AuditContent, **why: str) -> Any:
    return decisions.submit(
        state,
        SubmitAudit(audit="a1", content=content, why=why),
        TOOL,
        by=AUDITOR,
        today=TODAY,
        person_exists=lambda person: person == "p-worker",
    )


def when_submitted(content: AuditContent) -> When:
    return audit(ALLOCATED, STARTED).when(lambda state: submit(state, content))


def changed(domain: str, **values: Any) -> AuditContent:
    content = content_of()
    judgements = tuple(
        j.model_copy(update=values) if j.domain == domain else j for j in content.judgements
    )
    return answered(content.model_copy(update={"judgements": judgements}), TOOL)


def planned(**values: Any) -> PlannedAction:
    return PlannedAction.model_validate(
        {
            "action": "x1",
            "text": "See the child alone.",
            "kind": "practice",
            "owner": "p-worker",
            "due_on": TODAY + timedelta(days=14),
            **values,
        }
    )
