"""Decisions on indicators and values that a file states: what they bring to what is on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from qa.core.errors import Fault, NotNow, Refused
from qa.core.event import Event, RecordedEvent, Source
from qa.imports.changes import ChangedCell, changed_cells, differs, meet
from qa.indicators import decisions
from qa.indicators.commands import RestateIndicator
from qa.indicators.events import (
    IndicatorDefined,
    IndicatorObserved,
    IndicatorRestated,
    IndicatorTargetSet,
)
from qa.indicators.rows import ImportedIndicator, ImportedValue
from qa.indicators.state import Indicator, Slot, evolve
from qa.indicators.values import CheckedValue


def bring_definition(
    state: Indicator, row: ImportedIndicator, *, corrects: bool = False
) -> list[Event]:
    """Define the indicator; nothing where it is on record and began as the row states it.

    Raises:
        Refused: every fault at the row; or it is on record otherwise, unless the row `corrects` it,
            from the day that it gives.
    """
    try:
        made = _defined(row)
    except Refused as refused:
        raise _at_row(refused, row.row) from None
    if not state.exists:
        return made
    if _same(state, row):
        return []
    if not corrects:
        raise Refused([differs(row.row, "id", row.id, _changed(state, made, row))])
    try:
        return _redefined(state, made, row)
    except Refused as refused:
        raise _at_row(refused, row.row) from None


_BESIDE = {"version", "since"}


def _defines(state: Indicator, made: list[Event]) -> bool:
    """Whether the definition is another one than the latest."""
    defined = made[0]
    assert isinstance(defined, IndicatorDefined)
    new, old = (one.model_dump(exclude=_BESIDE) for one in (defined.definition, state.latest))
    return new != old


def _redefined(state: Indicator, made: list[Event], row: ImportedIndicator) -> list[Event]:
    again = _defines(state, made)
    found = decisions.redefine(state, row.draft, breaks=False) if again else []
    if row.target is not None:
        found += decisions.set_target(state, row.target)
    return found


def _aim(target: Mapping[str, Any]) -> str:
    return " ".join(str(target[n]) for n in ("comparator", "of", "upto") if target.get(n))


def _changed(state: Indicator, made: list[Event], row: ImportedIndicator) -> list[ChangedCell]:
    defined = made[0]
    assert isinstance(defined, IndicatorDefined)
    cells = changed_cells(
        *(one.model_dump(exclude=_BESIDE) for one in (state.latest, defined.definition))
    )
    target = next((one.new for one in made if isinstance(one, IndicatorTargetSet)), None)
    if target is not None and target not in state.targets:
        old = state.target_on(target.since)
        before = {} if old is None else old.model_dump(exclude={"note"})
        cells += changed_cells(*({"target": _aim(one)} for one in (before, target.model_dump())))
    return cells


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
    event = decisions.define(Indicator(), row.draft, id=row.id)[0]
    if not isinstance(event, IndicatorDefined) or event.definition != state.definitions[0]:
        return False
    if row.target is None:
        return True
    bare = replace(state, targets=())
    wanted = decisions.set_target(replace(bare, retired_after=None), row.target)[0]
    return any(getattr(wanted, "new", None) == target for target in state.targets)


def bring_value(
    state: Indicator, row: ImportedValue, *, today: date, corrects: str = ""
) -> tuple[list[Event], Indicator]:
    """Record the value; nothing where it is on record. With it, the indicator as that leaves it.

    Raises:
        Refused: no such indicator, every fault at the row, or another value of the period, unless
            the row `corrects` it for that reason.
    """
    if not state.exists:
        sentence = f"There is no indicator {row.indicator}."
        raise Refused(
            [Fault("indicator", "indicator-unknown", sentence, row=row.row, value=row.indicator)]
        )
    try:
        made = decisions.observe(replace(state, values={}), row.draft, today=today)
    except Refused as refused:
        raise _at_row(refused, row.row) from None
    observed = made[0]
    assert isinstance(observed, IndicatorObserved)
    slot = (observed.period, observed.source)
    value = CheckedValue(observed.state, observed.value, observed.numerator, observed.denominator)
    before = state.values.get(slot)
    met = meet(
        None if before is None else asdict(before),
        asdict(value),
        row=row.row,
        column="period",
        value=f"{row.indicator}, {slot[0]}",
        corrects=bool(corrects),
    )
    if met == "there":
        return [], state
    if met == "changed":
        again = RestateIndicator(indicator=row.indicator, reason=corrects, **dict(row.draft))
        try:
            made = decisions.restate(state, again, today=today)
        except Refused as refused:
            raise _at_row(refused, row.row) from None
    return made, replace(state, values={**state.values, slot: value})


def something_undone(records: int) -> None:
    """Raises `NotNow` where nothing of a batch is left."""
    if not records:
        raise NotNow("Nothing of this batch is left to undo.", code="nothing-left")


@dataclass(frozen=True, slots=True)
class ValuesBefore:
    """An indicator, the file that each of its values is from, the values that batches were the
    first to give, and those that they restated: each as it stood before, and whose it was."""

    indicator: Indicator = field(default_factory=Indicator)
    sources: Mapping[Slot, Source | None] = field(default_factory=dict)
    first: frozenset[tuple[str, Slot]] = frozenset()
    restated: Mapping[tuple[str, Slot], tuple[CheckedValue, Source | None, int]] = field(
        default_factory=dict
    )


def evolve_before(state: ValuesBefore, recorded: RecordedEvent[Any]) -> ValuesBefore:
    event, source = recorded.event, recorded.meta.source
    first, restated, sources = state.first, state.restated, state.sources
    if isinstance(event, IndicatorObserved | IndicatorRestated):
        slot = (event.period, event.source)
        by = None if source is None else (source.batch, slot)
        if by is not None and by not in first and by not in restated:
            if isinstance(event, IndicatorObserved):
                first |= {by}
            else:
                was = state.indicator.values[slot], sources.get(slot), event.definition_version
                restated = {**restated, by: was}
        sources = {**sources, slot: source}
    return replace(
        state,
        indicator=evolve(state.indicator, recorded),
        first=first,
        restated=restated,
        sources=sources,
    )


def take_value_back(
    state: Indicator,
    before: ValuesBefore,
    slot: Slot,
    batch: str,
    is_undone: Callable[[Source | None], bool],
) -> tuple[list[Event], Source | None]:
    """What takes back a value that a batch brought, with the file that it is from again: one that
    the batch restated is as it was before, but never as a batch gave it that was undone."""
    found = before.restated.get((batch, slot))
    while found is not None and is_undone(source := found[1]):
        assert source is not None
        found = before.restated.get((source.batch, slot))
    if found is None:
        return decisions.withdraw_value(state, period=slot[0], source=slot[1]), None
    was, source, version = found
    now = state.values[slot]
    again = IndicatorRestated(
        period=slot[0],
        source=slot[1],
        old_value=now.value,
        old_numerator=now.numerator,
        old_denominator=now.denominator,
        definition_version=version,
        **asdict(was),
    )
    return [again], source
