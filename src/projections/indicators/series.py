"""An indicator's values period by period: what is known, what is missing, and how it moved.

Every period from the first to the last shown is there. A missing one is missing: never nought and
never guessed from its neighbours. "Better" and "worse" are claimed only where it is decided which
way is better, by the rules of the control chart, and never across a break of the series: what the
chart takes for common cause is no real change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from projections.figures import control_charts
from projections.figures import figure as figures_figure
from projections.figures.control_charts import ChartValue, ControlChart, Kind
from projections.figures.figure import Basis, Figure, FigureChange
from projections.indicators.against_target import Shown, TargetStatus, compared, status
from projections.indicators.queries import IndicatorRecord
from projections.indicators.rows import ValueRecord
from projections.indicators.source_values import SourceValue, comparator_figures, source_value
from qa.core.periods import Period, PeriodKind, parse_period, period_of
from qa.indicators.definition import IndicatorDefinition, Polarity, Target

State = Literal["value", "not-applicable", "no-value", "missing", "contradiction"]
Word = Literal["better", "worse", "same", "unknown"]
Claim = Literal["better", "worse", "same", "no-real-change", "unknown"]
BasisOf = Callable[[Period], Basis]

STATE_LABELS: dict[State, str] = {
    "value": "Value",
    "not-applicable": "Not applicable",
    "no-value": "No value given",
    "missing": "Missing",
    "contradiction": "Sources contradict each other",
}
_A_DAY = timedelta(days=1)


class Movement(NamedTuple):
    """How a value stands to that of the period before.

    `word` is which way it moved, be it noise or not: "unknown" where better or worse cannot be
    said; `change` may be there all the same. `claim` is what may be claimed of it, `because` by
    which signals of the chart, or why by none. `reason` says why there is no change, and is empty
    where there is one.
    """

    word: Word
    reason: str = ""
    before: Figure | None = None
    after: Figure | None = None
    claim: Claim = "unknown"
    because: str = ""

    @property
    def change(self) -> FigureChange | None:
        if self.before is None or self.after is None:
            return None
        return change_between(self.before, self.after)

    @property
    def sentence(self) -> str:
        change = self.change
        if change is None or change.exact is None or self.before is None:
            return self.reason or "The two values cannot be compared."
        period = self.before.basis.period
        label = "the period before" if period is None else period.label
        if self.word == "same":
            return f"The same as in {label}."
        moved = f"{change.display} on {label}"
        if self.word == "unknown":
            return f"{moved}; which way is better is not decided."
        if self.claim == "no-real-change":
            return f"{moved}: no real change ({self.because})."
        return f"{moved}. The chart says {self.claim}: {self.because}."


class SeriesPoint(NamedTuple):
    """One period. `figure` is the value to go by, None where there is none; `contradicted` says
    that sources differ. `breaks` and `rebased` say that the series, or its limits, begin anew.
    `aim` is the target in force, and `at` the place among the `neighbours`: what each period shows
    rather than the points, so that no point leads back to itself."""

    period: Period
    figure: Figure | None
    breaks: bool
    comparators: tuple[tuple[str, Period, Figure], ...]
    definition: IndicatorDefinition
    polarity: Polarity
    state: State
    values: tuple[SourceValue, ...]
    contradicted: bool
    over: bool
    rebased: bool
    aim: Target | None
    neighbours: Sequence[Shown]
    at: int
    drawn: SeriesChart
    breaks_because: str = ""

    @property
    def restated(self) -> str:
        """That a value of this period was restated, with what it replaced, or nothing."""
        return " ".join(
            f"Restated{f' ({one.record.source})' if one.record.source else ''}: was {one.was}."
            for one in self.values
            if one.was
        )

    @property
    def movement(self) -> Movement:
        """How the value stands to that of the period before."""
        before = self.neighbours[self.at - 1].figure if self.at else None
        return _claimed(_movement(before, self), self)

    @property
    def target(self) -> TargetStatus:
        """How the value stands against the target in force."""
        return status(self.neighbours, self.at, self.aim)

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything noted beside the values of this period."""
        remarks = (text for one in self.values for text in (one.record.note, one.record.excluded))
        more = "" if self.over else f"{self.period.label} is not over yet."
        return tuple(text for text in (more, self.restated, self.breaks_because, *remarks) if text)


