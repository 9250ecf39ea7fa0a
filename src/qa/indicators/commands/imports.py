"""Commands that bring in indicators and their values kept elsewhere, and that undo a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.errors import Fault, NotNow, Refused
from qa.core.event import Event
from qa.core.periods import parse_period
from qa.core.words import Actor, Resource
from qa.imports.commands.batches import File, close_batch, differs
from qa.indicators import decisions
from qa.indicators import state as indicator_state
from qa.indicators.checks import DefinitionDraft, TargetDraft
from qa.indicators.commands.indicators import true_of
from qa.indicators.events import IndicatorDefined, IndicatorObserved, indicator_stream
from qa.indicators.state import Indicator
from qa.indicators.values import CheckedValue, ValueDraft
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True)
class ImportedIndicator:
    """One indicator as its file states it, with its target where the file has one."""

    row: int
    id: str
    draft: DefinitionDraft
    target: TargetDraft | None = None


@dataclass(frozen=True, slots=True)
class ImportedValue:
    """One value as its file states it."""

    row: int
    indicator: str
    draft: ValueDraft


def _load(work: Work, id: str) -> Indicator:
    return work.unit.load(indicator_stream(id), indicator_state.evolve, Indicator())


def _at_row(refused: Refused, row: int) -> list[Fault]:
    return [replace(fault, row=row) for fault in refused.faults]


@command
def import_indicators(
    desk: Desk,
    *,
    file: File,
    rows: Sequence[ImportedIndicator],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Define indicators. The response counts ``imported`` and ``already_there``.

    Raises:
        Refused: faults by row; an indicator is on record with another definition or target.
    """
    with desk.work(by, once=once) as work:
        work.require("import", Resource())
        batch = work.new_id()
        faults: list[Fault] = []
        decided: list[tuple[ImportedIndicator, list[Event]]] = []
        already = 0
        for row in rows:
            state = _load(work, row.id)
            try:
                made = _defined(row)
            except Refused as refused:
                faults += _at_row(refused, row.row)
                continue
            if not state.exists:
                decided.append((row, made))
            elif _same(state, row):
                already += 1
            else:
                faults.append(differs(row.row, "id", row.id))
        if faults:
            raise Refused(faults)
        for row, made in decided:
            since = row.draft.since
            assert since is not None
            work.append(
                indicator_stream(row.id),
                *made,
                effective_on=true_of(since, work.today),
                source=file.source(batch, row.row),
            )
        close_batch(work, batch, "indicators", file, len(decided), already)
    return work.receipt


def _defined(row: ImportedIndicator) -> list[Event]:
    made = decisions.define(Indicator(), id=row.id, draft=row.draft)
    if row.target is not None:
        assert isinstance(made[0], IndicatorDefined)
        state = Indicator(definitions=(made[0].definition,))
        made += decisions.set_target(state, draft=row.target)
    return made


def _same(state: Indicator, row: ImportedIndicator) -> bool:
    """Whether what is on record began as the row states it."""
    asked = decisions.define(Indicator(), id=row.id, draft=row.draft)[0]
    if not isinstance(asked, IndicatorDefined) or asked.definition != state.definitions[0]:
        return False
    if row.target is None:
        return True
    bare = replace(state, targets=())
    wanted = decisions.set_target(replace(bare, retired_after=None), draft=row.target)[0]
    return any(getattr(wanted, "new", None) == target for target in state.targets)


@command
def import_values(
    desk: Desk,
    *,
    file: File,
    rows: Sequence[ImportedValue],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record values of indicators that are on record, each true of its period.

    Raises:
        Refused: faults by row; a period and source has another value on record.
    """
    with desk.work(by, once=once) as work:
        work.require("import", Resource())
        batch = work.new_id()
        states: dict[str, Indicator] = {}
        faults: list[Fault] = []
        decided: list[tuple[ImportedValue, list[Event]]] = []
        already = 0
        for row in rows:
            if row.indicator not in states:
                states[row.indicator] = _load(work, row.indicator)
            state = states[row.indicator]
            if not state.exists:
                sentence = f"There is no indicator {row.indicator}."
                faults.append(
                    Fault("indicator", "indicator-unknown", sentence, row=row.row,
                          value=row.indicator)
                )  # fmt: skip
                continue
            try:
                free = replace(state, held={})
                made = decisions.observe(free, draft=row.draft, today=work.today)
            except Refused as refused:
                faults += _at_row(refused, row.row)
                continue
            observed = made[0]
            assert isinstance(observed, IndicatorObserved)
            slot = (observed.period, observed.source)
            value = CheckedValue(
                observed.state, observed.value, observed.numerator, observed.denominator
            )
            if state.held.get(slot) == value:
                already += 1
            elif slot in state.held:
                faults.append(differs(row.row, "period", f"{row.indicator}, {slot[0]}"))
            else:
                decided.append((row, made))
                states[row.indicator] = replace(state, held={**state.held, slot: value})
        if faults:
            raise Refused(faults)
        for row, made in decided:
            work.append(
                indicator_stream(row.indicator),
                *made,
                effective_on=parse_period(row.draft.period).end,
                source=file.source(batch, row.row),
            )
        close_batch(work, batch, "observations", file, len(decided), already)
    return work.receipt


def undo_indicator_batch(work: Work, batch: str, streams: Sequence[str]) -> int:
    """Take back what a batch brought to indicators, as never given; how many records.

    A value that was restated since stays, because somebody stood by it.

    Raises:
        NotNow: an indicator that the batch defined holds values from elsewhere.
    """
    records = 0
    for stream in dict.fromkeys(streams):
        state = work.unit.load(stream, indicator_state.evolve, Indicator())
        undone: list[Event] = []
        for (period, source), brought in state.brought.items():
            if brought == batch:
                undone += decisions.withdraw_value(state, period=period, source=source)
        if state.defined_by == batch:
            undone += decisions.withdraw(state)
        work.append(stream, *undone)
        records += len(undone)
    if not records:
        raise NotNow("Nothing of this batch is left to undo.", code="nothing-left")
    return records
