"""The closing-the-loop report: what became of actions, how long each step took, and what came back.

Its JSON has the shape of the report on agreement, and beside it the curve of the share of actions
that is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.engine import Connection

from projections.actions.closing_the_loop.counting import (
    Key,
    LoopQuestionAt,
    LoopTally,
    by_period,
    left_out,
    tally,
    whole,
)
from projections.actions.closing_the_loop.question import (
    EVERY_ACTION,
    THEME,
    LoopLimits,
    LoopQuestion,
)
from projections.actions.closing_the_loop.rules import LATENESS, P90, RULES, SENTENCE
from projections.figures.durations import NINETIETH, Curve, median, nearest_rank, survival
from projections.figures.figure import IN_ROOM, SMALL, Basis, Figure, caveat, count, rate
from projections.figures.ranges import WHOLE
from projections.figures.running import running_caveats
from projections.figures.small_numbers import as_counts_below
from qa.core.periods import Period

DATES_IN_WORDS = {
    "action_completion_rate": (
        "Evidence accepted by the first due date. A date that was moved counts by its first value: "
        "actions have no approval of a new date."
    ),
    "action_completion_rate_by_current_date": (
        "Evidence accepted by the date in force, which somebody other than the owner set."
    ),
}


THEMES = caveat(
    "themes",
    "An action that belongs to several learning themes counts in each of them, and one that "
    "belongs to none only in the whole range.",
)


def _by_area(question: LoopQuestion) -> list[str]:
    """How actions were put under judgement areas, where the report is cut by these."""
    if not question.by_area:
        return []
    rule = (
        "An action stands under the judgement area of the domain of its finding, as domains were "
        "mapped in the month in which it was raised."
    )
    return [caveat("by-area", rule), *question.areas.caveats(question.start, question.end)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopReportRow:
    """One group: its period and the value of every dimension that the report is cut by."""

    group: Mapping[str, Any]
    figures: Mapping[str, Figure]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopReport:
    """The whole report of `day`, as known at `position`. `open_share` is the curve of the share of
    the actions raised in the range whose impact was not checked yet so many days later."""

    question: LoopQuestion
    day: date
    position: int
    true_on: date | None
    rows: tuple[LoopReportRow, ...]
    totals: tuple[LoopReportRow, ...]
    open_share: Curve
    caveats: tuple[str, ...]
    name: str = "closing-the-loop"
    title: str = "Closing the loop"
    cohort_rule: str = SENTENCE

    @property
    def as_at(self) -> date:
        return self.day

    def saying(self, caveats: Iterable[str]) -> LoopReport:
        """The report with more to be said of all of it."""
        return replace(self, caveats=(*caveats, *self.caveats))


def report(
    connection: Connection,
    question: LoopQuestion,
    *,
    day: date,
    head: int,
    position: int | None = None,
    true_on: date | None = None,
    limits: LoopLimits = EVERY_ACTION,
    small_number: int = 0,
) -> LoopReport:
    """The report of `day` as known at `position` (now when None; `head` is then printed).

    `limits` are what is left out for the reader; actions of audits that are sealed from them are
    counted in a caveat. Figures on a base smaller than `small_number` are replaced by their counts.
    """
    asking = LoopQuestionAt(question, day, position, limits)
    made = reports(connection, asking, head=head, true_on=true_on, small_number=small_number)
    return next(made)


def reports(
    connection: Connection,
    asking: LoopQuestionAt,
    *,
    head: int,
    true_on: date | None,
    small_number: int,
) -> Iterator[LoopReport]:
    """The report, and then that of everything together, from what was counted already."""
    position = head if asking.position is None else asking.position
    basis = Basis(cohort_rule=SENTENCE, as_at=asking.day, position=position)
    groups, together = _tallied(connection, asking)
    sealed, question = left_out(connection, asking), asking.question
    for of, counted in ((question, groups), (replace(question, dimensions=()), together)):
        made = _report(replace(asking, question=of), counted, whole(together), basis, small_number)
        sentences = [] if asking.limits.within is None else [IN_ROOM]
        if sealed:
            sentences.append(_sealed(sealed))
        yield replace(made.saying(sentences), true_on=true_on)


def _report(
    asking: LoopQuestionAt,
    groups: Mapping[Key, LoopTally],
    everything: LoopTally,
    basis: Basis,
    small_number: int,
) -> LoopReport:
    question, day = asking.question, asking.day
    rows = [
        _row(
            question,
            group,
            groups.get(key, LoopTally()),
            replace(basis, period=period, caveats=tuple(running_caveats(period, day))),
            small_number,
        )
        for period, key, group in _laid_out(question, groups)
    ]
    total = {"total": WHOLE, "from": str(question.start), "to": str(question.end)}
    return LoopReport(
        question=question,
        day=day,
        position=basis.position or 0,
        true_on=None,
        rows=tuple(rows),
        totals=(_row(question, total, everything, basis, small_number),),
        open_share=survival(everything.ended, everything.censored),
        caveats=(
            *([THEMES] if THEME in question.dimensions else []),
            *_by_area(question),
        ),
    )


def _tallied(
    connection: Connection, asking: LoopQuestionAt
) -> tuple[Mapping[Key, LoopTally], Mapping[Key, LoopTally]]:
    """The counts of every group, and those of every period, which hold each action once."""
    question = asking.question
    if THEME not in question.dimensions:
        groups = tally(connection, asking)
        return groups, by_period(groups)
    by_theme = {
        (*key, theme): found
        for theme in question.filters.get(THEME, question.themes)
        for key, found in tally(
            connection, replace(asking, question=question.of_theme(theme))
        ).items()
    }
    uncut = replace(asking, question=replace(question, dimensions=()))
    return by_theme, tally(connection, uncut)


def _sealed(number: int) -> str:
    actions = "1 action is" if number == 1 else f"{number} actions are"
    sentence = f"{actions} left out, because you are still to moderate their audits blind."
    return caveat("sealed", sentence)


def _laid_out(
    question: LoopQuestion, groups: Mapping[Key, LoopTally]
) -> Iterable[tuple[Period, Key, dict[str, Any]]]:
    """Every period with every group that the range knows; one without actions is there too."""
    combinations = sorted({key[1:] for key in groups}) or [tuple("" for _ in question.keys)]
    for period in question.periods():
        first, last = question.within(period)
        for combination in combinations:
            yield (
                period,
                (period.start, *combination),
                {
                    question.period_key: period.label,
                    "from": str(first),
                    "to": str(last),
                    **dict(zip(question.keys, combination, strict=True)),
                },
            )


def _row(
    question: LoopQuestion, group: dict[str, Any], found: LoopTally, basis: Basis, small_number: int
) -> LoopReportRow:
    period = basis.period
    notes = basis.caveats
    if period is not None and (group["from"], group["to"]) != (
        period.start.isoformat(),
        period.end.isoformat(),
    ):
        sentence = f"Only {group['from']} to {group['to']} of {period.label} was asked for."
        notes = (*notes, caveat("partial-period", sentence))
    group_query = question.query(group)

    def at(name: str) -> Basis:
        more = notes
        if name in DATES_IN_WORDS:
            more = (*notes, caveat("due-date", DATES_IN_WORDS[name]))
        return replace(basis, caveats=more, rows=f"{group_query}&figure={name}")

    figures = {figure.name: as_counts_below(figure, small_number) for figure in _figures(found, at)}
    return LoopReportRow(group=group, figures=figures, caveats=notes)


At = Callable[[str], Basis]
"""What a figure of the row rests on, by its name."""


def _figures(found: LoopTally, at: At) -> Iterable[Figure]:
    for name, rule in RULES.items():
        above, below = found.above[name], found.below[name]
        if rule.days:
            yield from _lasting(name, found.days.get(name, {}), at)
        elif name.partition("_by_")[0].endswith("_rate"):
            yield rate(name, above, below, at(name))
        else:
            yield count(name, above, below, at(name))
    for name in LATENESS:
        yield from _lasting(name, found.days.get(name, {}), at)


def _lasting(name: str, days: Mapping[int, int], at: At) -> Iterable[Figure]:
    """The median and the 90th percentile of a length of time."""
    yield _days(name, median(days), days, at(name))
    yield _days(name + P90, nearest_rank(days, NINETIETH), days, at(name + P90))


def _days(name: str, value: Fraction | None, days: Mapping[int, int], basis: Basis) -> Figure:
    taken = sum(days.values())
    notes: tuple[str, ...] = ()
    if not taken:
        notes = (caveat("no-data", "Nothing to count: there are no dates."),)
    elif taken < SMALL:
        sentence = f"Rests on {taken} only; one more or less would change it a good deal."
        notes = (caveat("small-number", sentence),)
    return Figure(
        name=name,
        unit="days",
        numerator=sum(day * number for day, number in days.items()),
        denominator=taken,
        exact=value,
        basis=basis,
        caveats=(*notes, *basis.caveats),
    )
