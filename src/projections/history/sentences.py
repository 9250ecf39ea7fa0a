"""What an event says in one sentence of plain words, and the person it is about."""

from __future__ import annotations

from projections.history import (
    action_entries,
    concern_entries,
    follow_up_entries,
    indicator_entries,
    learning_entries,
    plan_sentences,
    response_entries,
    supervision_entries,
)
from qa.audit_tools import events as tool_events
from qa.audits import events as audit_events
from qa.core.event import Event
from qa.imports import events as import_events
from qa.inspections import events as inspection_events
from qa.moderation import events as moderation_events
from qa.notifications import events as notification_events
from qa.people import events as people_events
from qa.publishing import events as publishing_events


def words(code: str | None) -> str:
    """A stored code as words: "requires-improvement" → "Requires improvement"."""
    return "" if code is None else code.replace("-", " ").replace("_", " ").capitalize()


def _share(event: moderation_events.ModerationPolicySet) -> str:
    return (
        f"Set version {event.policy_version} of the moderation policy: "
        f"{event.share_percent}% drawn by lottery"
        + (", every audit in the lowest grade" if event.every_inadequate else "")
        + (", every audit in the highest grade" if event.every_outstanding else "")
        + f", the first {event.first_audits_of_new_auditor} of a new auditor"
    )


def sentence(event: Event) -> tuple[str, str | None]:
    """What an event says, and the person it is about where there is one (shown by name)."""
    match event:
        case audit_events.CaseAuditAllocated():
            return (
                f"Allocated audit {event.reference}, due {event.due_on.isoformat()}",
                event.auditor,
            )
        case audit_events.CaseAuditReassigned():
            return "Handed the audit over", event.new
        case audit_events.CaseAuditExtended():
            return f"Moved the due date from {event.old} to {event.new}", None
        case audit_events.CaseAuditStarted():
            return "Began the audit", None
        case audit_events.CaseAuditSubmitted():
            return f"Submitted the audit: {words(event.content.overall)}", None
        case audit_events.CaseAuditResubmitted():
            return (
                f"Submitted the audit again: {words(event.content.overall)}, "
                f"{len(event.changes)} changed",
                None,
            )
        case audit_events.CaseAuditCorrected():
            kind = "a typing error" if event.kind == "typo" else "a matter of fact"
            return f"Corrected {kind}", None
        case audit_events.CaseAuditReturned():
            return "Returned the audit to its author", None
        case audit_events.CaseAuditFinalised():
            return (
                f"Final grade: {words(event.grade)} (from {words(event.source).lower()})",
                None,
            )
        case audit_events.CaseAuditReopened():
            return f"Took the final grade back; it was {words(event.was)}", None
        case audit_events.CaseAuditImported():
            return f"Imported audit {event.reference}: {words(event.overall)}", event.auditor
        case moderation_events.ModerationSelected():
            return f"Picked for moderation ({', '.join(map(words, event.reasons))})", None
        case moderation_events.ModerationNotSelected():
            return "Not picked for moderation", None
        case moderation_events.ModerationAssigned():
            how = "blind" if event.blind and not event.already_seen else "open"
            seen = "; the moderator had seen the judgement" if event.already_seen else ""
            return f"Assigned the moderation ({how}{seen})", event.moderator
        case moderation_events.ModerationUnblinded():
            return "Opened the judgement to the moderator: no longer blind", None
        case moderation_events.ModerationRecorded():
            return f"Recorded the moderator's judgement: {words(event.overall)}", None
        case moderation_events.ModerationImported():
            return (
                f"Imported moderation {event.reference}: {words(event.overall)}",
                event.moderator,
            )
        case moderation_events.ModerationConversationHeld():
            return f"Talked the difference over on {event.held_on.isoformat()}", None
        case moderation_events.GradeReconciled():
            return f"Agreed on one grade: {words(event.overall)}", None
        case moderation_events.GradeDisputed():
            return f"Disputed the grade ({', '.join(map(words, event.about))})", None
        case moderation_events.DisputeAssigned():
            return "Named who decides the dispute", event.decider
        case moderation_events.DisputeDecided():
            return (
                f"Decided the dispute: {words(event.outcome).lower()}, "
                f"grade {words(event.overall)}",
                None,
            )
        case moderation_events.ModerationSuperseded():
            return f"The moderation no longer stands: the audit was {event.cause}", None
        case moderation_events.ModerationPolicySet():
            return _share(event), None
        case _:
            return (
                action_entries.sentence(event)
                or concern_entries.sentence(event)
                or follow_up_entries.sentence(event)
                or learning_entries.sentence(event)
                or response_entries.sentence(event)
                or supervision_entries.sentence(event)
                or _other(event)
            )


def _other(event: Event) -> tuple[str, str | None]:
    match event:
        case tool_events.ScalePublished():
            return f"Published the scale “{event.scale.name}”, version {event.scale.version}", None
        case tool_events.AuditToolRevised():
            return f"Edited the tool “{event.definition.title}”", None
        case tool_events.AuditToolPublished():
            return f"Published “{event.definition.title}”, version {event.tool_version}", None
        case tool_events.AuditToolRetired():
            return "Retired the tool", None
        case people_events.PersonAdded():
            return "Added to Caseloop", event.person
        case people_events.RoleGranted() | people_events.RoleEnded():
            verb = "Granted" if isinstance(event, people_events.RoleGranted) else "Ended"
            grant = event.grant
            where = "" if grant.scope.code is None else f", {grant.scope.kind} {grant.scope.code}"
            return f"{verb} the role {grant.role.label}{where}", None
        case people_events.SignInChanged():
            return f"Sign-in: {words(event.what).lower()}", None
        case people_events.DeputyNamed():
            return f"Named a deputy from {event.since} to {event.until}", event.deputy
        case people_events.DeputyEnded():
            return f"Ended the standing in that began on {event.since}", event.deputy
        case notification_events.ReminderPolicySet():
            return f"Set version {event.policy_version} of the steps of reminders", None
        case people_events.TeamOpened():
            return f"Opened the team {event.name} in {event.service_name}", None
        case inspection_events.InspectorRoomOpened():
            return f"Opened the inspector room “{event.title}” until {event.until}", event.inspector
        case inspection_events.InspectorRoomExtended():
            return f"Moved the last day of the inspector room from {event.old} to {event.new}", None
        case inspection_events.InspectorRoomClosed():
            return "Closed the inspector room", None
        case inspection_events.InspectorQuestionAsked():
            return "Asked a question", None
        case inspection_events.InspectorQuestionAnswered():
            return "Answered a question", None
        case publishing_events.ReportPublished():
            return f"Published “{event.title}” as known at position {event.position}", None
        case publishing_events.ReportCommented():
            return "Commented on the published report", None
        case publishing_events.ReportRestated():
            figures = "1 figure" if event.figures == 1 else f"{event.figures} figures"
            return f"Restated {figures} as known at position {event.upto}", None
        case publishing_events.ReportWithdrawn():
            return "Withdrew the published report", None
        case import_events.ImportBatchRecorded():
            return f"Imported {event.imported} of {event.rows} rows of {event.file_name}", None
        case import_events.ImportBatchReversed():
            return f"Reversed the import: {event.records} records", None
        case _:
            told = plan_sentences.said(event) or indicator_entries.sentence(event)
            return told or words(_spaced(event.TYPE)), None


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
