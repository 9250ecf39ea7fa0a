"""Decisions on concerns that a file states: what is on record, what a later file adds, what is
undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qa.audits.state import CaseAudit
from qa.core.clock import start_of_day
from qa.core.errors import Fault, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.imports.changes import meet
from qa.imports.rows import imported_id
from qa.safeguarding import events, state
from qa.safeguarding.clocks import acknowledge_by
from qa.safeguarding.events import SafeguardingPolicySet, StatedConcern
from qa.safeguarding.rows import ImportedConcern
from qa.safeguarding.state import Concern, Concerns


def concern_id(row: ImportedConcern) -> str:
    return imported_id("concern", row.reference)


def concern_beside(row: ImportedConcern, audit: str) -> str:
    """The id of a concern whose reference is that of another, of an audit that whoever sends the
    file may not see: so that nothing tells them of that one."""
    return imported_id("concern", row.reference, audit)


def no_step_here(concern: Concern) -> None:
    """Raises `NotNow` for a concern that a file states: what became of it a file states too."""
    if concern.stated is not None:
        raise NotNow(
            "This concern came from a file: the next file says what became of it. If the child "
            "may not be safe now, raise a concern from the audit.",
            code="concern-from-file",
        )


def bring_concern(
    concerns: Concerns,
    row: ImportedConcern,
    audit: CaseAudit,
    *,
    concern: str,
    of_audit: str | None,
    part: tuple[str, str],
    policy: SafeguardingPolicySet,
    corrects: bool,
) -> list[Event]:
    """What a row brings: a concern, what became of it since an earlier file, or a correction; and
    nothing where it names one that was raised here by its id, as our own files do. `concern` is its
    id, `of_audit` the audit of which it is on record, `part` the team and service today.

    Raises:
        Refused: no such audit, or another one than on record; days that are missing or out of
            order; on record with other values, unless the row `corrects` them.
    """
    if of_audit not in (None, audit.id):
        sentence = (
            f"{row.reference} is on record as a concern from another audit. Undo its batch first."
        )
        raise _unfit(row, "audit", "other-audit", sentence, row.audit)
    here = concerns.by_id.get(row.reference)
    if here is not None and here.stated is None:
        return []
    known = concerns.by_id.get(concern)
    standing = known is not None and not known.withdrawn
    if not audit.exists or not (audit.stands or standing):
        sentence = f"There is no audit {row.audit} on record."
        raise _unfit(row, "audit", "audit-unknown", sentence, row.audit)
    if known is None or known.stated is None or not standing:
        _whole(row, row.stated)
        team, service = part
        return [
            events.SafeguardingConcernImported(
                concern=concern,
                audit=audit.id,
                reference=audit.reference,
                child=audit.child,
                team=team,
                service=service,
                source=row.reference,
                stated=row.stated,
                acknowledge_by=_by(policy, row.stated),
            )
        ]
    cells = {name: value for name, value in row.stated if value not in ("", None)}
    new = known.stated.model_copy(update=cells)
    before = {name: value for name, value in known.stated if value not in ("", None)}
    met = meet(
        before,
        {name: getattr(new, name) for name in before},
        row=row.row,
        column="reference",
        value=row.reference,
        corrects=corrects,
    )
    if met == "there" and new == known.stated:
        return []
    _whole(row, new)
    return [restated(known, new, policy)]


def restated(
    concern: Concern, new: StatedConcern, policy: SafeguardingPolicySet
) -> events.SafeguardingConcernRestated:
    assert concern.stated is not None
    return events.SafeguardingConcernRestated(
        concern=concern.id, old=concern.stated, new=new, acknowledge_by=_by(policy, new)
    )


def corrects(event: Event) -> bool:
    """Whether an event says otherwise what was said before, and does not only add to it."""
    return isinstance(event, events.SafeguardingConcernRestated) and any(
        value not in ("", None) and value != getattr(event.new, name) for name, value in event.old
    )


def day_of(brought: Sequence[Event]) -> date | None:
    """The day of what a row brought: when it was raised, or the last that a later file states."""
    for event in brought:
        if isinstance(event, events.SafeguardingConcernRestated):
            return event.new.last_day
        if isinstance(event, events.SafeguardingConcernImported):
            return event.stated.raised_on
    return None


def _by(policy: SafeguardingPolicySet, stated: StatedConcern) -> datetime:
    return acknowledge_by(policy, start_of_day(stated.counted_from))


def _whole(row: ImportedConcern, stated: StatedConcern) -> None:
    """Raises `Refused` for a step without its day, and for days that are out of order."""
    faults = []
    if (stated.manager or stated.how) and stated.told_on is None:
        sentence = "Say on which day the manager was told, or leave out who was told and how."
        faults.append(("told_on", "missing", sentence))
    if stated.acknowledged_by and stated.acknowledged_on is None:
        faults.append(("acknowledged_on", "missing", "Say on which day it was acknowledged."))
    days = [stated.raised_on, stated.told_on, stated.acknowledged_on]
    known = [one for one in days if one is not None]
    if known != sorted(known):
        sentence = "The days on which it was raised, told and acknowledged are not in this order."
        faults.append(("raised_on", "dates-out-of-order", sentence))
    refuse_any(Fault(*one, row=row.row, value=row.reference) for one in faults)


def _unfit(row: ImportedConcern, field: str, code: str, sentence: str, value: str) -> Refused:
    return Refused([Fault(field, code, sentence, row=row.row, value=value)])


@dataclass(frozen=True, slots=True)
class BroughtConcerns:
    """The concerns of an audit, and what one batch restated of them."""

    batch: str
    concerns: Concerns = field(default_factory=Concerns)
    restated: Mapping[str, events.SafeguardingConcernRestated] = field(default_factory=dict)


def evolve_brought(brought: BroughtConcerns, recorded: RecordedEvent[Any]) -> BroughtConcerns:
    event, source = recorded.event, recorded.meta.source
    of_batch, ours = brought.restated, source is not None and source.batch == brought.batch
    if ours and isinstance(event, events.SafeguardingConcernRestated):
        of_batch = {**of_batch, event.concern: event}
    return BroughtConcerns(brought.batch, state.evolve(brought.concerns, recorded), of_batch)


def take_back(brought: BroughtConcerns, policy: SafeguardingPolicySet) -> list[Event]:
    """What undoes what a batch brought: a concern is withdrawn, and what it restated of an earlier
    one is as it was before, unless that changed since."""
    undone: list[Event] = []
    for concern in brought.concerns.by_id.values():
        if concern.stated is None or concern.withdrawn:
            continue
        was = brought.restated.get(concern.id)
        if concern.batch == brought.batch:
            undone.append(events.SafeguardingConcernImportWithdrawn(concern=concern.id))
        elif was is not None and concern.stated == was.new:
            undone.append(restated(concern, was.old, policy))
    return undone
