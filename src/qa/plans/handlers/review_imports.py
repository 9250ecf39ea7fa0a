"""What files say of the actions of a plan: reviews, measures, their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.carry import carry
from qa.core.command import Command
from qa.core.errors import CaseloopError, Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.words import Resource
from qa.imports.changes import meet, speaks_of
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.indicators.definition import Unit
from qa.plans import action_decisions, action_events, action_state, assessments, success_measures
from qa.plans.action_commands import (
    AssessPlanAction,
    ReportSuccessMeasure,
    SetSuccessMeasure,
)
from qa.plans.action_state import PlanAction
from qa.plans.handlers.imports import imported_measure_id
from qa.plans.handlers.on_record import ActionOnRecord, action_on_record
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import scale_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAssessment:
    """One review of the action with this reference, on a version of a scale (its key)."""

    row: int
    reference: str
    as_at: date
    scale: str
    level: str | None = None
    percent_complete: int | None = None
    difference: action_events.Difference | None = None
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
    comparator: action_events.MeasureComparator | None = None
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
    answers: action_events.Reading = "each"


Imported = ImportedAssessment | ImportedMeasure | ImportedReport


@dataclass
class _Meeting:
    """An action as the rows of a file meet it: what stands, and what was first recorded."""

    id: str
    state: PlanAction
    on_record: ActionOnRecord


class OfPlanFile(Command, result=BatchMade):
    """Rows of a file that are about actions of the `plan`; the file says nothing of fields that
    are not in `columns`."""

    file: Annotated[File, FieldWords(label="File")]
    plan: Annotated[str, FieldWords(label="Plan")]
    columns: Annotated[tuple[str, ...] | None, FieldWords(label="Columns")] = None


class ImportAssessments(OfPlanFile):
    """Import reviews of the actions of a plan."""

    rows: Annotated[tuple[ImportedAssessment, ...], FieldWords(label="Rows")]


class ImportMeasures(OfPlanFile):
    """Import success measures of the actions of a plan."""

    rows: Annotated[tuple[ImportedMeasure, ...], FieldWords(label="Rows")]


class ImportReports(OfPlanFile):
    """Import what is said of success measures, in its own words and periods."""

    rows: Annotated[tuple[ImportedReport, ...], FieldWords(label="Rows")]


_ASSESSED = ("level", "percent_complete", "difference", "commentary", "assessed_by")
_MEASURED = ("text", "comparator", "target", "unit", "indicator")


@handles(ImportAssessments)
def import_assessments(command: ImportAssessments, work: Work) -> BatchMade:
    def decide(row: ImportedAssessment, met: _Meeting) -> Sequence[Event]:
        wanted: dict[str, Any] = {name: getattr(row, name) for name in _ASSESSED}
        wanted |= {name: wanted[name].strip() for name in ("commentary", "assessed_by")}
        that_day = (one for one in met.on_record.assessments.values() if one.as_at == row.as_at)
        first = next(that_day, None)
        if _met(command, row, first, wanted, "reference", row.reference) == "there":
            return ()
        if first is not None:
            kept = {n: getattr(first, n) for n in _ASSESSED if not speaks_of(command.columns, n)}
            wanted |= {**kept, "evidence": first.evidence}
            wanted |= {"replaces": first.assessment, "reason": command.file.corrects}
        return assessments.assess(
            met.state,
            AssessPlanAction(action=met.id, **wanted),
            assessment=work.new_id(),
            as_at=row.as_at,
            today=work.today,
            scale=scale_version(work, row.scale, field="level"),
            remark=row.said,
        )

    return _bring(work, "assessments", command, decide)


@handles(ImportMeasures)
def import_measures(command: ImportMeasures, work: Work) -> BatchMade:
    def decide(row: ImportedMeasure, met: _Meeting) -> Sequence[Event]:
        measure = imported_measure_id(met.id, row.measure)
        known = met.on_record.measures.get(measure)
        wanted: dict[str, Any] = {name: getattr(row, name) for name in _MEASURED}
        wanted["text"] = row.text.strip()
        if _met(command, row, known, wanted, "measure", row.measure) == "there":
            return ()
        state, before = met.state, list[Event]()
        if known is not None:
            wanted |= {n: getattr(known, n) for n in _MEASURED if not speaks_of(command.columns, n)}
            left = {key: one for key, one in state.measures.items() if key != measure}
            state = replace(state, measures=left)
            before.append(action_events.SuccessMeasureWithdrawn(measure=measure))
        request = SetSuccessMeasure(action=met.id, **wanted)
        return [*before, *success_measures.set_measure(state, request, measure=measure)]

    return _bring(work, "measures", command, decide)


@handles(ImportReports)
def import_reports(command: ImportReports, work: Work) -> BatchMade:
    def decide(row: ImportedReport, met: _Meeting) -> Sequence[Event]:
        measure = _measure(met, row.measure)
        wanted = carry(
            action_events.SuccessMeasureReported,
            row,
            report="",
            measure=measure,
            reading=row.answers,
        )
        if any(each.model_copy(update={"report": ""}) == wanted for each in met.on_record.reports):
            return ()
        if row.values:
            values = wanted.model_dump(exclude={"state", "report"})
            request = ReportSuccessMeasure(action=met.id, **values)
            success_measures.report(met.state, request, report="")
        return [wanted.model_copy(update={"report": work.new_id()})]

    return _bring(work, "measure-reports", command, decide)


def _met(
    command: OfPlanFile,
    row: Imported,
    known: Event | None,
    wanted: Mapping[str, object],
    column: str,
    value: str,
) -> str:
    return meet(
        None if known is None else {name: getattr(known, name) for name in wanted},
        wanted,
        row=row.row,
        column=column,
        value=value,
        columns=command.columns,
        corrects=bool(command.file.corrects),
    )


def _measure(met: _Meeting, named: str) -> str | None:
    """The id of the measure that a row names by its reference or by its words."""
    if not named:
        return None
    return success_measures.measure_named(met.state, imported_measure_id(met.id, named), named)


def _bring(
    work: Work,
    kind: str,
    command: ImportAssessments | ImportMeasures | ImportReports,
    decide: Callable[..., Sequence[Event]],
) -> BatchMade:
    """Meet every row with its action, collect every fault, and record all or nothing."""
    work.require("import", Resource())
    plan_beside(work, command.plan)
    file, batch = command.file, work.new_id()
    met: dict[str, _Meeting] = {}
    faults: list[Fault] = []
    decided: list[tuple[Imported, _Meeting, Sequence[Event]]] = []
    rows: Sequence[Imported] = command.rows
    for row in work.each(rows):
        try:
            one = _meet(work, command.plan, row.reference, met)
            found = decide(row, one)
        except (Refused, NotNow, NotFound) as error:
            faults += _placed(error, row)
            continue
        one.state = _after(one.state, found)
        decided.append((row, one, found))
    refuse_any(faults)
    new = corrected = 0
    for row, one, found in decided:
        again = len(found) > 1
        work.append(
            action_events.plan_action_stream(one.id),
            *found,
            effective_on=_day(row, one.state.since),
            reason=file.corrects if again else None,
            source=file.source(batch, row.row),
        )
        new += len(found) == 1
        corrected += again
    return close_batch(work, batch, kind, file, new, len(decided) - new - corrected, corrected)


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
        stream = action_events.plan_action_stream(action)
        state = work.unit.load(stream, action_state.evolve, PlanAction())
        met[reference] = _Meeting(action, state, action_on_record(work, action))
    return met[reference]


def _after(state: PlanAction, found: Sequence[Event]) -> PlanAction:
    """The action with what earlier rows of the same file bring to it."""
    for event in found:
        if isinstance(event, action_events.SuccessMeasureSet):
            state = replace(state, measures={**state.measures, event.measure: event})
        elif isinstance(event, action_events.PlanActionAssessed):
            review = action_state.Assessment(event.as_at, event.level, "")
            state = replace(state, assessments={**state.assessments, event.assessment: review})
    return state


def _placed(error: CaseloopError, row: Imported) -> list[Fault]:
    """The faults of a decision at the row that they are of."""
    given = error.faults if isinstance(error, Refused) else ()
    faults = given or (Fault("reference", error.code, str(error)),)
    return [
        replace(
            fault,
            row=row.row,
            column=fault.column or fault.field,
            value=fault.value if fault.value is not None else row.reference,
        )
        for fault in faults
    ]
