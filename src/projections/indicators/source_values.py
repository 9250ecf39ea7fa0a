"""What sources and comparators say of a period of an indicator, as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from projections.figures import figure as figures_figure
from projections.figures import rounding
from projections.figures.figure import Basis, Figure
from projections.indicators.queries import IndicatorRecord
from projections.indicators.rows import ValueRecord
from qa.core.periods import Period
from qa.indicators.definition import IndicatorDefinition, Unit
from qa.indicators.events import IndicatorRestated
from qa.indicators.values import of_parts, places

_UNITS: dict[Unit, rounding.Unit] = {
    "percent": "percent",
    "count": "count",
    "rate-per-10000": "per 10,000",
    "days": "days",
    "score": "score",
    "money": "pounds",
}


class SourceValue(NamedTuple):
    """What one source says of a period. `was` says, where it is a restatement, what it replaced."""

    record: ValueRecord
    figure: Figure | None
    was: str = ""


def value_figure(
    indicator: IndicatorRecord,
    definition: IndicatorDefinition,
    value: Decimal,
    above: int | None,
    below: int | None,
    basis: Basis,
    notes: Sequence[str] = (),
) -> Figure:
    exact = of_parts(above, below, definition.unit)
    if definition.unit == "count":
        above, below = int(value), None
    return Figure(
        name=indicator.definition.name,
        unit=_UNITS[definition.unit],
        numerator=above,
        denominator=below,
        exact=Fraction(value) if exact is None else exact,
        basis=basis,
        caveats=basis.caveats + tuple([figures_figure.caveat("note", note) for note in notes])
        if notes
        else basis.caveats,
        places=places(value),
    )


def source_value(
    value: ValueRecord,
    indicator: IndicatorRecord,
    basis: Basis,
    replaced: Mapping[tuple[str, str], IndicatorRestated],
) -> SourceValue:
    definition = indicator.definition_by(value.definition_version)
    old = replaced.get((value.period, value.source)) if value.restated else None
    was = "" if old is None else "no value"
    if old is not None and old.old_value is not None:
        parts = (old.old_numerator, old.old_denominator)
        was = value_figure(indicator, definition, old.old_value, *parts, Basis()).display
    if value.value is None:
        return SourceValue(value, None, was)
    notes = [note for note in (value.note, value.excluded) if note]
    return SourceValue(
        value,
        value_figure(
            indicator, definition, value.value, value.numerator, value.denominator, basis, notes
        ),
        was,
    )


def comparator_figures(
    indicator: IndicatorRecord, period: Period, definition: IndicatorDefinition
) -> tuple[tuple[str, Period, Figure], ...]:
    """The value of each comparator for the period, or for the shortest longer one around it."""
    if not indicator.comparators:
        return ()
    found = []
    for name in sorted({each.name for each in indicator.comparators}):
        around = [
            each
            for each in indicator.comparators
            if each.name == name
            and each.period.start <= period.start
            and period.end <= each.period.end
        ]
        if around:
            nearest = min(around, key=lambda each: (each.period.kind.months, each.period.label))
            basis = Basis(period=nearest.period)
            figure = value_figure(indicator, definition, nearest.value, None, None, basis)
            found.append((name, nearest.period, replace(figure, name=name)))
    return tuple(found)
