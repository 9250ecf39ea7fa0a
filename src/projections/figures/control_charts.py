"""Run charts and control charts, as NHS England's "Making Data Count" draws them.

XmR: limits at the mean ± 2.66 times the average moving range, from which moving ranges of 3.267
times their average and more are screened out once. Signals of special cause: a point beyond a
limit; a run of seven on one side of the mean (shift); seven consecutive points each higher, or
each lower, than the one before (trend); two of three consecutive points on one side of the mean in
the outer third before a limit. Sources: NHS England, "Making data count: strengthening your
decisions"; the same rules in the NHS-R community's package NHSRplotthedots; Wheeler,
"Understanding Variation" (1993), for 2.66 = 3/d2 and 3.267 = D4 of ranges of two.

p: limits at the mean proportion ± 3 × sqrt(p(1 − p)/n), for each point by its own base (Montgomery,
"Introduction to Statistical Quality Control", ch. 7). They are not cut off at 0 and 100 here.

Run: the median; shift six, trend five (Perla, Provost and Murray, BMJ Qual Saf 2011;20:46-51).

Values are exact; the square root of a p-chart has 28 digits. Limits begin anew only where a
reading says so, and a missing value interrupts every run and every moving range.

Held limits: with a baseline of n, centre and limits are those of the first n values of a stretch
and are drawn on over all of it, so that later values are judged by where things stood and do not
move the limits themselves ("Making data count" recalculates limits only by decision).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Literal, NamedTuple

from projections.figures.chart_runs import ChartLines, above_centre, sides, trends, zone

Kind = Literal["xmr", "p", "run"]
Signal = Literal["beyond-limits", "shift", "trend", "near-limit"]
Direction = Literal["higher", "lower", "unknown"]

ENOUGH = 12
"""With fewer points between two fresh starts, nothing is claimed."""
SCREEN = Fraction(3267, 1000)
REACH = Fraction(266, 100)
RUN = {"xmr": (7, 7), "p": (7, 7), "run": (6, 5)}
"""How many points make a shift and a trend."""


class ChartValue(NamedTuple):
    """The value of one period, None where it is missing or the period is not over (`running`).
    `fresh` where limits begin anew."""

    value: Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    fresh: bool = False
    running: bool = False


class ChartPoint(NamedTuple):
    """A reading with its lines. `above` says on which side of the centre it lies, and `rising`
    which way the trend goes that it is part of (None: of none)."""

    value: Fraction | None
    centre: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    signals: tuple[Signal, ...] = ()
    rising: bool | None = None

    @property
    def rises(self) -> bool:
        """Whether a special cause is towards higher values. A trend decides over the side of the
        centre: a fall that has not come down to it yet is a fall (as NHSRplotthedots has it)."""
        return self.above is True if self.rising is None else self.rising

    @property
    def above(self) -> bool | None:
        if self.value is None or self.centre is None or self.value == self.centre:
            return None
        return self.value > self.centre


@dataclass(frozen=True, slots=True)
class Stretch:
    """The points `start` up to `end` (exclusive), which share one centre. `known` of them have a
    value; `screened` moving ranges were left out of the average."""

    start: int
    end: int
    known: int
    centre: Fraction | None
    moving_range: Fraction | None = None
    screened: int = 0

    @property
    def enough(self) -> bool:
        return self.known >= ENOUGH


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart's mathematics, point by point, and why it may claim less than it seems to."""

    kind: Kind
    points: tuple[ChartPoint, ...]
    stretches: tuple[Stretch, ...]
    warnings: tuple[str, ...]

    @property
    def latest_at(self) -> int | None:
        """The place of the last point that has a value."""
        known = [at for at, point in enumerate(self.points) if point.value is not None]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Icon:
    """What a variation or assurance icon says, in words."""

    code: str
    sentence: str