class SeriesChart:
    """The control chart that fits a series, made once and only where it is asked for."""

    def __init__(self, definition: IndicatorDefinition) -> None:
        self.unit, self.baseline = definition.unit, definition.baseline
        self.readings: list[ChartValue] = []

    @cached_property
    def fitting(self) -> ControlChart:
        kind = control_charts.best_kind(self.readings, self.unit)
        return self.of(kind)

    def of(self, kind: Kind) -> ControlChart:
        """The chart of that kind, with the baseline of the definition in force."""
        return control_charts.chart(kind, self.readings, self.baseline)


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """The financial year up to the last period shown, or why there is no such figure."""

    figure: Figure | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator with its periods in order."""

    indicator: IndicatorRecord
    points: tuple[SeriesPoint, ...]
    year: YearSoFar
    drawn: SeriesChart

    @property
    def latest(self) -> SeriesPoint | None:
        """The last period that is over and has a value."""
        return next((p for p in reversed(self.points) if p.over and p.figure is not None), None)

    @property
    def places(self) -> int:
        """The decimals of the values, which the lines of their chart have too."""
        given = [p.figure.places for p in self.points if p.figure and p.figure.places is not None]
        return max(given, default=0)

    @property
    def waiting(self) -> tuple[Period, ...]:
        """The periods that are over and without any answer, after the last that has one."""
        late: list[Period] = []
        for point in reversed(self.points):
            if point.state != "missing":
                break
            if point.over:
                late.append(point.period)
        return tuple(reversed(late))

    @property
    def warning(self) -> str:
        """One sentence where values are missing or contradict each other, else nothing."""
        if self.indicator.retired_after is not None:
            return ""
        sentences = []
        if self.waiting:
            missing = ", ".join(period.label for period in self.waiting[-4:])
            more = len(self.waiting) - 4
            sentences.append(
                f"No value yet for {missing}{f' and {more} before' if more > 0 else ''}."
            )
        if any(point.contradicted for point in self.points):
            labels = ", ".join(p.period.label for p in self.points if p.contradicted)
            sentences.append(f"Sources contradict each other for {labels}.")
        return " ".join(sentences)


def series(
    indicator: IndicatorRecord,
    *,
    today: date,
    first: date | None = None,
    last: date | None = None,
    basis_of: BasisOf | None = None,
    broken_by: Mapping[date, str] | None = None,
) -> Series:
    """The series of an indicator from the period of `first` to that of `last`.

    Without them it runs from the first value to the last period that is over by `today`, or to a
    later one that has a value. `broken_by` says from which days on counted values are not
    comparable with those before, and why.
    """
    basis = basis_of or (lambda period: Basis(period=period))
    known: dict[str, list[ValueRecord]] = {}
    for value in indicator.values:
        known.setdefault(value.period, []).append(value)
    because = broken_by or {}
    broken = {mark.since for mark in indicator.breaks} | set(because)
    replaced = {
        (each.event.period, each.event.source): each.event for each in indicator.restatements
    }
    rebased = {mark.since for mark in indicator.rebases}
    drawn = SeriesChart(indicator.definition)
    neighbours: list[Shown] = []
    points: list[SeriesPoint] = []
    for at, period in enumerate(_periods(indicator, today, first, last)):
        start, end = period.start, period.end
        definition = indicator.definition_on(start)
        values = known.get(period.label, ())
        source_values = tuple(
            [source_value(value, indicator, basis(period), replaced) for value in values]
        )
        state, figure = _gone_by(source_values)
        over = end <= today
        fresh = start in broken or start in rebased
        drawn.readings.append(_reading(figure, fresh=fresh, over=over))
        shown = Shown(
            period, figure, start in broken, comparator_figures(indicator, period, definition)
        )
        neighbours.append(shown)
        points.append(
            SeriesPoint(
                *shown,
                definition,
                indicator.polarity_on(end),
                state,
                source_values,
                _contradict(source_values),
                over=over,
                rebased=start in rebased,
                aim=indicator.target_on(end),
                neighbours=neighbours,
                at=at,
                drawn=drawn,
                breaks_because=because.get(start, ""),
            )
        )
    return Series(indicator, tuple(points), year_so_far(points, indicator), drawn)


def _reading(figure: Figure | None, *, fresh: bool, over: bool) -> ChartValue:
    if figure is None or figure.exact is None or not over:
        return ChartValue(None, fresh=fresh, running=not over)
    return ChartValue(Fraction(figure.exact), figure.numerator, figure.denominator, fresh)


def _periods(
    indicator: IndicatorRecord, today: date, first: date | None, last: date | None
) -> Iterator[Period]:
    spans = [parse_period(value.period) for value in indicator.values]
    day = first or min((span.start for span in spans), default=indicator.definitions[0][0].since)
    until = last
    if until is None:
        end = today if indicator.retired_after is None else min(today, indicator.retired_after)
        until = max([span.end for span in spans] + [end])
    kind = indicator.definition_on(day).period_kind
    period = period_of(day, kind)
    while period.start <= until:
        if period.end > until and last is None:
            return
        yield period
        following = period.end + _A_DAY
        if len(indicator.definitions) > 1:
            kind = indicator.definition_on(following).period_kind
        period = period_of(following, kind)


def _gone_by(values: Sequence[SourceValue]) -> tuple[State, Figure | None]:
    """The value to go by: the council's own (without a named source), or what all sources say."""
    if not values:
        return "missing", None
    for each in values:
        if not each.record.source:
            return _state(each.record), each.figure
    given = [each for each in values if each.figure is not None]
    if not given:
        return _state(values[0].record), None
    if _contradict(values):
        return "contradiction", None
    return "value", given[0].figure


