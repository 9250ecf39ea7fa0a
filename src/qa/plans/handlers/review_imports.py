"""Commands that bring in what is said of the actions of a plan: reviews, measures, their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.errors import CaseloopError, Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.words import Actor, Resource
from qa.imports.commands.batches import File, close_batch
from qa.imports.decisions import on_record
from qa.indicators.definition import Unit
from qa.plans import action_decisions, action_state, assessments, success_measures
from qa.plans.action_commands import (
    AssessPlanAction,
    ReportSuccessMeasure,
    SetSuccessMeasure,
)
from qa.plans.action_events import (
    Difference,
    MeasureComparator,
    PlanActionAssessed,
    Reading,
    SuccessMeasureReported,
    SuccessMeasureSet,
    plan_action_stream,
)
from qa.plans.action_state import PlanAction
from qa.plans.handlers.imports import imported_measure_id
from qa.plans.handlers.on_record import HeldAction, held_action
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import scale_version
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAssessment:
    """One review of the action with this reference, on a version of a scale (its key)."""

    row: int
    reference: str
    as_at: date
    scale: str
    level: str | None = None
    percent_complete: int | None = None
    difference: Difference | None = None
    commentary: str = ""
    assessed_by: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedMeasure:
    """One success measure; `measure` is its own reference, or its words where it has none."""

    row: int
    reference: str
    measure: str
    text: str
    comparator: MeasureComparator | None = None
    target: Decimal | None = None
    unit: Unit | None = None
    indicator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedReport:
    """What is said of a measure, or of the action as a whole where `measure` is blank; `on` is the
    day as at which it is said."""

    row: int
    reference: str
    on: date | None = None
    measure: str = ""
    state: Literal["value", "not-applicable", "no-value", "blank"]
    said: str
    period: str = ""
    values: tuple[Decimal, ...] = ()
    unit: Unit | None = None
    numerator: int | None = None
    denominator: int | None = None
    note: str = ""
    answers: Reading = "each"


Imported = ImportedAssessment | ImportedMeasure | ImportedReport


@dataclass
class _Meeting:
    """An action as the rows of a file meet it: what stands, and what was first recorded."""

    id: str
    state: PlanAction
    held: HeldAction


@command
def import_assessments(
    desk: Desk,
    *,
    file: File,
    plan: str,
    rows: Sequence[ImportedAssessment],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring in reviews of a plan's actions.

    Raises:
        NotFound: no such plan.   Refused: unknown actions, and every row that the rules for
            reviews refuse or that is on record otherwise.
    """

    def decide(work: Work, row: ImportedAssessment, met: _Meeting) -> Sequence[Event]:
        given = {
            "as_at": row.as_at,
            "level": row.level,
            "percent_complete": row.percent_complete,
            "difference": row.difference,
            "commentary": row.commentary.strip(),
            "assessed_by": row.assessed_by.strip(),
        }
        that_day = (one for one in met.held.assessments.values() if one.as_at == row.as_at)
        first = next(that_day, None)
        held = first and first.model_dump(include=set(given)) | {"as_at": first.as_at}
        if on_record(held, given, row=row.row, column="reference", value=row.reference):
            return ()
        return assessments.assess(
            met.state,
            AssessPlanAction(
                action=met.id,
                level=row.level,
                percent_complete=row.percent_complete,
                difference=row.difference,
                commentary=row.commentary,
                assessed_by=row.assessed_by,
            ),
            assessment=work.new_id(),
            as_at=row.as_at,
            today=work.today,
            scale=scale_version(work, row.scale, field="level"),
            said=row.said,
        )

    with desk.work(by, once=once) as work:
        _bring(work, "assessments", file, plan, rows, lambda row, met: decide(work, row, met))
    return work.receipt