def chart(kind: Kind, readings: Sequence[ChartValue], baseline: int | None = None) -> ControlChart:
    """The chart of that kind, its limits from the first `baseline` values of each stretch (None:
    from all of them). A stretch that has not so many yet uses what it has.

    A p-chart needs the two parts of every value that there is (`ValueError` otherwise).
    """
    if kind == "p" and any(r.value is not None and not _has_parts(r) for r in readings):
        raise ValueError("a p-chart needs numerator and denominator of every value")
    points: list[ChartPoint] = []
    stretches: list[Stretch] = []
    for start, end in _bounds(readings):
        part = readings[start:end]
        stretch, drawn = _draw_stretch(kind, start, part, baseline)
        stretches.append(stretch)
        points += _signalled(kind, drawn) if stretch.enough else drawn
    return ControlChart(kind, tuple(points), tuple(stretches), _warnings(stretches, readings))


def best_kind(readings: Sequence[ChartValue], unit: str) -> Kind:
    """A p-chart where every value is a proportion with both its parts, else XmR."""
    known = [r for r in readings if r.value is not None]
    proportions = unit == "percent" and known and all(_has_parts(r) for r in known)
    return "p" if proportions else "xmr"


def kind_of_point(chart: ControlChart, at: int, better: Direction) -> str:
    """How a point is drawn: ``common``, ``improving``, ``concerning``, or ``special`` where it is
    not decided which way is better."""
    if not chart.points[at].signals:
        return "common"
    if better == "unknown":
        return "special"
    rises = chart.points[at].rises
    return "improving" if (better == "higher") == rises else "concerning"


def variation(chart: ControlChart, better: Direction) -> Icon:
    """What the latest point says about change, in words; nothing where there are too few points."""
    at = chart.latest_at
    if at is None or not chart.stretches[-1].enough:
        sentence = f"Fewer than {ENOUGH} points since the limits began: nothing is claimed."
        return Icon("too-few", sentence)
    point = chart.points[at]
    if not point.signals:
        return Icon("common-cause", "Common cause: no significant change.")
    why = ", ".join(SIGNAL_WORDS[s] for s in point.signals)
    side = "higher" if point.rises else "lower"
    way = side if point.rising is None else "rising" if point.rising else "falling"
    kind = kind_of_point(chart, at, better)
    if kind == "special":
        sentence = f"Special cause, {way} values ({why}). Which way is better is not decided."
        return Icon(f"special-{side}", sentence)
    return Icon(f"special-{kind}", f"Special cause: {kind}, {way} values ({why}).")


def assurance(chart: ControlChart, target: Fraction | None, better: Direction) -> Icon:
    """What the limits say about reaching a target that is at least (higher) or at most (lower)."""
    if target is None or better == "unknown":
        return Icon("no-target", "No target that the limits could be held against.")
    at = chart.latest_at
    if at is None or not chart.stretches[-1].enough:
        sentence = f"Fewer than {ENOUGH} points since the limits began: nothing is claimed."
        return Icon("too-few", sentence)
    point = chart.points[at]
    if point.lower is None or point.upper is None:
        return Icon("no-limits", "A run chart has no limits to hold against a target.")
    passes = point.lower >= target if better == "higher" else point.upper <= target
    fails = point.upper < target if better == "higher" else point.lower > target
    if passes:
        return Icon("passes", "Consistently passes: within its limits it reaches the target.")
    if fails:
        return Icon("fails", "Consistently fails: within its limits it falls short of the target.")
    return Icon("hit-and-miss", "Hit and miss: the target lies within the limits.")


SIGNAL_WORDS: dict[Signal, str] = {
    "beyond-limits": "a point beyond a limit",
    "shift": "a run on one side of the centre",
    "trend": "a run of rising or falling points",
    "near-limit": "two of three points near a limit",
}


def _has_parts(reading: ChartValue) -> bool:
    return reading.numerator is not None and bool(reading.denominator)


def _bounds(readings: Sequence[ChartValue]) -> list[tuple[int, int]]:
    starts = [0, *(at for at, r in enumerate(readings) if r.fresh and at)]
    return list(zip(starts, [*starts[1:], len(readings)], strict=True)) if readings else []


