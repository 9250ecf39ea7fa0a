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
from qa.audit_tools import events as tools
from qa.audits import events as audits
from qa.core.fact import Fact
from qa.imports import events as batches
from qa.inspections import events as inspection
from qa.moderation import events as moderating
from qa.notifications import events as reminder
from qa.people import events as people
from qa.publishing import events as published


def words(code: str | None) -> str:
    """A stored code as words: "requires-improvement" → "Requires improvement"."""
    return "" if code is None else code.replace("-", " ").replace("_", " ").capitalize()


def _share(fact: moderating.ModerationPolicySet) -> str:
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
        case audits.CaseAuditAllocated():
            return f"Allocated audit {fact.reference}, due {fact.due_on.isoformat()}", fact.auditor
        case audits.CaseAuditReassigned():
            return "Handed the audit over", fact.new
        case audits.CaseAuditExtended():
            return f"Moved the due date from {fact.old} to {fact.new}", None
        case audits.CaseAuditStarted():
            return "Began the audit", None
        case audits.CaseAuditSubmitted():
            return f"Submitted the audit: {words(fact.content.overall)}", None
        case audits.CaseAuditResubmitted():
            return (
                f"Submitted the audit again: {words(fact.content.overall)}, "
                f"{len(fact.changes)} changed",
                None,
            )
        case audits.CaseAuditCorrected():
            kind = "a typing error" if fact.kind == "typo" else "a matter of fact"
            return f"Corrected {kind}", None
        case audits.CaseAuditReturned():
            return "Returned the audit to its author", None
        case audits.CaseAuditFinalised():
            return (
                f"Final grade: {words(fact.grade)} (from {words(fact.source).lower()})",
                None,
            )
        case audits.CaseAuditReopened():
            return f"Took the final grade back; it was {words(fact.was)}", None
        case audits.CaseAuditImported():
            return f"Imported audit {fact.reference}: {words(fact.overall)}", fact.auditor
        case moderating.ModerationSelected():
            return f"Picked for moderation ({', '.join(map(words, fact.reasons))})", None
        case moderating.ModerationNotSelected():
            return "Not picked for moderation", None
        case moderating.ModerationAssigned():
            how = "blind" if fact.blind and not fact.already_seen else "open"
            seen = "; the moderator had seen the judgement" if fact.already_seen else ""
            return f"Assigned the moderation ({how}{seen})", fact.moderator
        case moderating.ModerationUnblinded():
            return "Opened the judgement to the moderator: no longer blind", None
        case moderating.ModerationRecorded():
            return f"Recorded the moderator's judgement: {words(fact.overall)}", None
        case moderating.ModerationImported():
            return (
                f"Imported moderation {fact.reference}: {words(fact.overall)}",
                fact.moderator,
            )
        case moderating.ModerationConversationHeld():
            return f"Talked the difference over on {fact.held_on.isoformat()}", None
        case moderating.GradeReconciled():
            return f"Agreed on one grade: {words(fact.overall)}", None
        case moderating.GradeDisputed():
            return f"Disputed the grade ({', '.join(map(words, fact.about))})", None
        case moderating.DisputeAssigned():
            return "Named who decides the dispute", fact.decider
        case moderating.DisputeDecided():
            return (
                f"Decided the dispute: {words(fact.outcome).lower()}, grade {words(fact.overall)}",
                None,
            )
        case moderating.ModerationSuperseded():
            return f"The moderation no longer stands: the audit was {fact.cause}", None
        case moderating.ModerationPolicySet():
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
        case tools.ScalePublished():
            return f"Published the scale “{fact.scale.name}”, version {fact.scale.version}", None
        case tools.AuditToolRevised():
            return f"Edited the tool “{fact.definition.title}”", None
        case tools.AuditToolPublished():
            return f"Published “{fact.definition.title}”, version {fact.tool_version}", None
        case tools.AuditToolRetired():
            return "Retired the tool", None
        case people.PersonAdded():
            return "Added to Caseloop", fact.person
        case people.RoleGranted() | people.RoleEnded():
            verb = "Granted" if isinstance(fact, people.RoleGranted) else "Ended"
            grant = fact.grant
            where = "" if grant.scope.code is None else f", {grant.scope.kind} {grant.scope.code}"
            return f"{verb} the role {grant.role.label}{where}", None
        case people.SignInChanged():
            return f"Sign-in: {words(fact.what).lower()}", None
        case people.DeputyNamed():
            return f"Named a deputy from {fact.since} to {fact.until}", fact.deputy
        case people.DeputyEnded():
            return f"Ended the standing in that began on {fact.since}", fact.deputy
        case reminder.ReminderPolicySet():
            return f"Set version {fact.policy_version} of the steps of reminders", None
        case people.TeamOpened():
            return f"Opened the team {fact.name} in {fact.service_name}", None
        case inspection.InspectorRoomOpened():
            return f"Opened the inspector room “{fact.title}” until {fact.until}", fact.inspector
        case inspection.InspectorRoomExtended():
            return f"Moved the last day of the inspector room from {fact.old} to {fact.new}", None
        case inspection.InspectorRoomClosed():
            return "Closed the inspector room", None
        case inspection.InspectorQuestionAsked():
            return "Asked a question", None
        case inspection.InspectorQuestionAnswered():
            return "Answered a question", None
        case published.ReportPublished():
            return f"Published “{fact.title}” as known at position {fact.position}", None
        case published.ReportCommented():
            return "Commented on the published report", None
        case published.ReportRestated():
            figures = "1 figure" if fact.figures == 1 else f"{fact.figures} figures"
            return f"Restated {figures} as known at position {fact.upto}", None
        case published.ReportWithdrawn():
            return "Withdrew the published report", None
        case batches.ImportBatchRecorded():
            return f"Imported {fact.imported} of {fact.rows} rows of {fact.file_name}", None
        case batches.ImportBatchReversed():
            return f"Reversed the import: {fact.records} records", None
        case _:
            told = plan_sentences.said(fact) or indicator_entries.sentence(fact)
            return told or words(_spaced(fact.TYPE)), None


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
