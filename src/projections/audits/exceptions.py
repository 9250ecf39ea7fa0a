"""Rules that were set aside with a reason: kept as rows, listed and counted.

An exception counts from the day it was made, in the audit's team, until it is made anew otherwise;
those of audits that were withdrawn or voided do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.audits.queries import hidden_for
from projections.audits.tables import EXCEPTIONS, ExceptionRow, audit_exception, audit_row
from projections.audits.visible_queries import visible
from projections.core.base import RowChange, as_at
from qa.audits import events as audit_events
from qa.audits.judgements import AuditContent, IndependenceException
from qa.audits.moderation_events import (
    DisputeAssigned,
    ModerationAssigned,
    ModerationCancelled,
)
from qa.core.event import RecordedEvent
from qa.core.one_of import one_of
from qa.core.periods import PeriodKind, period_of
from qa.core.words import AuditStatus, Reach

RULE, INDEPENDENCE, NO_ACTION = "rule", "independence", "no-action"
KINDS = {
    RULE: "Rule of the tool set aside",
    INDEPENDENCE: "Independence set aside",
    NO_ACTION: "Shortfall without an action",
}
_CONTENT, _AUDITOR, _CHILD = "content", "auditor", "child"
OF_CHILD = "audited-recently"
"""What is asked of the child, so that it stands whoever the auditor is."""
_CORRECTED = {"overrides": RULE, "no_action_reasons": NO_ACTION}


def exception_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    """What an event of a case audit or its moderation changes in the rows of exceptions."""
    audit = recorded.stream.partition(":")[2]
    match recorded.event:
        case audit_events.CaseAuditAllocated() as event:
            of_child = [one for one in event.exceptions if one.rule == OF_CHILD]
            of_auditor = [one for one in event.exceptions if one.rule != OF_CHILD]
            return [
                *_independence(recorded, audit, _CHILD, of_child),
                *_independence(recorded, audit, _AUDITOR, of_auditor),
            ]
        case audit_events.CaseAuditReassigned() as event:
            return _independence(recorded, audit, _AUDITOR, event.exceptions)
        case ModerationAssigned() as event:
            return _independence(recorded, audit, event.moderation, event.exceptions)
        case DisputeAssigned() as event:
            return _independence(recorded, audit, event.dispute, event.exceptions)
        case ModerationCancelled() as event:
            return [EXCEPTIONS.close(audit, INDEPENDENCE, event.moderation)]
        case audit_events.CaseAuditSubmitted() | audit_events.CaseAuditResubmitted() as event:
            return _of_content(recorded, audit, event.content)
        case audit_events.CaseAuditCorrected() as event:
            name, _, rule = event.field.partition(".")
            if name not in _CORRECTED:
                return []
            key = (audit, _CORRECTED[name], _CONTENT, rule)
            return [EXCEPTIONS.amend(key, lambda row: row._replace(why=event.corrected_to))]
        case _:
            return []


def _independence(
    recorded: RecordedEvent[Any],
    audit: str,
    place: str,
    exceptions: Iterable[IndependenceException],
) -> list[RowChange]:
    rows = [
        _put(recorded, (audit, INDEPENDENCE, place, e.rule), e.why, e.approved_by)
        for e in exceptions
    ]
    return [EXCEPTIONS.close(audit, INDEPENDENCE, place), *rows]


def _of_content(recorded: RecordedEvent[Any], audit: str, content: AuditContent) -> list[RowChange]:
    return [
        EXCEPTIONS.close(audit, RULE),
        EXCEPTIONS.close(audit, NO_ACTION),
        *(_put(recorded, (audit, RULE, _CONTENT, o.rule), o.reason) for o in content.overrides),
        *(
            _put(recorded, (audit, NO_ACTION, _CONTENT, one.domain), one.reason)
            for one in content.no_action_reasons
        ),
    ]


def _put(
    recorded: RecordedEvent[Any],
    key: tuple[str, str, str, str],
    why: str,
    approved_by: str | None = None,
) -> RowChange:
    on = recorded.meta.effective_on.isoformat()
    return EXCEPTIONS.put(ExceptionRow(*key, on, why, approved_by))


class AuditException(NamedTuple):
    """A rule that was set aside, with the audit it was set aside for."""

    audit: str
    kind: str
    place: str
    rule: str
    on: str
    why: str
    approved_by: str | None
    reference: str
    team: str
    team_name: str
    tool: str
    tool_version: int


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """What a list of exceptions is narrowed to: days from `since` to `until`, both included."""

    since: date
    until: date
    team: str = ""
    kind: str = ""


def exceptions(
    connection: Connection, reach: Reach, wanted: ExceptionFilter, *, position: int | None = None
) -> list[AuditException]:
    """The exceptions of audits whose judgement is open to the reader, the latest first."""
    table, of = audit_exception.c, audit_row.c
    kept = [table[name] if name in table else of[name] for name in AuditException._fields]
    gone = (AuditStatus.WITHDRAWN.value, AuditStatus.VOIDED.value)
    query = (
        select(*kept)
        .select_from(audit_exception)
        .join(audit_row, of.audit == table.audit)
        .where(
            as_at(audit_exception, position),
            as_at(audit_row, position),
            visible(reach),
            of.status.not_in(gone),
            ~one_of(of.audit, hidden_for(connection, reach)),
            table.on.between(wanted.since.isoformat(), wanted.until.isoformat()),
        )
        .order_by(table.on.desc(), of.reference, table.kind, table.place, table.rule)
    )
    if wanted.team:
        query = query.where(of.team == wanted.team)
    if wanted.kind:
        query = query.where(table.kind == wanted.kind)
    return [*map(AuditException._make, connection.execute(query))]


def counted(rows: Iterable[AuditException]) -> Sequence[dict[str, Any]]:
    """The exceptions by quarter and team, the latest quarter first: how many of each kind."""
    counts: Counter[tuple[str, str, str]] = Counter()
    quarters, teams = {}, {}
    for row in rows:
        quarter = period_of(date.fromisoformat(row.on), PeriodKind.QUARTER)
        quarters[quarter.label] = quarter
        teams[row.team] = row.team_name
        counts[quarter.label, row.team, row.kind] += 1
    places = sorted(
        {(quarter, team) for quarter, team, _ in counts},
        key=lambda place: (-quarters[place[0]].start.toordinal(), teams[place[1]]),
    )
    return [
        {
            "quarter": quarter,
            "since": quarters[quarter].start,
            "until": quarters[quarter].end,
            "team": team,
            "team_name": teams[team],
            "counts": {kind: counts[quarter, team, kind] for kind in KINDS},
        }
        for quarter, team in places
    ]
