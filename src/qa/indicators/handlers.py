"""Carries out the commands on indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
from qa.core.periods import parse_period
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.indicators import checks, commands, decisions, import_decisions
from qa.indicators.events import IndicatorDefined, IndicatorRestated, indicator_stream
from qa.indicators.rows import ImportedIndicator, ImportedValue
from qa.indicators.state import Indicator, evolve, known


def _indicator(work: Work, indicator: str) -> Indicator:
    return work.unit.load(indicator_stream(indicator), evolve, Indicator())


def _load(work: Work, command: commands.OfIndicator) -> Indicator:
    """Raises `Forbidden`, `NotFound` or `MovedOn`, in this order."""
    work.require("run-indicators")
    state = _indicator(work, command.indicator)
    known(state)
    work.expect_seen()
    return state


def _save(
    work: Work,
    command: commands.OfIndicator,
    decided: Sequence[Event],
    *,
    about: date | None = None,
    reason: str = "",
) -> None:
    """Append what was decided about the day `about`: nothing is true before its day has come."""
    stream, day = indicator_stream(command.indicator), _true_of(work, about)
    work.append(stream, *decided, effective_on=day, reason=reason)


def _true_of(work: Work, day: date | None) -> date | None:
    return None if day is None else min(day, work.today)


@handles(commands.DefineIndicator)
def define(command: commands.DefineIndicator, work: Work) -> commands.IndicatorMade:
    work.authorise("run-indicators")
    chosen = command.id.strip() or checks.id_for(command.name)
    decided = decisions.define(_indicator(work, chosen), command, id=chosen)
    day = _true_of(work, command.since)
    work.append(indicator_stream(chosen), *decided, effective_on=day)
    return commands.IndicatorMade(indicator=chosen)


@handles(commands.RedefineIndicator)
def redefine(command: commands.RedefineIndicator, work: Work) -> None:
    decided = decisions.redefine(_load(work, command), command, breaks=command.breaks)
    _save(work, command, decided, about=command.since, reason=command.reason)


@handles(commands.SetIndicatorTarget)
def set_target(command: commands.SetIndicatorTarget, work: Work) -> None:
    decided = decisions.set_target(_load(work, command), command)
    _save(work, command, decided, about=command.since, reason=command.reason)


@handles(commands.DecideIndicatorPolarity)
def decide_polarity(command: commands.DecideIndicatorPolarity, work: Work) -> None:
    decided = decisions.decide_polarity(_load(work, command), command)
    _save(work, command, decided, about=command.since, reason=command.reason)


@handles(commands.ObserveIndicator)
def observe(command: commands.ObserveIndicator, work: Work) -> None:
    decided = decisions.observe(_load(work, command), command, today=work.today)
    _save(work, command, decided, about=parse_period(command.period).end)


@handles(commands.RestateIndicator)
def restate(command: commands.RestateIndicator, work: Work) -> None:
    decided = decisions.restate(_load(work, command), command, today=work.today)
    _save(work, command, decided, about=parse_period(command.period).end, reason=command.reason)


@handles(commands.ObserveIndicatorComparator)
def observe_comparator(command: commands.ObserveIndicatorComparator, work: Work) -> None:
    decided = decisions.observe_comparator(_load(work, command), command, today=work.today)
    _save(work, command, decided, about=parse_period(command.period).end, reason=command.reason)


@handles(commands.RecordIndicatorClaim)
def record_claim(command: commands.RecordIndicatorClaim, work: Work) -> None:
    state = _load(work, command)
    decided = decisions.record_claim(state, command, claim=work.new_id(), today=work.today)
    _save(work, command, decided)


@handles(commands.BreakIndicatorSeries)
def break_series(command: commands.BreakIndicatorSeries, work: Work) -> None:
    decided = decisions.break_series(_load(work, command), command, today=work.today)
    _save(work, command, decided, about=parse_period(command.period).start, reason=command.reason)


@handles(commands.RebaseIndicator)
def rebase(command: commands.RebaseIndicator, work: Work) -> None:
    decided = decisions.rebase(_load(work, command), command, today=work.today)
    _save(work, command, decided, reason=command.reason)


@handles(commands.RetireIndicator)
def retire(command: commands.RetireIndicator, work: Work) -> None:
    _save(work, command, decisions.retire(_load(work, command), command), reason=command.reason)


@handles(commands.ImportIndicators)
def import_indicators(command: commands.ImportIndicators, work: Work) -> BatchMade:
    work.require("import")
    file, batch = command.file, work.new_id()
    faults: list[Fault] = []
    decided: list[tuple[ImportedIndicator, list[Event]]] = []
    for row in work.each(command.rows):
        try:
            made = import_decisions.bring_definition(
                _indicator(work, row.id), row, corrects=bool(file.corrects)
            )
        except Refused as refused:
            faults += refused.faults
        else:
            decided.append((row, made))
    refuse_any(faults)
    corrected = 0
    for row, made in decided:
        again = len(made) > 0 and not isinstance(made[0], IndicatorDefined)
        work.append(
            indicator_stream(row.id),
            *made,
            effective_on=_true_of(work, row.draft.since),
            reason=file.corrects if again else None,
            source=file.source(batch, row.row),
        )
        corrected += again
    return _close(work, batch, "indicators", file, decided, corrected)


@handles(commands.ImportIndicatorValues)
def import_values(command: commands.ImportIndicatorValues, work: Work) -> BatchMade:
    work.require("import")
    file, batch = command.file, work.new_id()
    states: dict[str, Indicator] = {}
    faults: list[Fault] = []
    decided: list[tuple[ImportedValue, list[Event]]] = []
    for row in work.each(command.rows):
        if row.indicator not in states:
            states[row.indicator] = _indicator(work, row.indicator)
        try:
            made, states[row.indicator] = import_decisions.bring_value(
                states[row.indicator], row, today=work.today, corrects=file.corrects
            )
        except Refused as refused:
            faults += refused.faults
            continue
        decided.append((row, made))
    refuse_any(faults)
    corrected = 0
    for row, made in decided:
        again = len(made) > 0 and isinstance(made[0], IndicatorRestated)
        work.append(
            indicator_stream(row.indicator),
            *made,
            effective_on=parse_period(row.draft.period).end,
            reason=file.corrects if again else None,
            source=file.source(batch, row.row),
        )
        corrected += again
    return _close(work, batch, "observations", file, decided, corrected)


def _close(
    work: Work,
    batch: str,
    kind: str,
    file: File,
    decided: Sequence[tuple[object, Sequence[Event]]],
    corrected: int,
) -> BatchMade:
    new = sum(bool(made) for _, made in decided) - corrected
    return close_batch(work, batch, kind, file, new, len(decided) - new - corrected, corrected)
