"""Decisions on indicators and values that a file states: what they bring to what is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qa.core.errors import Fault, NotNow, Refused
from qa.core.event import Event
from qa.imports.decisions import differs, on_record
from qa.indicators import decisions
from qa.indicators.events import IndicatorDefined, IndicatorObserved
from qa.indicators.rows import ImportedIndicator, ImportedValue
from qa.indicators.state import Indicator
from qa.indicators.values import CheckedValue


def bring_definition(state: Indicator, row: ImportedIndicator) -> list[Event]:
    """Define the indicator; nothing where it is on record and began as the row states it.

    Raises:
        Refused: every fault at the row, or it is on record otherwise.
    """
    try:
        made = _defined(row)
    except Refused as refused:
        raise _at_row(refused, row.row) from None
    if not state.exists:
        return made
    if not _same(state, row):
        raise Refused([differs(row.row, "id", row.id)])
    return []


def _at_row(refused: Refused, row: int) -> Refused:
    return Refused(replace(fault, row=row) for fault in refused.faults)


def _defined(row: ImportedIndicator) -> list[Event]:
    made = decisions.define(Indicator(), row.draft, id=row.id)
    if row.target is not None:
        assert isinstance(made[0], IndicatorDefined)
        state = Indicator(definitions=(made[0].definition,))
        made += decisions.set_target(state, row.target)
    return made


def _same(state: Indicator, row: ImportedIndicator) -> bool:
    """Whether what is on record began as the row states it."""
    asked = decisions.define(Indicator(), row.draft, id=row.id)[0]
    if not isinstance(asked, IndicatorDefined) or asked.definition != state.definitions[0]:
        return False
    if row.target is None:
        return True
    bare = replace(state, targets=())
    wanted = decisions.set_target(replace(bare, retired_after=None), row.target)[0]
    return any(getattr(wanted, "new", None) == target for target in state.targets)


def bring_value(
    state: Indicator, row: ImportedValue, *, today: date
) -> tuple[list[Event], Indicator]:
    """Record the value; nothing where it is on record. With it, the indicator as that leaves it.

    Raises:
        Refused: no such indicator, every fault at the row, or another value of the period.
    """
    if not state.exists:
        sentence = f"There is no indicator {row.indicator}."
        raise Refused(
            [Fault("indicator", "indicator-unknown", sentence, row=row.row, value=row.indicator)]
        )
    try:
        made = decisions.observe(replace(state, held={}), row.draft, today=today)
    except Refused as refused:
        raise _at_row(refused, row.row) from None
    observed = made[0]
    assert isinstance(observed, IndicatorObserved)
    slot = (observed.period, observed.source)
    value = CheckedValue(observed.state, observed.value, observed.numerator, observed.denominator)
    named = f"{row.indicator}, {slot[0]}"
    if on_record(state.held.get(slot), value, row=row.row, column="period", value=named):
        return [], state
    return made, replace(state, held={**state.held, slot: value})


def something_undone(records: int) -> None:
    """Raises `NotNow` where nothing of a batch is left."""
    if not records:
        raise NotNow("Nothing of this batch is left to undo.", code="nothing-left")