def _state(value: ValueRecord) -> State:
    if value.state == "not-applicable":
        return "not-applicable"
    return "value" if value.state == "value" else "no-value"


def _contradict(values: Sequence[SourceValue]) -> bool:
    if len(values) < 2:
        return False
    return len({each.record.value for each in values if each.record.value is not None}) > 1


def change_between(before: Figure, after: Figure) -> FigureChange:
    """What lies between two values of one unit: points for percentages, else a difference."""
    if after.unit == "percent":
        return figures_figure.change_in_points(before, after)
    if after.unit == "count":
        return figures_figure.change_in_number(before, after)
    exact = None
    if before.unit == after.unit and before.exact is not None and after.exact is not None:
        exact = Fraction(after.exact) - Fraction(before.exact)
    return FigureChange(kind="difference", before=before, after=after, exact=exact)


def _movement(earlier: Figure | None, point: SeriesPoint) -> Movement:
    """How the point stands to the figure of the period before, where there is one."""
    period, figure = point.period, point.figure
    if figure is None or figure.exact is None:
        return Movement("unknown", f"{period.label} has no value.")
    if point.breaks:
        sentence = "The series breaks here: not comparable with the period before."
        return Movement("unknown", sentence)
    if not point.over:
        sentence = f"{period.label} is not over yet: not compared with the period before."
        return Movement("unknown", sentence)
    if earlier is None or earlier.exact is None:
        return Movement("unknown", f"{period.preceding.label} has no value to compare with.")
    if earlier.unit != figure.unit:
        return Movement("unknown", "", earlier, figure)
    risen = compared(figure.exact, earlier.exact)
    if risen == 0:
        return Movement("same", "", earlier, figure)
    if point.polarity == "unknown":
        return Movement("unknown", "", earlier, figure)
    better = (risen > 0) == (point.polarity == "higher")
    return Movement("better" if better else "worse", "", earlier, figure)


def _claimed(moved: Movement, point: SeriesPoint) -> Movement:
    """The movement with what the chart lets us claim of it."""
    if moved.word not in ("better", "worse"):
        return moved._replace(claim=moved.word)
    chart = point.drawn.fitting
    signals = chart.points[point.at].signals
    if signals:
        kind = control_charts.kind_of_point(chart, point.at, point.polarity)
        because = ", ".join(control_charts.SIGNAL_WORDS[one] for one in signals)
        return moved._replace(claim="better" if kind == "improving" else "worse", because=because)
    stretch = next(each for each in chart.stretches if each.start <= point.at < each.end)
    few = f"fewer than {control_charts.ENOUGH} values to tell by"
    because = "common cause" if stretch.enough else few
    return moved._replace(claim="no-real-change", because=because)


def year_so_far(points: Sequence[SeriesPoint], indicator: IndicatorRecord) -> YearSoFar:
    """The financial year of the last period shown, added up, where that is honest."""
    if not points:
        return YearSoFar(None, "There are no periods yet.")
    last = points[-1]
    definition, year = last.definition, period_of(last.period.start, PeriodKind.FINANCIAL_YEAR)
    name = f"{year.label} so far"
    if definition.rolling_months is not None:
        return YearSoFar(None, f"{name}: rolling windows overlap and cannot be added up.")
    if definition.unit not in ("count", "percent"):
        return YearSoFar(None, f"{name}: rates, means and scores cannot be added up.")
    if not (definition.adds_up or definition.derived):
        return YearSoFar(None, f"{name}: the definition does not say that its periods add up.")
    within = [point for point in points if point.period.start in year]
    if within[0].period.start != year.start:
        return YearSoFar(None, f"{name}: the series begins within the year.")
    if any(point.breaks for point in within[1:]):
        return YearSoFar(None, f"{name}: the series breaks within the year.")
    known = [point.figure for point in within if point.figure is not None]
    if len(known) < len(within) or any(point.contradicted for point in within):
        return YearSoFar(None, f"{name}: not every period has one value.")
    basis = Basis(period=year, cohort_rule=known[-1].basis.cohort_rule)
    if definition.unit == "count":
        total = sum(figure.numerator or 0 for figure in known)
        return YearSoFar(
            figures_figure.count(name, total, basis=basis), f"{name}: periods added up."
        )
    if any(figure.numerator is None or not figure.denominator for figure in known):
        return YearSoFar(None, f"{name}: not every period has numerator and denominator.")
    above = sum(figure.numerator or 0 for figure in known)
    below = sum(figure.denominator or 0 for figure in known)
    rate = figures_figure.rate(name, above, below, basis)
    return YearSoFar(rate, f"{name}: numerators over denominators of all periods.")