def _draw_stretch(
    kind: Kind, start: int, readings: Sequence[ChartValue], baseline: int | None
) -> tuple[Stretch, list[ChartPoint]]:
    """One stretch, whose lines are worked out from its first `baseline` values."""
    known = [at for at, reading in enumerate(readings) if reading.value is not None]
    if baseline is None or len(known) <= baseline:
        return _DRAWN[kind](start, readings)
    first = readings[: known[baseline - 1] + 1]
    stretch, drawn = _DRAWN[kind](start, first)
    last = drawn[-1]
    lines = (stretch.centre, last.lower, last.upper)
    for reading in readings[len(first) :]:
        if kind == "p" and reading.value is not None and stretch.centre is not None:
            lines = (stretch.centre, *_p_limits(stretch.centre / 100, reading.denominator or 1))
        elif kind == "p":
            lines = (stretch.centre, None, None)
        drawn.append(ChartPoint(reading.value, *lines))
    return replace(stretch, end=start + len(readings), known=len(known)), drawn


def _p_limits(mean: Fraction, base: int) -> tuple[Fraction, Fraction]:
    """The limits of a proportion on a base, in per cent."""
    reach = 300 * _sqrt(mean * (1 - mean) / base)
    return 100 * mean - reach, 100 * mean + reach


def _xmr(start: int, readings: Sequence[ChartValue]) -> tuple[Stretch, list[ChartPoint]]:
    known = [r.value for r in readings if r.value is not None]
    end = start + len(readings)
    if not known:
        return Stretch(start, end, 0, None), [ChartPoint(None, None, None, None) for _ in readings]
    mean = sum(known, Fraction(0)) / len(known)
    ranges = [
        abs(after.value - before.value)
        for before, after in pairwise(readings)
        if before.value is not None and after.value is not None
    ]
    kept = _screened(ranges)
    average = sum(kept, Fraction(0)) / len(kept) if kept else None
    lower = None if average is None else mean - REACH * average
    upper = None if average is None else mean + REACH * average
    points = [ChartPoint(r.value, mean, lower, upper) for r in readings]
    return Stretch(start, end, len(known), mean, average, len(ranges) - len(kept)), points


def _screened(ranges: Sequence[Fraction]) -> list[Fraction]:
    """The moving ranges below 3.267 times their average; all of them where they are all nought."""
    average = sum(ranges, Fraction(0)) / len(ranges) if ranges else Fraction(0)
    return [each for each in ranges if each < SCREEN * average] or list(ranges)


def _p(start: int, readings: Sequence[ChartValue]) -> tuple[Stretch, list[ChartPoint]]:
    above = sum(r.numerator or 0 for r in readings if r.value is not None)
    base = sum(r.denominator or 0 for r in readings if r.value is not None)
    known = sum(1 for r in readings if r.value is not None)
    end = start + len(readings)
    if not base:
        return Stretch(start, end, known, None), [
            ChartPoint(None, None, None, None) for _ in readings
        ]
    mean = Fraction(above, base)
    centre = 100 * mean
    bounds = {
        n: _p_limits(mean, n)
        for n in {r.denominator for r in readings if r.value is not None and r.denominator}
    }
    points = [
        ChartPoint(r.value, centre, *bounds[r.denominator])
        if r.value is not None and r.denominator
        else ChartPoint(None, centre, None, None)
        for r in readings
    ]
    return Stretch(start, end, known, centre), points


def _run(start: int, readings: Sequence[ChartValue]) -> tuple[Stretch, list[ChartPoint]]:
    known = sorted(r.value for r in readings if r.value is not None)
    end = start + len(readings)
    if not known:
        return Stretch(start, end, 0, None), [ChartPoint(None, None, None, None) for _ in readings]
    half = len(known) // 2
    median = known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
    return Stretch(start, end, len(known), median), [
        ChartPoint(r.value, median, None, None) for r in readings
    ]


