"""Carries out the commands on published figures of a plan, from forms and from files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.carry import carry
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.words import Resource
from qa.imports.changes import meet
from qa.imports.commands.batches import BatchMade, close_batch
from qa.imports.rows import imported_id
from qa.plans import decisions
from qa.plans.commands import PlanClaimMade, RecordPlanClaim, WithdrawPlanClaim
from qa.plans.events import PlanClaimWithdrawn, plan_stream
from qa.plans.handlers.plans import load_plan, plan_beside
from qa.plans.handlers.review_imports import OfPlanFile
from qa.plans.state import ImprovementPlan


@handles(RecordPlanClaim)
def record_claim(command: RecordPlanClaim, work: Work) -> PlanClaimMade:
    state, claim = load_plan(work, command.plan), work.new_id()
    decided = decisions.record_claim(state, command, claim=claim, today=work.today)
    work.append(plan_stream(state.id), *decided, effective_on=command.as_at)
    return PlanClaimMade(claim=claim)


@handles(WithdrawPlanClaim)
def withdraw_claim(command: WithdrawPlanClaim, work: Work) -> None:
    state = load_plan(work, command.plan)
    decided = decisions.withdraw_claim(state, command)
    work.append(plan_stream(state.id), *decided, reason=command.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedClaim:
    """What a document says of a part as at a day; of the whole plan where `part` is blank."""

    row: int
    part: str
    as_at: date
    claimed: str
    source: str


class ImportPlanClaims(OfPlanFile):
    """Import what documents say of the ratings of a plan."""

    rows: Annotated[tuple[ImportedClaim, ...], FieldWords(label="Rows")]


@handles(ImportPlanClaims)
def import_claims(command: ImportPlanClaims, work: Work) -> BatchMade:
    work.require("import", Resource())
    state, file, batch = plan_beside(work, command.plan), command.file, work.new_id()
    decisions.open_still(state)
    faults: list[Fault] = []
    brought: list[tuple[ImportedClaim, Sequence[Event]]] = []
    earlier: dict[tuple[str, date, str], ImportedClaim] = {}
    for row in work.each(command.rows):
        try:
            brought.append((row, _bring(state, row, earlier, bool(file.corrects), work.today)))
        except Refused as refused:
            faults += [replace(f, row=row.row, column=f.column or f.field) for f in refused.faults]
    refuse_any(faults)
    for row, found in brought:
        work.append(
            plan_stream(state.id),
            *found,
            effective_on=row.as_at,
            reason=file.corrects if len(found) > 1 else None,
            source=file.source(batch, row.row),
        )
    corrected = sum(len(found) > 1 for _, found in brought)
    new = sum(len(found) == 1 for _, found in brought)
    left = len(brought) - new - corrected
    return close_batch(work, batch, "plan-claims", file, new, left, corrected)


def _bring(
    state: ImprovementPlan,
    row: ImportedClaim,
    earlier: dict[tuple[str, date, str], ImportedClaim],
    corrects: bool,
    today: date,
) -> Sequence[Event]:
    """What a row brings; `earlier` are the rows of its file so far."""
    command = carry(RecordPlanClaim, row, plan=state.id, part=decisions.part_named(state, row.part))
    first = earlier.setdefault((command.part, row.as_at, row.source), row)
    if first.claimed != row.claimed:
        sentence = f"Row {first.row} tells of the same, with another figure."
        raise Refused(sentence, field="claimed", code="duplicate-reference")
    known = decisions.known_claim(state, command)
    was = None if known is None else {"claimed": known.claimed}
    value, now = row.claimed, {"claimed": row.claimed}
    met = meet(was, now, row=row.row, column="claimed", value=value, corrects=corrects)
    if met == "there" or first is not row:
        return ()
    if known is None:
        named = command.part, row.as_at.isoformat(), row.source
        claim = imported_id("plan-claim", state.id, *named)
        return decisions.record_claim(state, command, claim=claim, today=today)
    left = {key: one for key, one in state.claims.items() if key != known.claim}
    recorded = decisions.record_claim(
        replace(state, claims=left), command, claim=known.claim, today=today
    )
    return [PlanClaimWithdrawn(claim=known.claim), *recorded]
