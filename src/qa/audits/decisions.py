"""Decisions on a case audit: allocate, start, submit, return, withdraw, void, finalise.

State in, events out; no I/O and no clock. Corrections are decided in `qa.audits.correction`,
moderation (on the same stream) in `qa.moderation.decisions`. State machine:
``docs/explanation/state-machines.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from qa.audit_tools.definition import ToolDefinition
from qa.audits import commands
from qa.audits import events as audit_events
from qa.audits.comparison import explain_changes
from qa.audits.correction import supersede_completed
from qa.audits.judgements import IndependenceException
from qa.audits.moderation_events import ModerationCancelled
from qa.audits.state import CaseAudit, final_grade, known, standing
from qa.audits.submission import check
from qa.core.errors import Fault, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.words import AuditStatus, ModerationStatus


def allocate(
    audit: CaseAudit, allocation: audit_events.CaseAuditAllocated, *, today: date
) -> list[Event]:
    """Give an audit of one child's file to an auditor.

    Raises:
        NotNow: the audit exists already.
        Refused: child reference or dates are wrong; every fault named.
    """
    if audit.exists:
        raise NotNow("This audit is already allocated.", code="already-allocated")
    faults: list[Fault] = []
    faults += child_faults(allocation.child)
    if allocation.practice_to < allocation.practice_from:
        faults.append(
            Fault("practice_to", "dates-reversed", "The practice period ends before it begins.")
        )
    if allocation.practice_to > today:
        faults.append(
            Fault("practice_to", "date-future", "The practice period must not end in the future.")
        )
    if allocation.due_on < today:
        faults.append(Fault("due_on", "date-past", "The due date must not be in the past."))
    refuse_any(faults)
    return [allocation]


def child_faults(child: str) -> list[Fault]:
    """A child reference is a local identifier with digits in it, never a name."""
    if not child:
        return [Fault("child", "child-missing", "Enter the child's local reference.")]
    if len(child) > 40 or not all(c.isalnum() or c in "-./_" for c in child):
        return [
            Fault(
                "child",
                "child-malformed",
                "A child's reference has up to 40 letters, digits, dots, hyphens or slashes and "
                "no spaces. Never enter a name.",
            )
        ]
    if not any(c.isdigit() for c in child):
        return [
            Fault(
                "child",
                "child-looks-like-name",
                "This looks like a name. Enter the child's local reference, which has digits.",
            )
        ]
    return []


def may_be_audited(child: str, *, holder_known: bool) -> None:
    """Raises `Refused` for a case holder who is not on record, or a malformed reference."""
    if not holder_known:
        raise Refused(
            "Choose the case holder from the list.", field="case_holder", code="person-unknown"
        )
    refuse_any(child_faults(child))


def _unsubmitted(audit: CaseAudit) -> None:
    standing(audit)
    open_at = (AuditStatus.ALLOCATED, AuditStatus.IN_PROGRESS, AuditStatus.RETURNED)
    if audit.status not in open_at:
        raise NotNow("This audit is already submitted.", code="already-submitted")


def reassign(
    audit: CaseAudit,
    command: commands.ReassignAudit,
    *,
    exceptions: tuple[IndependenceException, ...],
) -> list[Event]:
    """Hand an audit that is not yet submitted to another auditor."""
    standing(audit)
    if audit.status not in (AuditStatus.ALLOCATED, AuditStatus.IN_PROGRESS):
        raise NotNow(
            "Only an audit that is not yet submitted can be reassigned.", code="already-submitted"
        )
    faults = command.faults()
    if command.auditor == audit.auditor:
        sentence = "The audit is already with this auditor."
        faults.insert(0, Fault("auditor", "same-auditor", sentence))
    refuse_any(faults)
    return [
        audit_events.CaseAuditReassigned(
            old=audit.auditor, new=command.auditor, exceptions=exceptions
        )
    ]


def change_team(
    audit: CaseAudit, *, team: str, team_name: str, service: str, service_name: str
) -> list[Event]:
    """Let an audit that was never submitted belong to the team that takes over from its own."""
    return [
        audit_events.CaseAuditTeamChanged(
            old_team=audit.team,
            new_team=team,
            new_team_name=team_name,
            old_service=audit.service,
            new_service=service,
            new_service_name=service_name,
        )
    ]


def extend(audit: CaseAudit, command: commands.ExtendAudit, *, today: date) -> list[Event]:
    """Move the due date of an audit that is not yet submitted to a later day."""
    _unsubmitted(audit)
    faults, due_on = command.faults(), command.due_on
    if audit.due_on is None or due_on <= audit.due_on or due_on < today:
        sentence = "The new due date must be later than the one before it and not in the past."
        raise Refused([Fault("due_on", "date-not-later", sentence), *faults])
    refuse_any(faults)
    return [audit_events.CaseAuditExtended(old=audit.due_on, new=due_on)]


def start(audit: CaseAudit, *, by: str) -> list[Event]:
    """Note that the auditor began. Says nothing twice."""
    _unsubmitted(audit)
    if audit.status is AuditStatus.ALLOCATED:
        return [audit_events.CaseAuditStarted(auditor=by)]
    return []


def submit(
    audit: CaseAudit,
    command: commands.SubmitAudit,
    tool: ToolDefinition,
    *,
    by: str,
    today: date,
    person_exists: Callable[[str], bool],
) -> list[Event]:
    """Submit the audit, or submit a returned one again.

    Raises:
        NotNow: already submitted, or withdrawn or voided.
        Refused: every fault of the content, named by field; or a change without its reason.
    """
    _unsubmitted(audit)
    content = command.content
    faults = check(content, tool, today=today, person_exists=person_exists)
    if audit.status is not AuditStatus.RETURNED or audit.content is None:
        refuse_any(faults)
        return [audit_events.CaseAuditSubmitted(auditor=by, content=content)]
    changes, unexplained = explain_changes(audit.content, content, command.why)
    if faults or unexplained:
        raise Refused([*faults, *unexplained])
    return [audit_events.CaseAuditResubmitted(auditor=by, content=content, changes=changes)]


def send_back(audit: CaseAudit, command: commands.ReturnAudit) -> list[Event]:
    """Return a submitted audit to its author, saying what is missing."""
    standing(audit)
    if audit.content is None or audit.status in (
        AuditStatus.FINALISED,
        AuditStatus.RETURNED,
        AuditStatus.DISPUTED,
    ):
        raise NotNow("This audit cannot be returned now.", code="not-returnable")
    command.refuse_faults()
    return [
        audit_events.CaseAuditReturned(comments=command.comments.strip(), fields=command.fields)
    ]


def cancel_moderations(audit: CaseAudit) -> list[Event]:
    return [
        ModerationCancelled(moderation=moderation.id)
        for moderation in audit.moderations.values()
        if moderation.status not in (ModerationStatus.CANCELLED, ModerationStatus.SUPERSEDED)
    ]


def withdraw(audit: CaseAudit, command: commands.WithdrawAudit) -> list[Event]:
    """Take an audit out of the figures. Its moderations go with it; everything stays readable."""
    standing(audit)
    command.refuse_faults()
    return [*cancel_moderations(audit), audit_events.CaseAuditWithdrawn()]


def void(audit: CaseAudit, command: commands.VoidAudit) -> list[Event]:
    """Declare that the audit should never have existed."""
    known(audit)
    if audit.status is AuditStatus.VOIDED:
        raise NotNow("This audit is cancelled already.", code="audit-ended")
    command.refuse_faults()
    return [*cancel_moderations(audit), audit_events.CaseAuditVoided()]


def finalise(audit: CaseAudit) -> list[Event]:
    """Let the auditor's grade count where no moderation is asked for."""
    standing(audit)
    if audit.status not in (AuditStatus.NOT_SELECTED, AuditStatus.SUBMITTED):
        raise NotNow(
            "Only an audit that is submitted and not selected for moderation is finalised by hand.",
            code="not-finalisable",
        )
    if audit.overall is None:
        raise NotNow("This audit has no grade yet.", code="not-submitted")
    return [final_grade(audit.overall, "auditor", "not-selected-for-moderation", audit)]


def reopen(audit: CaseAudit, command: commands.ReopenAudit) -> list[Event]:
    """Take a final grade back; completed moderations are superseded."""
    standing(audit)
    if audit.status is not AuditStatus.FINALISED or audit.final_grade is None:
        raise NotNow("Only a finalised audit can be reopened.", code="not-finalised")
    command.refuse_faults()
    superseded = supersede_completed(audit, cause="reopened")
    return superseded or [audit_events.CaseAuditReopened(was=audit.final_grade)]
