"""What each event changes in the read rows of search."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Close, Put, RowChange
from projections.search.tables import fold, search_audit, search_text
from qa.actions import events as action_events
from qa.audits import events as audit_events
from qa.audits.judgements import AuditContent
from qa.core.event import RecordedEvent
from qa.core.frozen import ERASED
from qa.moderation import events as moderation_events


class Search:
    """Projects the free text of audits and moderations onto rows that can be searched."""

    name = "search"
    version = 1
    tables = (search_text, search_audit)
    handles = (
        action_events.ActionRaised,
        audit_events.CaseAuditAllocated,
        audit_events.CaseAuditImported,
        audit_events.CaseAuditSubmitted,
        audit_events.CaseAuditResubmitted,
        audit_events.CaseAuditCorrected,
        audit_events.CaseAuditReturned,
        moderation_events.ModerationRecorded,
        moderation_events.GradeReconciled,
        moderation_events.GradeDisputed,
        moderation_events.DisputeDecided,
    )

    def beside(self, connection: Connection, streams: Collection[str]) -> set[str]:
        """The streams that write rows of the same audits: an audit's and those of its actions."""
        fields = {f"action.{s.removeprefix('action:')}" for s in streams if s.startswith("action:")}
        held = {s.removeprefix("case-audit:") for s in streams if s.startswith("case-audit:")}
        held |= {audit for audit, _ in _actions(connection, search_text.c.field, fields)}
        found = {f"case-audit:{audit}" for audit in held}
        for _, name in _actions(connection, search_text.c.audit, held):
            found.add(f"action:{name.removeprefix('action.')}")
        return found

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, action_events.ActionRaised):
            if not event.audit:  # only what audits say is searched
                return ()
            return _texts(event.audit, recorded, {f"action.{event.action}": event.text})
        if not recorded.stream.startswith("case-audit:"):
            return ()
        return _changes(recorded.stream.partition(":")[2], recorded)


def _actions(
    connection: Connection, column: ColumnElement[str], wanted: Collection[str]
) -> set[tuple[str, str]]:
    """Audits with the fields of their actions' texts, at whatever time they stood."""
    found: set[tuple[str, str]] = set()
    asked = sorted(wanted)
    for at in range(0, len(asked), 500):
        query = select(search_text.c.audit, search_text.c.field).where(
            column.in_(asked[at : at + 500]), search_text.c.field.like("action.%")
        )
        found.update(connection.execute(query).tuples())
    return found


def _texts(audit: str, recorded: RecordedEvent[Any], texts: dict[str, str]) -> list[RowChange]:
    return [
        Put(
            search_text,
            {
                "audit": audit,
                "field": field,
                "opened": recorded.position,
                "text": text,
                "folded": fold(text),
            },
        )
        for field, text in texts.items()
        if text.strip() and text != ERASED
    ]


def _content(content: AuditContent) -> dict[str, str]:
    texts = {"rationale": content.rationale, "no_action_reason": content.no_action_reason}
    for judgement in content.judgements:
        at = f"judgements.{judgement.domain}"
        texts[f"{at}.evidence"] = judgement.evidence
        texts[f"{at}.not_applicable_reason"] = judgement.not_applicable_reason
    for index, strength in enumerate(content.strengths):
        texts[f"strengths.{index}.text"] = strength.text
    if content.involvement is not None:
        texts["involvement.note"] = content.involvement.note
    if content.feedback is not None:
        texts["feedback.said"] = content.feedback.said
        texts["feedback.note"] = content.feedback.note
    return texts


def _changes(audit: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    event = recorded.event
    match event:
        case audit_events.CaseAuditAllocated() | audit_events.CaseAuditImported():
            imported = isinstance(event, audit_events.CaseAuditImported)
            row = {
                "audit": audit,
                "reference": event.reference,
                "child": event.child,
                "auditor": event.auditor,
                "team": event.team,
                "service": event.service,
                "submitted": "yes" if imported else None,
            }
            return [Put(search_audit, row)]
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted():
            owned = {"submitted": "yes", "auditor": event.auditor}
            again = isinstance(event, audit_events.CaseAuditResubmitted)
            return [
                Amend(search_audit, (audit,), owned),
                *([Close(search_text, (audit,))] if again else []),
                *_texts(audit, recorded, _content(event.content)),
            ]
        case audit_events.CaseAuditCorrected():
            return _texts(audit, recorded, {event.field: event.new})
        case audit_events.CaseAuditReturned():
            return _texts(audit, recorded, {"returned": event.comments})
        case moderation_events.ModerationRecorded():
            at = f"moderation.{event.moderation}"
            texts = {
                f"{at}.rationale": event.rationale,
                f"{at}.audit_quality_comment": event.audit_quality_comment,
            }
            texts |= {f"{at}.{j.domain}": j.comment for j in event.judgements}
            return _texts(audit, recorded, texts)
        case moderation_events.GradeReconciled():
            return _texts(audit, recorded, {f"consensus.{event.moderation}": event.rationale})
        case moderation_events.GradeDisputed():
            return _texts(audit, recorded, {f"dispute.{event.dispute}": event.grounds})
        case moderation_events.DisputeDecided():
            return _texts(audit, recorded, {f"decision.{event.dispute}": event.reasons})
        case _:
            return []


PROJECTORS = (Search,)
