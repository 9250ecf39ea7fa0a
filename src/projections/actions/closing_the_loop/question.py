"""What the closing-the-loop report is asked: the period, how it is cut and what it is narrowed to.

A `Question` is shared by the report and by the list of actions behind any of its figures, so that
the two cannot come apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, func, select

from projections.actions.tables import ACTION_AUDITS, action_row
from projections.core.base import as_at
from projections.core.full_text import RowCondition
from projections.figures.judgement_areas import AreaMappings
from projections.figures.ranges import RangeQuestion, cut_faults, days_of_row
from qa.core.errors import Fault, refuse_any
from qa.core.one_of import one_of

NO_DOMAIN = "no-domain"
"""The domain of an action that comes from no finding in one."""
COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "team": action_row.c.team,
    "service": action_row.c.service,
    "kind": action_row.c.kind,
    "source": action_row.c.raised_by,
    "domain": func.coalesce(action_row.c.domain, NO_DOMAIN),
}
"""What a column of the rows cuts by."""
AREA, THEME = "area", "theme"
DIMENSIONS = (*COLUMNS, AREA, THEME)
"""What the report can be cut by and narrowed to. An action may belong to several learning themes,
and to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopQuestion(RangeQuestion):
    """Everything asked of the report but the reader and the moment it is seen at.

    `start` and `end` are both inclusive. `filters` holds the wanted values of a dimension,
    `themes` the actions that belong to each learning theme there is, where themes are asked for,
    and `areas` under which judgement area the domain of a finding stood.

    Raises `Refused` with every fault.
    """

    dimensions: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: Mapping[str, Collection[str]] = field(default_factory=dict)
    areas: AreaMappings = field(default_factory=AreaMappings)

    def __post_init__(self) -> None:
        faults = self.range_faults() + cut_faults(self.dimensions, self.filters, DIMENSIONS)
        if any(theme not in self.themes for theme in self.filters.get(THEME, ())):
            faults.append(Fault(THEME, "unknown-theme", "There is no such learning theme."))
        refuse_any(faults)

    @property
    def columns(self) -> tuple[str, ...]:
        """The dimensions that a column of the rows cuts by."""
        return tuple(name for name in self.dimensions if name != THEME)

    @property
    def by_area(self) -> bool:
        return AREA in self.dimensions or AREA in self.filters

    def column(self, name: str, position: int | None) -> ColumnElement[Any]:
        """What a dimension of the rows cuts by. An action stands under the judgement area that the
        domain of its finding had in the month in which it was raised."""
        if name != AREA:
            return COLUMNS[name]
        audits = ACTION_AUDITS.table
        tool = (
            select(audits.c.tool)
            .where(audits.c.audit == action_row.c.audit, as_at(audits, position))
            .scalar_subquery()
        )
        return self.areas.column(tool, action_row.c.domain, action_row.c.raised_on)

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions in the order of a group: a theme comes last."""
        return (*self.columns, *(name for name in self.dimensions if name == THEME))

    def of_theme(self, theme: str) -> LoopQuestion:
        """The same question of the actions of one theme, not cut by themes."""
        wanted = {**self.filters, THEME: (theme,)}
        return replace(self, dimensions=self.columns, filters=wanted)

    def narrowed_to(self, group: Mapping[str, Any]) -> LoopQuestion:
        """The question for one row alone, by the group that the report gave it.

        Raises as `days_of_row`.
        """
        first, last = days_of_row(self, group)
        named = {name: (str(group[name]),) for name in DIMENSIONS if group.get(name)}
        return replace(self, start=first, end=last, filters={**self.filters, **named})

    def query(self, group: Mapping[str, Any] | None = None) -> str:
        """The query string that asks for the rows of one group again."""
        given = group or {"from": self.start.isoformat(), "to": self.end.isoformat()}
        pairs = [("by", self.by.value), ("from", str(given["from"])), ("to", str(given["to"]))]
        pairs += [(name, one) for name, values in sorted(self.filters.items()) for one in values]
        pairs += [(key, str(given[key])) for key in self.keys if given.get(key) is not None]
        return urlencode(pairs)


def in_range(cohort: str, question: LoopQuestion) -> ColumnElement[bool]:
    """Whether this date of the action lies in the range."""
    column = action_row.c[cohort]
    return and_(column >= question.start.isoformat(), column <= question.end.isoformat())


@dataclass(frozen=True, slots=True)
class LoopLimits:
    """What figures leave out for a reader: the actions of audits `sealed` from them, and for an
    inspector whatever is not among the rows `within` their room."""

    sealed: frozenset[str] = frozenset()
    within: RowCondition | None = None


EVERY_ACTION = LoopLimits()


def narrowed(
    question: LoopQuestion, limits: LoopLimits, position: int | None
) -> list[ColumnElement[bool]]:
    """The filters as conditions; nothing that `limits` leave out is looked at."""
    # Of the bare column SQLite would go through all that a team ever had, and not through a range.
    found: list[ColumnElement[bool]] = [
        one_of(question.column(name, position).concat(""), values)
        for name, values in question.filters.items()
        if name != THEME
    ]
    if THEME in question.filters:
        wanted = {one for theme in question.filters[THEME] for one in question.themes[theme]}
        found.append(one_of(action_row.c.action, wanted))
    if limits.within is not None:
        found.append(limits.within)
    return [*found, ~one_of(action_row.c.audit, limits.sealed)] if limits.sealed else found