@command
def import_measures(
    desk: Desk,
    *,
    file: File,
    plan: str,
    rows: Sequence[ImportedMeasure],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring in success measures of a plan's actions.

    Raises:
        NotFound: no such plan.   Refused: unknown actions, and every row that the rules for
            measures refuse (among them a second target) or that is on record otherwise.
    """

    def decide(row: ImportedMeasure, met: _Meeting) -> Sequence[Event]:
        measure = imported_measure_id(met.id, row.measure)
        held = met.held.measures.get(measure)
        wanted = SuccessMeasureSet(
            measure=measure,
            text=row.text.strip(),
            comparator=row.comparator,
            target=row.target,
            unit=row.unit,
            indicator=row.indicator,
        )
        if on_record(held, wanted, row=row.row, column="measure", value=row.measure):
            return ()
        asked = SetSuccessMeasure(action=met.id, **wanted.model_dump(exclude={"measure"}))
        return success_measures.set_measure(met.state, asked, measure=measure)

    with desk.work(by, once=once) as work:
        _bring(work, "measures", file, plan, rows, decide)
    return work.receipt


@command
def import_reports(
    desk: Desk,
    *,
    file: File,
    plan: str,
    rows: Sequence[ImportedReport],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring in what is said of success measures, in its own words and periods.

    Raises:
        NotFound: no such plan.   Refused: unknown actions or measures, and what the rules for
            reports refuse.
    """

    def decide(work: Work, row: ImportedReport, met: _Meeting) -> Sequence[Event]:
        measure = _measure(met, row.measure)
        wanted = SuccessMeasureReported(
            report="",
            measure=measure,
            state=row.state,
            said=row.said,
            period=row.period,
            values=row.values,
            unit=row.unit,
            numerator=row.numerator,
            denominator=row.denominator,
            note=row.note,
            reading=row.answers,
        )
        if any(held.model_copy(update={"report": ""}) == wanted for held in met.held.reports):
            return ()
        if row.values:
            said = wanted.model_dump(exclude={"state", "report"})
            asked = ReportSuccessMeasure(action=met.id, **said)
            success_measures.report(met.state, asked, report="")
        return [wanted.model_copy(update={"report": work.new_id()})]

    with desk.work(by, once=once) as work:
        _bring(work, "measure-reports", file, plan, rows, lambda row, met: decide(work, row, met))
    return work.receipt


def _measure(met: _Meeting, named: str) -> str | None:
    """The id of the measure that a row names by its reference or by its words."""
    if not named:
        return None
    return success_measures.measure_named(met.state, imported_measure_id(met.id, named), named)


def _bring(
    work: Work,
    kind: str,
    file: File,
    plan: str,
    rows: Sequence[Imported],
    decide: Callable[..., Sequence[Event]],
) -> None:
    """Meet every row with its action, collect every fault, and record all or nothing."""
    work.require("import", Resource())
    plan_beside(work, plan)
    batch = work.new_id()
    met: dict[str, _Meeting] = {}
    faults: list[Fault] = []
    decided: list[tuple[Imported, _Meeting, Sequence[Event]]] = []
    for row in rows:
        try:
            one = _meet(work, plan, row.reference, met)
            found = decide(row, one)
        except (Refused, NotNow, NotFound) as error:
            faults += _placed(error, row)
            continue
        one.state = _after(one.state, found)
        decided.append((row, one, found))
    refuse_any(faults)
    new = 0
    for row, one, found in decided:
        day = _day(row, one.state.since)
        source = file.source(batch, row.row)
        work.append(plan_action_stream(one.id), *found, effective_on=day, source=source)
        new += bool(found)
    close_batch(work, batch, kind, file, new, len(rows) - new)


def _day(row: Imported, since: date) -> date | None:
    """The day that a row is true of; None for today. A measure belongs to what was agreed, so it is
    there from the day that the action began."""
    match row:
        case ImportedAssessment():
            return row.as_at
        case ImportedReport():
            return row.on
        case ImportedMeasure():
            return since


def _meet(work: Work, plan: str, reference: str, met: dict[str, _Meeting]) -> _Meeting:
    if reference not in met:
        action = work.desk.lookups.plan_action_with_reference(work.unit.connection, plan, reference)
        action = action_decisions.of_plan(action, reference)
        stream = plan_action_stream(action)
        state = work.unit.load(stream, action_state.evolve, PlanAction())
        met[reference] = _Meeting(action, state, held_action(work, action))
    return met[reference]


def _after(state: PlanAction, found: Sequence[Event]) -> PlanAction:
    """The action with what earlier rows of the same file bring to it."""
    for event in found:
        if isinstance(event, SuccessMeasureSet):
            state = replace(state, measures={**state.measures, event.measure: event})
        elif isinstance(event, PlanActionAssessed):
            review = action_state.Assessment(event.as_at, event.level, "")
            state = replace(state, assessments={**state.assessments, event.assessment: review})
    return state


def _placed(error: CaseloopError, row: Imported) -> list[Fault]:
    """The faults of a decision at the row that they are of."""
    given = error.faults if isinstance(error, Refused) else ()
    faults = given or (Fault("reference", error.code, str(error)),)
    return [
        Fault(
            fault.field,
            fault.code,
            fault.sentence,
            row=row.row,
            column=fault.column or fault.field,
            value=fault.value if fault.value is not None else row.reference,
        )
        for fault in faults
    ]
