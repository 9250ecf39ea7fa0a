"""What became of audits that were imported: a final grade, or that they do not count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.audits.comparison import GradesGiven
from qa.audits.decisions import cancel_moderations
from qa.audits.events import (
    CaseAuditFinalised,
    CaseAuditReopened,
    CaseAuditVoided,
    CaseAuditWithdrawn,
)
from qa.audits.moderation_events import ModerationImported
from qa.audits.state import CaseAudit, Moderation, final_grade
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
    """What a file states of an audit's end. `grade` and `source` are those of a final one;
    `judgements` are its grades by domain, where the tool has no overall grade."""

    row: int
    audit: str
    outcome: AuditOutcome
    grade: str | None = None
    source: FinalSource = "auditor"
    on: date | None = None
    reason: str = ""
    judgements: Mapping[str, str] = field(default_factory=dict)


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
    if not state.stands:
        raise refused("audit-ended", "was withdrawn or entered in error")
    if row.outcome == "withdrawn":
        return [*cancel_moderations(state), CaseAuditWithdrawn()]
    if row.outcome == "entered-in-error":
        return [*cancel_moderations(state), CaseAuditVoided()]
    moderation = state.current_moderation
    judged = moderation if moderation is not None and moderation.status.completed else None
    settled = _settled(state, judged, row)
    if row.grade is None or settled is None:
        words = f"has no judgement of the {row.source.replace('-', ' ')} that gives this grade"
        raise refused("final-grade-unfounded", words, "grade")
    final = state.status is AuditStatus.FINALISED
    if not final and state.status not in _OPEN:
        raise refused("moderation-under-way", "is being moderated: its final grade follows")
    cites = () if judged is None or row.source == "auditor" else (judged.recorded_by_event,)
    new = final_grade(row.grade, row.source, RULE, state, *cites, settled=settled)
    before = {"grade": state.final_grade, "source": state.final_source, **state.final_domains}
    wanted = {"grade": new.grade, "source": new.source, **_domains(new)}
    met = meet(
        before if final else None,
        wanted,
        row=row.row,
        column="reference",
        value=row.audit,
        corrects=corrects,
    )
    if met == "there":
        return []
    return [new] if not final else [CaseAuditReopened(was=state.final_grade or ""), new]


def _settled(
    state: CaseAudit, judged: Moderation | None, row: ImportedOutcome
) -> Mapping[str, str] | None:
    """The grades of domains that a final grade settles otherwise than the auditor; None where
    nobody gave the grade, or something that two differ in is not settled."""
    own, theirs = state.grades, None if judged is None else judged.grades
    if own is None or bool(own.overall) != bool(row.grade):
        return None
    if row.source == "auditor":
        gives, settled = own, own.domains
    elif theirs is None:
        return None
    elif row.source == "moderator":
        gives, settled = theirs, {**own.domains, **theirs.domains}
    else:
        return (
            None
            if {*own.differing(theirs)} - row.judgements.keys() and not own.overall
            else (row.judgements)
        )
    fits = gives.overall == row.grade and row.judgements.items() <= settled.items()
    return settled if fits else None


def _domains(event: CaseAuditFinalised) -> Mapping[str, str]:
    return GradesGiven.of("", event.judgements).domains


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
    moderations = state.brought.before.values()
    undone: list[Event] = []
    for event in state.brought.events:
        match event:
            case CaseAuditFinalised() if audit.status is AuditStatus.FINALISED and (
                audit.final_grade,
                audit.final_source,
                audit.final_domains,
            ) == (event.grade, event.source, _domains(event)):
                # A difference that was settled by the final grade is one again.
                differing = [m for m in moderations if not before and not _agrees(m, audit)]
                undone += [CaseAuditReopened(was=event.grade), *differing, *before]
            case CaseAuditWithdrawn() | CaseAuditVoided() if (
                audit.imported is not None and not audit.stands
            ):
                undone += [audit.imported, *moderations, *before]
    return undone


def _agrees(event: ModerationImported, audit: CaseAudit) -> bool:
    given = GradesGiven.of(event.overall, event.judgements)
    return audit.grades is not None and given.agrees(audit.grades)
