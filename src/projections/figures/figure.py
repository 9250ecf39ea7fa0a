"""A figure and everything that has to stand beside it, so that a page, a file and the API agree.

Numbers are exact until they are shown; halves are rounded away from zero. Unknown is None, never
0. `numerator` and `denominator` are always whole counts, or None where the figure was given to us
without them:

========================  =============================  ==============================
figure                    numerator                      denominator
========================  =============================  ==============================
rate (percent)            those that count               those they are a share of
coefficient               pairs that agree exactly       pairs compared
mean shift (grade steps)  sum of the steps               pairs compared
count                     the count                      those it was counted among
days (median)             sum of the days                things that took those days
score (mean)              sum of the ranks               actions that are rated
score (mean of means)     None: it is not whole          themes that have a mean
========================  =============================  ==============================

A caveat is one string, "code: sentence", so that a program can test the code and a person read
the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from projections.figures import statistics
from projections.figures.formulas import NEWEST
from projections.figures.rounding import (
    DISPLAY_PLACES,
    PLACES,
    UNKNOWN,
    Exact,
    Unit,
    rounded_off,
    shown,
    shown_rounded,
    signed,
    told_apart,
)
from qa.core.periods import Period

SMALL = 10
"""Below this base a figure is shown with a warning."""


def caveat(code: str, sentence: str) -> str:
    return f"{code}: {sentence}"


IN_ROOM = caveat("room", "Only what your inspector room holds is counted.")
"""What figures say to an inspector whose room is a part of the council."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a figure rests on: printed beside it, and enough to ask for it again.

    `cohort_rule` says which date puts a record in the period; `position` is the place in the log
    up to which events were read; `rows` is the query string that lists the records behind it.
    `formulas` is the version of the formulas that it is made and shown by.
    """

    period: Period | None = None
    cohort_rule: str = ""
    as_at: date | None = None
    position: int | None = None
    scale_version: str | None = None
    tool_versions: tuple[str, ...] = ()
    rows: str = ""
    caveats: tuple[str, ...] = ()
    formulas: int = NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with its base. `exact` is unrounded (a percent is held as 0 to 100).

    `places` is the precision that a figure was given in, where it was not worked out here; `ends`
    are those of its scale, which it is never rounded to where it does not reach them.
    """

    name: str
    unit: Unit
    numerator: int | None
    denominator: int | None
    exact: Exact | None
    interval: tuple[Exact, Exact] | None = None
    basis: Basis = field(default_factory=Basis)
    caveats: tuple[str, ...] = ()
    places: int | None = None
    ends: tuple[int, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The value as files and the API give it: percent, points and days to one place, steps
        to two, coefficients to four; to more where it would else round to a bound."""
        places = PLACES[self.unit] if self.places is None else self.places
        return None if self.exact is None else self._given(self.exact, places)

    def _given(self, exact: Exact, places: int) -> Decimal:
        if self.basis.formulas < 2:
            return rounded_off(exact, places)
        return told_apart(exact, self.unit, places, self.ends)

    @property
    def display(self) -> str:
        """The value as a page shows it ("85%", "+0.25", "–" where it is unknown)."""
        return self._shown(self.exact, self.places)

    def _shown(self, exact: Exact | None, places: int | None = None) -> str:
        if self.basis.formulas < 2:
            return shown_rounded(exact, self.unit, places)
        return shown(exact, self.unit, places, self.ends)

    @property
    def display_base(self) -> str:
        """What it is counted from, in words ("41 of 52", "n = 52"): days are no part of the records
        that they are counted over, so both are named ("146 days in all, n = 3")."""
        if self.denominator is None:
            return ""
        if not self.denominator:
            return "nothing to count"
        if self.unit in ("percent", "count") and self.numerator is not None:
            return f"{self.numerator} of {self.denominator}"
        days = self.unit == "days" and self.numerator is not None
        total = f"{self.numerator} day{'' if self.numerator == 1 else 's'} in all, " if days else ""
        return f"{total}n = {self.denominator}"

    @property
    def display_interval(self) -> str:
        """The interval as a page shows it ("72% to 93%"), or nothing."""
        if self.interval is None:
            return ""
        return " to ".join(map(self._shown, self.interval))

    @property
    def suppressed(self) -> bool:
        return any(code_of_caveat(text) == "suppressed" for text in self.caveats)

    def suppressed_below(self, least: int) -> Figure:
        """The figure for readers outside: emptied where its base, or its count, is under `least`.

        The counts go too, because they would give the value back.
        """
        base = self.denominator
        telling = base is not None and 0 < base < least
        if self.unit == "count":
            telling = telling or (self.numerator is not None and 0 < self.numerator < least)
        if not telling or self.suppressed:
            return self
        reason = caveat("suppressed", f"Not shown, because it rests on fewer than {least}.")
        kept = tuple(text for text in self.caveats if code_of_caveat(text) != "small-number")
        return replace(
            self,
            numerator=None,
            denominator=None,
            exact=None,
            interval=None,
            caveats=(*kept, reason),
        )

    def to_json(self) -> dict[str, Any]:
        """The six keys that every figure has in the API. Numbers that are not whole are decimal
        strings; `numerator` and `denominator` are null only where the figure is suppressed or was
        given without them."""
        places = PLACES[self.unit]
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": None if self.value is None else f"{self.value:f}",
            "unit": self.unit,
            "interval": None
            if self.interval is None
            else [f"{self._given(bound, places):f}" for bound in self.interval],
            "caveats": list(self.caveats),
        }

    def in_full(self) -> dict[str, Any]:
        """`to_json` with its name, what a page shows, and what it rests on."""
        basis = self.basis
        return {
            "name": self.name,
            **self.to_json(),
            "display": self.display,
            "period": None if basis.period is None else basis.period.label,
            "from": None if basis.period is None else basis.period.start.isoformat(),
            "to": None if basis.period is None else basis.period.end.isoformat(),
            "cohort_rule": basis.cohort_rule,
            "as_at": None if basis.as_at is None else basis.as_at.isoformat(),
            "position": basis.position,
            "scale_version": basis.scale_version,
            "tool_versions": list(basis.tool_versions),
            "rows": basis.rows,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """What lies between two figures, both of which it carries as its bases.

    `kind` says which of several different things it is: points between two percentages, percent of
    the earlier value, or a difference of two counts or of two values of another unit.
    """

    kind: Literal["percentage points", "percent of the earlier value", "count", "difference"]
    before: Figure
    after: Figure
    exact: Exact | None
    caveats: tuple[str, ...] = ()

    @property
    def value(self) -> Decimal | None:
        return (
            None
            if self.exact is None
            else rounded_off(self.exact, 0 if self.kind == "count" else 1)
        )

    @property
    def direction(self) -> Literal["up", "down", "level", "unknown"]:
        if self.exact is None:
            return "unknown"
        return "level" if self.exact == 0 else "up" if self.exact > 0 else "down"

    @property
    def display(self) -> str:
        """The change with its sign and its unit, whole where it is whole: "+13 points"."""
        if self.value is None:
            return UNKNOWN
        value = self.value.to_integral_value() if self.value == int(self.value) else self.value
        ending = {"percentage points": " points", "percent of the earlier value": "%"}.get(
            self.kind, ""
        )
        if self.kind == "percentage points" and abs(value) == 1:
            ending = " point"
        return signed(value) + ending

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "value": None if self.value is None else str(self.value),
            "display": self.display,
            "before": self.before.in_full(),
            "after": self.after.in_full(),
            "caveats": list(self.caveats),
        }


# -- making figures


def rate(name: str, numerator: int, denominator: int, basis: Basis | None = None) -> Figure:
    """A share in percent with its Wilson interval; unknown where there is nothing to share."""
    exact = None if denominator == 0 else Fraction(100 * numerator, denominator)
    bounds = statistics.wilson(numerator, denominator)
    interval = None if bounds is None else (100 * bounds[0], 100 * bounds[1])
    notes = () if denominator else (caveat("no-data", "Nothing to count: there is no base."),)
    return _figure(name, "percent", numerator, denominator, exact, interval, basis, notes)


def coefficient(
    name: str,
    estimate: statistics.Estimate,
    agreeing: int,
    basis: Basis | None = None,
    unit: Unit = "coefficient",
) -> Figure:
    """A coefficient of agreement; `agreeing` is the number of pairs that agree exactly."""
    code = "no-data" if estimate.value is None else "no-interval"
    notes = (caveat(code, estimate.note),) if estimate.note else ()
    return _figure(
        name, unit, agreeing, estimate.n, estimate.value, estimate.interval, basis, notes
    )


def mean_shift(name: str, shift: statistics.Shift, basis: Basis | None = None) -> Figure:
    """The mean step of moderation: positive is moderated up, negative downgraded."""
    code = "no-interval" if shift.n else "no-data"
    notes = (caveat(code, shift.note),) if shift.note and not shift.interval else ()
    return _figure(
        name, "grade steps", shift.total_steps, shift.n, shift.mean, shift.interval, basis, notes
    )


def count(name: str, number: int, among: int | None = None, basis: Basis | None = None) -> Figure:
    """A whole number; `among` is what it was counted among (itself, where nothing larger)."""
    base = number if among is None else among
    return _figure(name, "count", number, base, Fraction(number), None, basis, (), small=False)


def median_days(name: str, days: Iterable[int], basis: Basis | None = None) -> Figure:
    """The median number of days."""
    taken = list(days)
    notes = () if taken else (caveat("no-data", "Nothing to count: there are no dates."),)
    middle = statistics.median_days(taken)
    return _figure(name, "days", sum(taken), len(taken), middle, None, basis, notes)


def mean_score(
    name: str, ranks: Iterable[int], basis: Basis | None = None, *, ends: tuple[int, ...] = ()
) -> Figure:
    """The mean of ratings, by the ranks of their scale; `ends` are its lowest and highest."""
    given = list(ranks)
    notes = () if given else (caveat("no-data", "No action is rated."),)
    exact = Fraction(sum(given), len(given)) if given else None
    found = _figure(name, "score", sum(given), len(given), exact, None, basis, notes, small=False)
    return replace(found, ends=ends)


def mean_of_means(name: str, means: Iterable[Figure], basis: Basis | None = None) -> Figure:
    """The mean of means, each weighing the same, from their unrounded values; unknown ones stay
    out."""
    means = list(means)
    given = [Fraction(mean.exact) for mean in means if mean.exact is not None]
    basis = basis or Basis()
    notes = () if given else (caveat("no-data", "No theme has a rated action."),)
    return Figure(
        name=name,
        unit="score",
        numerator=None,
        denominator=len(given),
        exact=sum(given, Fraction(0)) / len(given) if given else None,
        basis=basis,
        caveats=(*notes, *basis.caveats),
        ends=next((mean.ends for mean in means if mean.ends), ()),
    )


def _figure(
    name: str,
    unit: Unit,
    numerator: int,
    denominator: int,
    exact: Exact | None,
    interval: tuple[Exact, Exact] | None,
    basis: Basis | None,
    notes: tuple[str, ...],
    *,
    small: bool = True,
) -> Figure:
    basis = basis or Basis()
    if small and 0 < denominator < SMALL:
        sentence = f"Rests on {denominator} only; one more or less would change it a good deal."
        notes = (*notes, caveat("small-number", sentence))
    return Figure(
        name=name,
        unit=unit,
        numerator=numerator,
        denominator=denominator,
        exact=exact,
        interval=interval,
        basis=basis,
        caveats=(*notes, *basis.caveats),
    )


# -- comparing figures


def change_in_points(before: Figure, after: Figure) -> FigureChange:
    """The difference of two percentages, in percentage points, from the unrounded values."""
    caveats = _comparable(before, after, only="percent")
    exact = None
    if before.exact is not None and after.exact is not None and not _blocked(caveats):
        exact = Fraction(after.exact) - Fraction(before.exact)
        places = max(_shown_places(before), _shown_places(after))
        rounded_apart = rounded_off(after.exact, _shown_places(after)) - rounded_off(
            before.exact, _shown_places(before)
        )
        if rounded_apart != rounded_off(exact, places):
            apart = "1 point" if abs(rounded_apart) == 1 else f"{abs(rounded_apart)} points"
            sentence = (
                f"{before.display} and {after.display} as shown are {apart} "
                "apart; unrounded, they are as given here."
            )
            caveats = (*caveats, caveat("rounding", sentence))
    return FigureChange(
        kind="percentage points", before=before, after=after, exact=exact, caveats=caveats
    )


def relative_change(before: Figure, after: Figure) -> FigureChange:
    """The difference in percent of the earlier value, which is the base it is read against."""
    caveats = _comparable(before, after)
    exact = None
    if before.exact is not None and after.exact is not None and not _blocked(caveats):
        base = Fraction(before.exact)
        if base == 0:
            reason = "The earlier value is 0, and nothing can be given in percent of it."
            caveats = (*caveats, caveat("no-base", reason))
        else:
            exact = 100 * (Fraction(after.exact) - base) / abs(base)
    return FigureChange(
        kind="percent of the earlier value",
        before=before,
        after=after,
        exact=exact,
        caveats=caveats,
    )


def change_in_number(before: Figure, after: Figure) -> FigureChange:
    """The difference of the two numerators: a rate may fall while its number rises."""
    caveats = _comparable(before, after)
    exact = None
    if before.numerator is not None and after.numerator is not None and not _blocked(caveats):
        exact = Fraction(after.numerator - before.numerator)
    return FigureChange(kind="count", before=before, after=after, exact=exact, caveats=caveats)


def _comparable(before: Figure, after: Figure, only: Unit | None = None) -> tuple[str, ...]:
    """The caveats of a comparison; those of `_BLOCKING` leave it without a value."""
    caveats: list[str] = []
    if before.unit != after.unit or (only is not None and before.unit != only):
        caveats.append(
            caveat("units-differ", f"{before.unit} and {after.unit} cannot be compared so.")
        )
    if before.basis.scale_version != after.basis.scale_version:
        caveats.append(
            caveat("scales-differ", "The two were graded on different versions of a scale.")
        )
    if before.basis.tool_versions != after.basis.tool_versions:
        caveats.append(caveat("tools-differ", "The audit tool changed between the two."))
    if before.basis.cohort_rule != after.basis.cohort_rule:
        caveats.append(
            caveat("cohorts-differ", "The two put records in their period by different dates.")
        )
    return tuple(caveats)


_BLOCKING = frozenset({"units-differ", "scales-differ"})


def _blocked(caveats: Iterable[str]) -> bool:
    return any(code_of_caveat(text) in _BLOCKING for text in caveats)


def code_of_caveat(text: str) -> str:
    """The code of a caveat, which is the part before its sentence."""
    return text.partition(":")[0]


def _shown_places(figure: Figure) -> int:
    return DISPLAY_PLACES[figure.unit] if figure.places is None else figure.places
