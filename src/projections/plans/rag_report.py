"""The RAG report of a plan: a row of figures for each theme, and the whole beneath.

Its JSON has the shape of the report on agreement: rows of a group with their figures, each with its
numerator and denominator, so that a file, a page and the API say the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from projections.figures.figure import Basis, Figure, caveat, count
from projections.plans.counting import RULE, RatingCounts, RatingTally, on_the_board
from projections.plans.lateness import Dates, overdue
from projections.plans.record import ActionRecord, PartRecord, PlanRecord

LATENESS = {
    "overdue_by_current_date": "Not met, and past the last day of the date in force.",
    "overdue_by_first_date": "Not met, and past the last day of the first agreed date.",
    "redated": "Whose dates were moved by an approved rescheduling.",
    "date_unknown": "Whose date nobody knows: neither late nor in time.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RagReportRow:
    """One theme, or the whole plan. `behind` holds, for each figure, the actions it counts."""

    group: Mapping[str, Any]
    figures: Mapping[str, Figure]
    behind: Mapping[str, tuple[str, ...]]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RagReport:
    """A whole report of the plan on `day`, as known at `position`."""

    plan: str
    title: str
    day: date
    position: int
    true_on: date | None
    rows: tuple[RagReportRow, ...]
    totals: tuple[RagReportRow, ...]
    caveats: tuple[str, ...]
    cohort_rule: str = RULE

    @property
    def as_at(self) -> date:
        """The day the ratings are as at."""
        return self.day

    def saying(self, caveats: Iterable[str]) -> RagReport:
        """The report with more to be said of all of it."""
        return replace(self, caveats=(*caveats, *self.caveats))

    def row(self, theme: str | None, scale: str | None = None) -> RagReportRow | None:
        """The row of a theme (of the plan, for None), on the scale of the day or the one named."""
        for row in self.totals if theme is None else self.rows:
            same = theme is None or row.group["theme_id"] == theme
            if same and scale in (None, row.group["scale"]):
                return row
        return None


def report(record: PlanRecord, day: date, *, head: int, true_on: date | None = None) -> RagReport:
    """The report of a plan at the end of `day`. `head` is the position that now is.

    A theme whose ratings are on two versions of a scale that no mapping joins has a row for each;
    what does not depend on the scale (lateness, unrated actions) is in the first.
    """
    position = head if record.position is None else record.position
    board = on_the_board(record, day)
    late = {one.action.id: one for one in overdue(record, day).all}
    rows = [
        row
        for part, counted in board.themes
        for row in _rows(record, counted, late, day, position, part)
    ]
    totals = _rows(record, board.whole, late, day, position, None)
    means = {"mean_of_themes": board.mean_of_themes, "mean_of_actions": board.mean_of_actions}
    first = replace(
        totals[0],
        figures={**totals[0].figures, **{name: at(mean, position) for name, mean in means.items()}},
        behind={**totals[0].behind, **dict.fromkeys(means, _rated(board.whole.of_the_day))},
    )
    return RagReport(
        plan=record.plan.id,
        title=f"RAG ratings of {record.plan.title}",
        day=day,
        position=position,
        true_on=true_on,
        rows=tuple(rows),
        totals=(first, *totals[1:]),
        caveats=_caveats(record, board.whole, day),
    )


def at(figure: Figure, position: int) -> Figure:
    """The figure with the position that it was read at."""
    return replace(figure, basis=replace(figure.basis, position=position))


def _rows(
    record: PlanRecord,
    counted: RatingCounts,
    late: Mapping[str, Dates],
    day: date,
    position: int,
    theme: PartRecord | None,
) -> list[RagReportRow]:
    found = []
    for tally in counted.tallies:
        figures = {f"rated_{code}": figure for code, figure in tally.counts.items()}
        behind = {f"rated_{level.code}": actions for level, actions in tally.levels}
        figures["mean"], behind["mean"] = tally.mean, _rated(tally)
        if tally is counted.of_the_day:
            more, under = _beside(counted, late, tally.mean.basis)
            figures, behind = {**more, **figures}, {**under, **behind}
        found.append(
            RagReportRow(
                group=_group(theme, tally, day),
                figures={name: at(figure, position) for name, figure in figures.items()},
                behind=behind,
                caveats=_row_caveats(counted, tally),
            )
        )
    return found


def _group(theme: PartRecord | None, tally: RatingTally, day: date) -> dict[str, Any]:
    named: dict[str, Any] = {"total": "Whole plan"}
    if theme is not None:
        named = {"theme": theme.reference, "theme_name": theme.title, "theme_id": theme.id}
    return {**named, "scale": tally.scale.key, "day": day.isoformat()}


def _beside(
    counted: RatingCounts, late: Mapping[str, Dates], basis: Basis
) -> tuple[dict[str, Figure], dict[str, tuple[str, ...]]]:
    """What is counted whatever the scale: actions, unrated ones, and lateness."""
    dated = [late[action] for action in counted.actions]
    behind = {
        "actions": counted.actions,
        "unrated": counted.unrated,
        "overdue_by_current_date": _ids(one for one in dated if one.overdue),
        "overdue_by_first_date": _ids(one for one in dated if one.overdue_by_first),
        "redated": _ids(one for one in dated if one.redated),
        "date_unknown": _ids(one for one in dated if one.unknown),
    }
    figures = {
        name: count(
            name,
            len(actions),
            len(counted.actions),
            replace(basis, cohort_rule=" ".join(filter(None, (RULE, LATENESS.get(name))))),
        )
        for name, actions in behind.items()
    }
    return figures, behind


def _ids(dated: Iterable[Dates]) -> tuple[str, ...]:
    return tuple(one.action.id for one in dated)


def _rated(tally: RatingTally) -> tuple[str, ...]:
    return tuple(action for _, actions in tally.levels for action in actions)


def _row_caveats(counted: RatingCounts, tally: RatingTally) -> tuple[str, ...]:
    if counted.no_data:
        return (caveat("no-data", "There is no action here, which is not the same as nought."),)
    if tally is not counted.of_the_day:
        sentence = f"Rated on {tally.scale.key}, which is not the scale of the day."
        return (caveat("scales-differ", sentence),)
    return ()


def _caveats(record: PlanRecord, whole: RatingCounts, day: date) -> tuple[str, ...]:
    found = []
    if len(whole.tallies) > 1:
        keys = ", ".join(tally.scale.key for tally in whole.tallies)
        sentence = f"Ratings on {keys} are counted apart: no mapping in force joins them all."
        found.append(caveat("scales-differ", sentence))
    if day < record.plan.since:
        found.append(caveat("no-data", "The plan began after this day."))
    return tuple(found)


def rows_behind(record: PlanRecord, row: RagReportRow, figure: str) -> Sequence[ActionRecord]:
    """The actions that a figure of a row counts."""
    return [record.actions[action] for action in row.behind.get(figure, ())]
