"""From rows to a few counts: the database groups by month, the report gathers months into periods.

Only as many rows move as there are groups; the lengths of time of a group come in one text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.engine import Connection

from projections.actions.closing_the_loop.question import (
    LoopLimits,
    LoopQuestion,
    in_range,
    narrowed,
)
from projections.actions.closing_the_loop.rules import (
    EFFECTIVE,
    LATENESS,
    RAISED_ON,
    RULES,
    Condition,
    rule_of,
)
from projections.actions.tables import action_row
from projections.core.base import as_at
from qa.core.one_of import one_of
from qa.core.periods import PeriodKind, period_of

Key = tuple[Any, ...]
"""The first day of the period, then the values of the dimensions that are columns."""
RATED = (("first_due_on", "due_on"), ("verify_by",))
"""The dates that rates put an action in a period by: those that mostly fall together are asked
about in one going through the rows."""


@dataclass(slots=True)
class LoopTally:
    """The counts of one group: `above` and `below` by figure, and how many took how many days.

    `ended` are those whose impact was checked, by the days they were open; `censored` those that
    still wait for that on the day of the report, and those that no longer apply: they were open
    for as long as they were watched.
    """

    above: Counter[str] = field(default_factory=Counter)
    below: Counter[str] = field(default_factory=Counter)
    days: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    ended: Counter[int] = field(default_factory=Counter)
    censored: Counter[int] = field(default_factory=Counter)

    def add(self, other: LoopTally) -> None:
        for name in ("above", "below", "ended", "censored"):
            getattr(self, name).update(getattr(other, name))
        for name, days in other.days.items():
            self.days[name].update(days)


@dataclass(frozen=True, slots=True)
class LoopQuestionAt:
    """A question at a moment: `day` is what "overdue" and "has passed" are asked of. `first_days`
    keeps what `raised` found by the days of a question, for those that are put in place of it."""

    question: LoopQuestion
    day: date
    position: int | None
    limits: LoopLimits
    first_days: dict[tuple[date, date], str | None] = field(default_factory=dict, compare=False)

    def standing(self) -> list[ColumnElement[bool]]:
        """The conditions for the rows that the question is of, whatever their dates."""
        return [
            as_at(action_row, self.position),
            *narrowed(self.question, self.limits, self.position),
        ]

    def columns(self) -> list[ColumnElement[Any]]:
        """The dimensions that a column of the rows cuts by, by their names."""
        question = self.question
        return [question.column(name, self.position).label(name) for name in question.columns]

    def rows(self, cohort: str) -> list[ColumnElement[bool]]:
        """The conditions for the rows of the range by this date."""
        return [in_range(cohort, self.question), *self.standing()]

    def raised_by_then(self) -> ColumnElement[bool]:
        """No date of an action lies before it was raised. Said, it leads SQLite to the index that
        holds every date; of itself it would go to the rows by an index of open ones."""
        return action_row.c.raised_on <= self.question.end.isoformat()

    def raised(self, connection: Connection) -> list[ColumnElement[bool]] | None:
        """The conditions when an action was raised that has one of the dates of `RATED` in the
        range; None where there is none. Of ten years, the actions before it are not gone past.

        Looked for among all versions of all actions, by an index of the dates. A first due date is
        the due date of an earlier version.
        """
        raised_on, days = action_row.c.raised_on, (self.question.start, self.question.end)
        if days not in self.first_days:
            self.first_days[days] = self._first_raised(connection)
        first = self.first_days[days]
        return None if first is None else [self.raised_by_then(), raised_on >= first]

    def _first_raised(self, connection: Connection) -> str | None:
        raised_on = action_row.c.raised_on
        # Of the bare column PostgreSQL would go through its own index, from the first action on.
        days = [
            select(func.min(raised_on.concat(""))).where(in_range(cohort, self.question))
            for cohort in ("due_on", "verify_by")
        ]
        found = connection.execute(union_all(*days)).scalars()
        return min((day for day in found if day is not None), default=None)


def tally(connection: Connection, asking: LoopQuestionAt) -> dict[Key, LoopTally]:
    """The counts of every group that has any."""
    found: dict[Key, LoopTally] = defaultdict(LoopTally)
    _add_steps(connection, asking, found)
    raised = asking.raised(connection)
    if raised is not None:
        for cohorts in RATED:
            _add_rates(connection, asking, cohorts, raised, found)
    return dict(found)


def _add_steps(connection: Connection, asking: LoopQuestionAt, found: dict[Key, LoopTally]) -> None:
    """The counts and lengths of time of the actions that were raised in the range.

    What has its lengths of time listed is counted by the list, and not once more.
    """
    listed = _listed(asking.day)
    by_list = {rule.base for name in listed if (rule := rule_of(name)) is not None}
    rules = {name: r for name, r in RULES.items() if r.cohort == RAISED_ON and not r.days}
    sides = {side: None for rule in rules.values() for side in (rule.base, rule.counted)}
    summed = [side for side in sides if side not in by_list]
    query = _grouped(asking, RAISED_ON).add_columns(
        *(_number(side(asking.day)) for side in summed), *listed.values()
    )
    keys = 1 + len(asking.question.columns)
    numbers: dict[Key, Counter[Condition]] = defaultdict(Counter)
    texts: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in connection.execute(query).all():
        key = _key(asking.question, row[0], row[1:keys])
        for side, number in zip(summed, row[keys:], strict=False):
            numbers[key][side] += number
        for name, text in zip(listed, row[keys + len(summed) :], strict=True):
            if text:
                texts[key][name].append(text)
    for key, counted in numbers.items():
        group = found[key]
        # The months of a period are put together before anything is counted.
        for name, months in texts[key].items():
            days = Counter(SEPARATOR.join(months).split(SEPARATOR))
            _add_days(group, name, days, asking.day)
            rule = rule_of(name)
            if rule is not None:
                counted[rule.base] = days.total()
        for name, rule in rules.items():
            group.below[name] += counted[rule.base]
            group.above[name] += counted[rule.counted]


def _add_rates(
    connection: Connection,
    asking: LoopQuestionAt,
    cohorts: Sequence[str],
    raised: Sequence[ColumnElement[bool]],
    found: dict[Key, LoopTally],
) -> None:
    """The counts of the rates that put an action in a period by one of these dates."""
    question, day = asking.question, asking.day
    rates = {
        cohort: [(name, rule) for name, rule in RULES.items() if rule.cohort == cohort]
        for cohort in cohorts
    }
    # Of whole months the month itself says whether it lies in the range.
    months = question.start.day == 1 and (question.end + timedelta(days=1)).day == 1
    first_month, last_month = str(question.start)[:7], str(question.end)[:7]
    numbers = []
    for cohort, rules in rates.items():
        within = true() if months else in_range(cohort, question)
        numbers.append(_number(within))
        for _, rule in rules:
            sides = (rule.base(day), rule.counted(day))
            numbers += [_number(and_(within, side)) for side in sides]
    by: list[ColumnElement[Any]] = [func.substr(action_row.c[cohort], 1, 7) for cohort in cohorts]
    by += asking.columns()
    query = select(*by, *numbers).where(
        *raised,
        or_(*(in_range(cohort, question) for cohort in cohorts)),
        *asking.standing(),
    )
    first = len(by)
    for row in connection.execute(query.group_by(*by)).all():
        at = first
        for month, rules in zip(row, rates.values(), strict=False):
            if row[at] and first_month <= month <= last_month:
                group = found[_key(question, month, row[len(cohorts) : first])]
                for place, (name, _) in enumerate(rules):
                    group.below[name] += row[at + 1 + 2 * place]
                    group.above[name] += row[at + 2 + 2 * place]
            at += 1 + 2 * len(rules)


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _grouped(asking: LoopQuestionAt, cohort: str) -> Select[Any]:
    """The month of this date and the dimensions, grouped by them."""
    by = [
        func.substr(action_row.c[cohort], 1, 7).label("month"),
        *asking.columns(),
    ]
    return select(*by).where(*asking.rows(cohort)).group_by(*by)


def _listed(day: date) -> dict[str, ColumnElement[Any]]:
    """Every length of time of a group in one text: to group by each would be to go through the
    rows once for each."""
    row = action_row.c

    def one(which: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.aggregate_strings(case((which, cast(value, Text))), SEPARATOR)

    found = {name: one(rule.base(day), row[rule.days]) for name, rule in RULES.items() if rule.days}
    for name, due in LATENESS.items():
        rule = rule_of(name)
        assert rule is not None
        dates = row[due].concat(UNTIL).concat(func.coalesce(row.claimed_on, ""))
        found[name] = one(rule.base(day), dates)
    checked, watched = row.days_to_verify.is_not(None), row.days_to_end.is_not(None)
    found[WITHOUT_EFFECT] = one(and_(checked, not_(EFFECTIVE(day))), row.days_to_end)
    found[DROPPED] = one(and_(not_(checked), watched), row.days_to_end)
    found[WAITING] = one(not_(watched), row.raised_on)
    return found


SEPARATOR, UNTIL = ",", "/"
WITHOUT_EFFECT, DROPPED, WAITING = "without effect", "dropped", "waiting"


def _add_days(group: LoopTally, name: str, days: Counter[str], day: date) -> None:
    for text, number in days.items():
        if name == WITHOUT_EFFECT:
            group.ended[int(text)] += number
        elif name == DROPPED:
            group.censored[int(text)] += number
        elif name == WAITING:
            group.censored[(day - date.fromisoformat(text)).days] += number
        elif name in LATENESS:
            due_on, _, claimed_on = text.partition(UNTIL)
            group.days[name][days_late(due_on, claimed_on or None, day)] += number
        else:
            group.days[name][int(text)] += number
            if RULES[name].base is EFFECTIVE:
                group.ended[int(text)] += number


def days_late(due_on: str, claimed_on: str | None, day: date) -> int:
    """The days between a due date and the claim, or the day of the report where there is none."""
    until = day if claimed_on is None else date.fromisoformat(claimed_on)
    return (until - date.fromisoformat(due_on)).days


def _key(question: LoopQuestion, month: str, values: Iterable[Any]) -> Key:
    return (_start(month, question.by), *values)


@lru_cache(maxsize=4096)
def _start(month: str, by: PeriodKind) -> date:
    return period_of(date.fromisoformat(f"{month}-01"), by).start


def left_out(connection: Connection, asking: LoopQuestionAt) -> int:
    """How many actions of the range are left out because their audits are sealed."""
    if not asking.limits.sealed:
        return 0
    open_to_all = replace(asking, limits=replace(asking.limits, sealed=frozenset()))
    query = (
        select(func.count())
        .select_from(action_row)
        .where(*open_to_all.rows(RAISED_ON), one_of(action_row.c.audit, asking.limits.sealed))
    )
    return int(connection.execute(query).scalar_one())


def last_raised(connection: Connection, *, position: int | None = None) -> date | None:
    """The day on which the latest action was raised, or None where there is none."""
    query = select(func.max(action_row.c.raised_on)).where(as_at(action_row, position))
    found = connection.execute(query).scalar_one()
    return None if found is None else date.fromisoformat(found)


def by_period(groups: Mapping[Key, LoopTally]) -> dict[Key, LoopTally]:
    """All groups of each period together: no action is in two."""
    found: dict[Key, LoopTally] = defaultdict(LoopTally)
    for (period, *_), one in groups.items():
        found[period,].add(one)
    return dict(found)


def whole(groups: Mapping[Key, LoopTally]) -> LoopTally:
    """All groups together: no action is in two."""
    found = LoopTally()
    for one in groups.values():
        found.add(one)
    return found
