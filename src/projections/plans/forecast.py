"""Which actions are likely to be late by a coming day, told from how past dates were kept.

The rule, which is shown with its numbers: of the first agreed dates that are past, those are missed
on whose last day the action was not rated as met. An action whose date falls before the coming day
is likely to be late when at least half of the past dates of its lead were missed; of the whole plan
where the lead has fewer than five. With fewer than five in the plan nothing is foretold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from projections.figures.statistics import median_days
from projections.plans.lateness import Dates, dates
from projections.plans.ratings import level_of, rating, standing
from projections.plans.record import ActionRecord, PlanRecord

ENOUGH = 5
"""Past dates below which nothing is foretold from them."""
LIKELY = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class DatesKept:
    """How past dates were kept: of `past`, `missed` were not met on their last day; half of those
    slipped by `slip` days or more (up to now, for those not yet met)."""

    past: int
    missed: int
    slip: Fraction | None

    @property
    def share(self) -> Fraction | None:
        return None if self.past < ENOUGH else Fraction(self.missed, self.past)


@dataclass(frozen=True, slots=True)
class Forecast:
    """One action whose date falls before the coming day. `likely` is None where the past does not
    suffice to tell; `of` is whose past it is told from."""

    dates: Dates
    of: str
    kept: DatesKept
    likely: bool | None
    sentence: str


def kept_dates(record: PlanRecord, day: date, lead: str | None = None) -> DatesKept:
    """How the first agreed dates that are past on `day` were kept, by one lead or by all."""
    slips = [
        slip
        for action in record.actions.values()
        if (lead is None or lead in action.leads)
        and (slip := _slip(record, action, day)) is not None
    ]
    missed = [slip for slip in slips if slip > 0]
    return DatesKept(len(slips), len(missed), median_days(missed))


def _slip(record: PlanRecord, action: ActionRecord, day: date) -> int | None:
    """Days from the first agreed date to the first rating as met (to `day`, for none yet), 0 where
    it was met in time; None where the date is not past, or the action ended before it."""
    due = action.first_due
    last = None if due is None else due.last_day
    if last is None or last >= day or not action.in_plan_on(last):
        return None
    in_time = rating(record, action.id, last)
    if in_time is not None and in_time.level.met:
        return 0
    for one in standing(record, action.id, day):
        level = level_of(record, one)
        if one.as_at > last and level is not None and level.met:
            return (one.as_at - last).days
    return (day - last).days


def forecast(record: PlanRecord, day: date, until: date) -> list[Forecast]:
    """The actions in time on `day` whose date falls by `until`, the likeliest to be late first."""
    whole = kept_dates(record, day)
    found = []
    for action in record.actions_on(day):
        dated = dates(record, action, day)
        last = None if dated.due is None else dated.due.last_day
        if dated.done or dated.overdue or last is None or last >= until:
            continue
        of, kept = _told_from(record, day, action.leads, whole)
        share = kept.share
        likely = None if share is None else share >= LIKELY
        found.append(Forecast(dated, of, kept, likely, _sentence(of, kept)))
    return sorted(found, key=lambda one: (one.likely is not True, -(one.kept.share or 0)))


def _told_from(
    record: PlanRecord, day: date, leads: Iterable[str], whole: DatesKept
) -> tuple[str, DatesKept]:
    own = [(lead, kept_dates(record, day, lead)) for lead in leads]
    enough = [(lead, kept) for lead, kept in own if kept.past >= ENOUGH]
    return max(enough, key=lambda pair: pair[1].past) if enough else ("the whole plan", whole)


def _sentence(of: str, kept: DatesKept) -> str:
    if kept.share is None:
        return f"Only {kept.past} dates are past in the whole plan: too few to tell anything from."
    sentence = f"Of {kept.past} past dates of {of}, {kept.missed} were missed"
    if kept.slip is None:
        return f"{sentence}."
    return f"{sentence}, half of them by {float(kept.slip):g} days or more."
