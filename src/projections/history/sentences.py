"""What a fact says in one sentence of plain words, and the person it is about."""

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
from qa.core.fact import Fact
from qa.imports import events as import_events
from qa.inspections import events as inspection_events
from qa.moderation import events as moderation_events
from qa.notifications import events as notification_events
from qa.people import events as people_events
from qa.publishing import events as publishing_events


def words(code: str | None) -> str:
    """A stored code as words: "requires-improvement" → "Requires improvement"."""
    return "" if code is None else code.replace("-", " ").replace("_", " ").capitalize()


def _share(fact: moderation_events.ModerationPolicySet) -> str:
    return (
        f"Set version {fact.policy_version} of the moderation policy: "
        f"{fact.share_percent}% drawn by lottery"
        + (", every audit in the lowest grade" if fact.every_inadequate else "")
        + (", every audit in the highest grade" if fact.every_outstanding else "")
        + f", the first {fact.first_audits_of_new_auditor} of a new auditor"
    )


def sentence(fact: Fact) -> tuple[str, str | None]:
    """What a fact says, and the person it is about where there is one (shown by name)."""
    match fact:
        case audit_events.CaseAuditAllocated():
            return f"Allocated audit {fact.reference}, due {fact.due_on.isoformat()}", fact.auditor
        case audit_events.CaseAuditReassigned():
            return "Handed the audit over", fact.new
        case audit_events.CaseAuditExtended():
            return f"Moved the due date from {fact.old} to {fact.new}", None
        case audit_events.CaseAuditStarted():
            return "Began the audit", None
        case audit_events.CaseAuditSubmitted():
            return f"Submitted the audit: {words(fact.content.overall)}", None
        case audit_events.CaseAuditResubmitted():
            return (
                f"Submitted the audit again: {words(fact.content.overall)}, "
                f"{len(fact.changes)} changed",
                None,
            )
        case audit_events.CaseAuditCorrected():
            kind = "a typing error" if fact.kind == "typo" else "a matter of fact"
            return f"Corrected {kind}", None
        case audit_events.CaseAuditReturned():
            return "Returned the audit to its author", None
        case audit_events.CaseAuditFinalised():
            return (
                f"Final grade: {words(fact.grade)} (from {words(fact.source).lower()})",
                None,
            )
        case audit_events.CaseAuditReopened():
            return f"Took the final grade back; it was {words(fact.was)}", None
        case audit_events.CaseAuditImported():
            return f"Imported audit {fact.reference}: {words(fact.overall)}", fact.auditor
        case moderation_events.ModerationSelected():
            return f"Picked for moderation ({', '.join(map(words, fact.reasons))})", None
        case moderation_events.ModerationNotSelected():
            return "Not picked for moderation", None
        case moderation_events.ModerationAssigned():
            how = "blind" if fact.blind and not fact.already_seen else "open"
            seen = "; the moderator had seen the judgement" if fact.already_seen else ""
            return f"Assigned the moderation ({how}{seen})", fact.moderator
        case moderation_events.ModerationUnblinded():
            return "Opened the judgement to the moderator: no longer blind", None
        case moderation_events.ModerationRecorded():
            return f"Recorded the moderator's judgement: {words(fact.overall)}", None
        case moderation_events.ModerationImported():
            return (
                f"Imported moderation {fact.reference}: {words(fact.overall)}",
                fact.moderator,
            )
        case moderation_events.ModerationConversationHeld():
            return f"Talked the difference over on {fact.held_on.isoformat()}", None
        case moderation_events.GradeReconciled():
            return f"Agreed on one grade: {words(fact.overall)}", None
        case moderation_events.GradeDisputed():
            return f"Disputed the grade ({', '.join(map(words, fact.about))})", None
        case moderation_events.DisputeAssigned():
            return "Named who decides the dispute", fact.decider
        case moderation_events.DisputeDecided():
            return (
                f"Decided the dispute: {words(fact.outcome).lower()}, grade {words(fact.overall)}",
                None,
            )
        case moderation_events.ModerationSuperseded():
            return f"The moderation no longer stands: the audit was {fact.cause}", None
        case moderation_events.ModerationPolicySet():
            return _share(fact), None
        case _:
            return (
                action_entries.sentence(fact)
                or concern_entries.sentence(fact)
                or follow_up_entries.sentence(fact)
                or learning_entries.sentence(fact)
                or response_entries.sentence(fact)
                or supervision_entries.sentence(fact)
                or _other(fact)
            )


def _other(fact: Fact) -> tuple[str, str | None]:
    match fact:
        case tool_events.ScalePublished():
            return f"Published the scale “{fact.scale.name}”, version {fact.scale.version}", None
        case tool_events.AuditToolRevised():
            return f"Edited the tool “{fact.definition.title}”", None
        case tool_events.AuditToolPublished():
            return f"Published “{fact.definition.title}”, version {fact.tool_version}", None
        case tool_events.AuditToolRetired():
            return "Retired the tool", None
        case people_events.PersonAdded():
            return "Added to Caseloop", fact.person
        case people_events.RoleGranted() | people_events.RoleEnded():
            verb = "Granted" if isinstance(fact, people_events.RoleGranted) else "Ended"
            grant = fact.grant
            where = "" if grant.scope.code is None else f", {grant.scope.kind} {grant.scope.code}"
            return f"{verb} the role {grant.role.label}{where}", None
        case people_events.SignInChanged():
            return f"Sign-in: {words(fact.what).lower()}", None
        case people_events.DeputyNamed():
            return f"Named a deputy from {fact.since} to {fact.until}", fact.deputy
        case people_events.DeputyEnded():
            return f"Ended the standing in that began on {fact.since}", fact.deputy
        case notification_events.ReminderPolicySet():
            return f"Set version {fact.policy_version} of the steps of reminders", None
        case people_events.TeamOpened():
            return f"Opened the team {fact.name} in {fact.service_name}", None
        case inspection_events.InspectorRoomOpened():
            return f"Opened the inspector room “{fact.title}” until {fact.until}", fact.inspector
        case inspection_events.InspectorRoomExtended():
            return f"Moved the last day of the inspector room from {fact.old} to {fact.new}", None
        case inspection_events.InspectorRoomClosed():
            return "Closed the inspector room", None
        case inspection_events.InspectorQuestionAsked():
            return "Asked a question", None
        case inspection_events.InspectorQuestionAnswered():
            return "Answered a question", None
        case publishing_events.ReportPublished():
            return f"Published “{fact.title}” as known at position {fact.position}", None
        case publishing_events.ReportCommented():
            return "Commented on the published report", None
        case publishing_events.ReportRestated():
            figures = "1 figure" if fact.figures == 1 else f"{fact.figures} figures"
            return f"Restated {figures} as known at position {fact.upto}", None
        case publishing_events.ReportWithdrawn():
            return "Withdrew the published report", None
        case import_events.ImportBatchRecorded():
            return f"Imported {fact.imported} of {fact.rows} rows of {fact.file_name}", None
        case import_events.ImportBatchReversed():
            return f"Reversed the import: {fact.records} records", None
        case _:
            told = plan_sentences.said(fact) or indicator_entries.sentence(fact)
            return told or words(_spaced(fact.TYPE)), None


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
