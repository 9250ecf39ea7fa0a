"""What became of audits that were imported: a final grade, or that they do not count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from qa.audits.decisions import cancel_moderations
from qa.audits.events import (
    CaseAuditFinalised,
    CaseAuditReopened,
    CaseAuditVoided,
    CaseAuditWithdrawn,
)
from qa.audits.state import CaseAudit, final_grade
from qa.core.errors import Fault, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.words import AuditStatus
from qa.imports.changes import meet
from qa.imports.decisions import BroughtEvents, evolve_brought

AuditOutcome = Literal["final", "withdrawn", "entered-in-error"]
FinalSource = Literal["auditor", "moderator", "consensus", "senior-decision"]
RULE = "stated-in-a-file"
_STATUS = {
    "withdrawn": AuditStatus.WITHDRAWN,
    "entered-in-error": AuditStatus.VOIDED,
    "final": AuditStatus.FINALISED,
}
_OPEN = (AuditStatus.SUBMITTED, AuditStatus.NOT_SELECTED, AuditStatus.DIFFERS)


@dataclass(frozen=True, slots=True)
class ImportedOutcome:
    """What a file states of an audit's end. `grade` and `source` are those of a final one."""

    row: int
    audit: str
    outcome: AuditOutcome
    grade: str | None = None
    source: FinalSource = "auditor"
    on: date | None = None
    reason: str = ""


def bring_outcome(state: CaseAudit, row: ImportedOutcome, *, corrects: bool) -> list[Event]:
    """What a row brings to an imported audit; nothing where it is on record so.

    Raises:
        Refused: no such audit, one made here, one that ended otherwise or is being moderated; a
            final grade that nobody gave; or on record with another, unless the row `corrects` it.
    """

    def refused(code: str, words: str, column: str = "reference") -> Refused:
        sentence = f"{row.audit} {words}."
        return Refused([Fault(column, code, sentence, row=row.row, value=row.audit)])

    if not state.exists:
        raise refused("audit-unknown", "is no audit on record")
    if state.imported is None:
        raise refused("audit-made-here", "was made in Caseloop: a file cannot change it")
    if state.status is _STATUS[row.outcome] and row.outcome != "final":
        return []
    if state.status in (AuditStatus.WITHDRAWN, AuditStatus.VOIDED):
        raise refused("audit-ended", "was withdrawn or entered in error")
    if row.outcome == "withdrawn":
        return [*cancel_moderations(state), CaseAuditWithdrawn()]
    if row.outcome == "entered-in-error":
        return [*cancel_moderations(state), CaseAuditVoided()]
    moderation = state.current_moderation
    judged = moderation if moderation is not None and moderation.status.completed else None
    given = {
        "auditor": state.overall == row.grade,
        "moderator": judged is not None and judged.overall == row.grade,
    }
    if row.grade is None or not given.get(row.source, judged is not None):
        words = f"has no judgement of the {row.source.replace('-', ' ')} that gives this grade"
        raise refused("final-grade-unfounded", words, "grade")
    final = state.status is AuditStatus.FINALISED
    if not final and state.status not in _OPEN:
        raise refused("moderation-under-way", "is being moderated: its final grade follows")
    held = {"grade": state.final_grade, "source": state.final_source} if final else None
    wanted = {"grade": row.grade, "source": row.source}
    told = meet(held, wanted, row=row.row, column="reference", value=row.audit, corrects=corrects)
    cites = () if judged is None or row.source == "auditor" else (judged.recorded_by_event,)
    new = final_grade(row.grade, row.source, RULE, state, *cites)
    if told == "there":
        return []
    return [new] if held is None else [CaseAuditReopened(was=state.final_grade or ""), new]


@dataclass(frozen=True, slots=True)
class BroughtOutcome:
    """What one batch brought to an audit, and the final grade that stood before it."""

    brought: BroughtEvents
    final: CaseAuditFinalised | None = None


def evolve_outcome(state: BroughtOutcome, recorded: RecordedEvent[Any]) -> BroughtOutcome:
    event = recorded.event
    state = replace(state, brought=evolve_brought(state.brought, recorded))
    if state.brought.events:
        return state
    match event:
        case CaseAuditFinalised():
            return replace(state, final=event)
        case CaseAuditReopened():
            return replace(state, final=None)
        case _:
            return state


def take_back_outcome(audit: CaseAudit, state: BroughtOutcome) -> list[Event]:
    """What undoes the outcome that a batch brought, unless the audit changed since: an audit that
    it took out of the figures stands again, with the imported moderation that it had."""
    before = [state.final] if state.final is not None else []
    held = state.brought.before.values()
    undone: list[Event] = []
    for event in state.brought.events:
        match event:
            case CaseAuditFinalised() if audit.status is AuditStatus.FINALISED and (
                audit.final_grade,
                audit.final_source,
            ) == (event.grade, event.source):
                # A difference that was settled by the final grade is one again.
                differing = [m for m in held if m.overall != audit.overall and not before]
                undone += [CaseAuditReopened(was=event.grade), *differing, *before]
            case CaseAuditWithdrawn() | CaseAuditVoided() if (
                audit.imported is not None
                and audit.status in (AuditStatus.WITHDRAWN, AuditStatus.VOIDED)
            ):
                undone += [audit.imported, *held, *before]
    return undone