_DRAWN: dict[Kind, Callable[[int, Sequence[ChartValue]], tuple[Stretch, list[ChartPoint]]]] = {
    "xmr": _xmr,
    "p": _p,
    "run": _run,
}


def _sqrt(value: Fraction) -> Fraction:
    return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def _signalled(kind: Kind, points: Sequence[ChartPoint]) -> list[ChartPoint]:
    """The points of one stretch with their signals."""
    shift, trend = RUN[kind]
    found: dict[int, set[Signal]] = defaultdict(set)
    rising: dict[int, bool] = {}
    values, lines = _whole(points)
    zones = [zone(value, each) for value, each in zip(values, lines, strict=True)]
    above = [above_centre(value, each) for value, each in zip(values, lines, strict=True)]
    for at, where in enumerate(zones):
        if where == "beyond":
            found[at].add("beyond-limits")
    for places in sides(values, above, skip_centre=kind == "run"):
        if len(places) >= shift:
            for at in places:
                found[at].add("shift")
    for places in trends(values, skip_equal=kind == "run"):
        if len(places) >= trend:
            # The turn belongs to two trends; the one that led to it says which way it went.
            first, last = values[places[0]], values[places[-1]]
            up = first is not None and last is not None and last > first
            for at in places:
                found[at].add("trend")
                rising.setdefault(at, up)
    for at in range(len(points) - 2):
        if zones[at : at + 3].count("near") >= 2 and above[at] is above[at + 1] is above[at + 2]:
            for each in range(at, at + 3):
                if zones[each] == "near":
                    found[each].add("near-limit")
    signalled = list(points)
    for at, signals in found.items():
        p, names = points[at], tuple(name for name in SIGNAL_WORDS if name in signals)
        signalled[at] = ChartPoint(p.value, p.centre, p.lower, p.upper, names, rising.get(at))
    return signalled


def _whole(points: Sequence[ChartPoint]) -> tuple[list[int | None], list[ChartLines]]:
    """The values of one stretch and their lines, all multiplied by one number that makes them
    whole: they compare as the fractions do, several times faster."""
    # Points with one base share their lines, which are not worked out for each of them again.
    shared = {id(p.upper): p for p in points}
    fractions = [p.value for p in points]
    fractions += [line for p in shared.values() for line in (p.centre, p.lower, p.upper)]
    scale = 3 * lcm(*{each.denominator for each in fractions if each is not None})

    def whole(number: Fraction) -> int:
        return number.numerator * (scale // number.denominator)

    def lines(p: ChartPoint) -> ChartLines:
        centre = None if p.centre is None else whole(p.centre)
        if centre is None or p.lower is None or p.upper is None:
            return ChartLines(centre)
        lower, upper = whole(p.lower), whole(p.upper)
        two_thirds = 2 * (upper - centre) // 3
        return ChartLines(centre, (lower, upper), (centre - two_thirds, centre + two_thirds))

    drawn = {upper: lines(p) for upper, p in shared.items()}
    values = [None if p.value is None else whole(p.value) for p in points]
    return values, [drawn[id(p.upper)] for p in points]


def _warnings(stretches: Sequence[Stretch], readings: Sequence[ChartValue]) -> tuple[str, ...]:
    sentences: list[str] = []
    if any(not stretch.enough for stretch in stretches):
        few = ", ".join(str(s.known) for s in stretches if not s.enough)
        sentences.append(
            f"Too few points ({few}) for limits to be relied on; {ENOUGH} are needed. No signal is "
            "claimed there."
        )
    missing = sum(1 for each in readings if each.value is None and not each.running)
    if missing:
        have = "1 period has" if missing == 1 else f"{missing} periods have"
        sentences.append(f"{have} no value; nothing is put in its place.")
    screened = sum(stretch.screened for stretch in stretches)
    if screened:
        were = "1 moving range was" if screened == 1 else f"{screened} moving ranges were"
        sentences.append(f"{were} screened out as extreme.")
    return tuple(sentences)
