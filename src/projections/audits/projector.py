"""What each event of a case audit and of its moderation changes in the register."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from projections.audits.exceptions import exception_changes
from projections.audits.moderation_projector import (
    NOT_FINAL,
    OnAudit,
    audit_of,
    iso,
    moderation_changes,
    on_audit_row,
)
from projections.audits.tables import (
    AUDITS,
    CONTENTS,
    CORRECTIONS,
    EXCEPTIONS,
    JOINED_CHILDREN,
    JOINED_PEOPLE,
    MODERATIONS,
    TYPING,
    AuditRow,
    ContentRow,
    CorrectionRow,
    TypingRow,
)
from projections.core.base import RowChange
from projections.core.typed_rows import JsonText
from projections.figures.joined_children import CHILD_JOININGS
from projections.figures.joined_people import JOININGS
from qa.audits import events as audit_events
from qa.audits.comparison import AnyJudgement, GradesGiven
from qa.audits.judgements import AuditContent, StatedAudit
from qa.audits.moderation_events import (
    ModerationNotSelected,
)
from qa.core.clock import civil_day, microseconds
from qa.core.event import RecordedEvent
from qa.core.naming import reference_key
from qa.core.words import AuditStatus


class CaseAudits:
    """Projects the events of case audits and their moderation onto the register."""

    name = "case_audits"
    version = 12
    tables = (
        AUDITS.table,
        CONTENTS.table,
        CORRECTIONS.table,
        EXCEPTIONS.table,
        TYPING.table,
        MODERATIONS.table,
        JOINED_PEOPLE.table,
        JOINED_CHILDREN.table,
    )
    by_stream = True

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        if isinstance(recorded.event, JOININGS):
            return [JOINED_PEOPLE.change(recorded)]
        if isinstance(recorded.event, CHILD_JOININGS):
            return [JOINED_CHILDREN.change(recorded)]
        if not recorded.stream.startswith("case-audit:"):
            return ()
        return [*self._register(recorded), *exception_changes(recorded)]

    def _register(self, recorded: RecordedEvent[Any]) -> list[RowChange]:
        event = recorded.event
        if isinstance(event, audit_events.CaseAuditAllocated):
            return _allocated(recorded, event)
        if isinstance(event, audit_events.CaseAuditImported):
            return _imported(recorded, event)
        typing = isinstance(event, audit_events.TYPING)
        changed = {} if typing else _audit_values(recorded)
        if changed is None:
            return moderation_changes(recorded)
        return [on_audit_row(recorded, changed), *_content_changes(recorded)]


def _row(
    recorded: RecordedEvent[Any],
    event: audit_events.CaseAuditAllocated | audit_events.CaseAuditImported,
    **more: Any,
) -> AuditRow:
    """The row of an audit as it comes on record."""
    return AUDITS.row_of(recorded, child_key=reference_key(event.child), **more)


def _allocated(
    recorded: RecordedEvent[Any], event: audit_events.CaseAuditAllocated
) -> list[RowChange]:
    return [AUDITS.put(_row(recorded, event, first_due_on=iso(event.due_on)))]


def _imported(
    recorded: RecordedEvent[Any], event: audit_events.CaseAuditImported
) -> list[RowChange]:
    audit = audit_of(recorded)
    row = _row(
        recorded,
        event,
        status=AuditStatus.SUBMITTED.value,
        began_by=JsonText(json.dumps([event.auditor])),
        submitted_us=microseconds(recorded.recorded_at),
        grades=domain_grades(event),
        imported=1,
    )
    return [AUDITS.put(row), CONTENTS.put(ContentRow(audit, JsonText(event.model_dump_json())))]


def _audit_values(recorded: RecordedEvent[Any]) -> OnAudit | None:
    """What an event of the audit itself changes in its row; None for an event of moderation."""
    match recorded.event:
        case audit_events.CaseAuditImportCorrected() as event:
            stated = event.new.model_dump(mode="json", include=set(AuditRow._fields))
            stated["grades"] = domain_grades(event.new)
            return lambda row: {**stated, "began_by": _with(row.began_by, event.new.auditor)}
        case audit_events.CaseAuditReassigned() as event:
            return {"auditor": event.new, "status": AuditStatus.ALLOCATED.value}
        case audit_events.CaseAuditTeamChanged() as event:
            return {
                "team": event.new_team,
                "team_name": event.new_team_name,
                "service": event.new_service,
                "service_name": event.new_service_name,
            }
        case audit_events.CaseAuditExtended() as event:
            return {"due_on": iso(event.new)}
        case audit_events.CaseAuditStarted() as event:
            return lambda row: {
                "status": AuditStatus.IN_PROGRESS.value,
                "began_by": _with(row.began_by, event.auditor),
            }
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as event:
            submitted = {
                "status": AuditStatus.SUBMITTED.value,
                "audit_date": iso(event.content.audit_date),
                "practice_from": iso(event.content.practice_from),
                "practice_to": iso(event.content.practice_to),
                "submitted_us": microseconds(recorded.recorded_at),
                "overall": event.content.overall,
                "grades": domain_grades(event.content),
            }
            return lambda row: {
                **submitted,
                "submitted_on": civil_day(recorded.recorded_at).isoformat(),
                "began_by": _with(row.began_by, event.auditor),
            }
        case audit_events.CaseAuditCorrected() as event:
            dates = ("audit_date", "practice_from", "practice_to")
            return {event.field: iso(event.new_date)} if event.field in dates else {}
        case audit_events.CaseAuditChoiceCorrected() as event:
            if event.field == "overall":
                return {"overall": event.new}
            return partial(_domain_regraded, event)
        case audit_events.CaseAuditReturned():
            return {"status": AuditStatus.RETURNED.value}
        case audit_events.CaseAuditWithdrawn():
            return {"status": AuditStatus.WITHDRAWN.value}
        case audit_events.CaseAuditVoided():
            return {"status": AuditStatus.VOIDED.value}
        case audit_events.CaseAuditFinalised() as event:
            return {
                "status": AuditStatus.FINALISED.value,
                "final_grade": event.grade,
                "final_grades": None if event.grade else as_json(event.judgements),
                "final_source": event.source,
                "final_rule": event.rule,
                "final_cites": json.dumps(event.cites),
                "taken_back": None,
            }
        case audit_events.CaseAuditReopened():
            was = {"taken_back": recorded.event.was}
            return {"status": AuditStatus.SUBMITTED.value, **NOT_FINAL, **was}
        case ModerationNotSelected():
            return {"status": AuditStatus.NOT_SELECTED.value}
        case _:
            return None


def as_json(judgements: Iterable[AnyJudgement]) -> JsonText:
    return JsonText(json.dumps(GradesGiven.of("", judgements).domains))


def domain_grades(judged: AuditContent | StatedAudit | audit_events.CaseAuditImported) -> Any:
    """The grades of the domains, kept in the row where there is no overall grade."""
    return None if judged.overall else as_json(judged.judgements)


def _domain_regraded(
    event: audit_events.CaseAuditChoiceCorrected, row: AuditRow
) -> Mapping[str, Any]:
    first, _, rest = event.field.partition(".")
    domain, _, what = rest.partition(".")
    if row.grades is None or first != "judgements" or what != "grade":
        return {}
    return {"grades": json.dumps({**json.loads(row.grades), domain: event.new})}


def _with(began_by: JsonText, person: str) -> JsonText:
    people = json.loads(began_by)
    return began_by if person in people else JsonText(json.dumps([*people, person]))


def _stated_anew(stated: StatedAudit, row: ContentRow) -> ContentRow:
    whole = json.loads(row.content) | stated.model_dump(mode="json")
    return row._replace(content=JsonText(json.dumps(whole)))


def _content_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    audit = audit_of(recorded)
    match recorded.event:
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as event:
            put = CONTENTS.put(ContentRow(audit, JsonText(event.content.model_dump_json())))
            if isinstance(event, audit_events.CaseAuditSubmitted):
                return [put]
            return [put, CORRECTIONS.close(audit), TYPING.close(audit)]
        case audit_events.CaseAuditImportCorrected() as event:
            return [CONTENTS.amend((audit,), partial(_stated_anew, event.new))]
        case audit_events.CaseAuditCorrected() as event:
            corrected = CorrectionRow(audit, event.field, event.corrected_to)
            return [CORRECTIONS.put(corrected), TYPING.close(audit, event.field)]
        case audit_events.CaseAuditTypingAsked() as event:
            by, on = recorded.meta.by, recorded.meta.effective_on.isoformat()
            return [TYPING.put(TypingRow(audit, event.field, event.old, event.new, by, on))]
        case audit_events.CaseAuditTypingRefused() as event:
            return [TYPING.close(audit, event.field)]
        case audit_events.CaseAuditChoiceCorrected() as event:
            return [CORRECTIONS.put(CorrectionRow(audit, event.field, event.new))]
        case _:
            return []


PROJECTORS = (CaseAudits,)
