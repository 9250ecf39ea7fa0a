"""Commands that bring in indicators and their values kept elsewhere, and that undo a batch."""

from __future__ import annotations

from collections.abc import Sequence

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
from qa.core.periods import parse_period
from qa.core.words import Actor, Resource
from qa.imports.commands.batches import File, close_batch
from qa.indicators import decisions, import_decisions
from qa.indicators import state as indicator_state
from qa.indicators.commands.indicators import true_of
from qa.indicators.events import indicator_stream
from qa.indicators.rows import ImportedIndicator, ImportedValue
from qa.indicators.state import Indicator
from qa.store.unit import Receipt


def _load(work: Work, id: str) -> Indicator:
    return work.unit.load(indicator_stream(id), indicator_state.evolve, Indicator())


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
            try:
                made = import_decisions.bring_definition(_load(work, row.id), row)
            except Refused as refused:
                faults += refused.faults
                continue
            if made:
                decided.append((row, made))
            already += not made
        refuse_any(faults)
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
            try:
                made, after = import_decisions.bring_value(
                    states[row.indicator], row, today=work.today
                )
            except Refused as refused:
                faults += refused.faults
                continue
            states[row.indicator] = after
            if made:
                decided.append((row, made))
            already += not made
        refuse_any(faults)
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
    import_decisions.something_undone(records)
    return records
