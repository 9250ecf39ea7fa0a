"""Every figure of every report that is not the same at two moments, and the records that moved it.

Each report is made at both moments as its page makes it. One whose read models nothing touched
between the two, and that asks nothing of the day, cannot have moved: it is not made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.history.two_moments import Sides
from api.reports.declaration import FigureOf, Report, Sight, reports
from api.reports.moved import FigureMoved, Places, Rows, moved, with_records
from projections.history import queries as history_queries
from qa.authorisation.policy import can
from qa.core.errors import NotFound, Refused
from qa.core.event_words import vocabulary
from qa.core.words import Actor


@dataclass(frozen=True, slots=True)
class ComparedDays:
    """The days that figures are counted over, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class ReportMoved:
    """A figure that moved, with the report and the question that it is of."""

    report: Report[Any, Any]
    query: Any
    moved: FigureMoved


def readable(actor: Actor) -> list[Report[Any, Any]]:
    """The reports that are compared and that this reader may read, by title."""
    return [one for one in reports() if one.is_compared and can(actor, one.verb).allowed]


def figures(
    two: Sides, days: ComparedDays, streams: Collection[str], only: Collection[str] = ()
) -> list[ReportMoved]:
    """Every figure of the reports `only` (none named: of all) that is not what it was, without the
    records that moved it."""
    touched = _touched_models(two, streams)
    is_another_day = two.before.on != two.after.on
    found: list[ReportMoved] = []
    for report in readable(two.actor):
        if only and report.name not in only:
            continue
        if touched.isdisjoint(report.models) and not (is_another_day and report.asks_of_the_day):
            continue
        for query in _questions(two, report, days):
            found += _of(two, report, query)
    return found


def _touched_models(two: Sides, streams: Collection[str]) -> frozenset[str]:
    """The read models that an event of these streams may have changed between the moments."""
    late = two.before.true_on is not None or two.after.true_on is not None
    first, last = sorted((two.before.shown, two.after.shown))
    types = history_queries.types(two.now, streams if late else (), first, last)
    registry = two.services.registry
    return frozenset(
        projector.name
        for kind in vocabulary().events
        if kind.TYPE in types
        for projector in registry.interested(kind)
    )


def _questions(two: Sides, report: Report[Any, Any], days: ComparedDays) -> Iterator[Any]:
    seen: list[Any] = []
    for sight in sights(two):
        for query in report.compared_over(sight, days.start, days.end):
            if query not in seen:
                seen.append(query)
                yield query


def sights(two: Sides) -> tuple[Sight, Sight]:
    """Both moments for who reads, each beside the other where both are entries of the log: what
    was so on a day has rows of its own."""
    before, after = two.before, two.after
    alone = before.true_on is not None or after.true_on is not None
    return (
        Sight(two.then, before, two.actor, None if alone else after.shown, two.made[0]),
        Sight(two.now, after, two.actor, None if alone else before.shown, two.made[1]),
    )


def _of(two: Sides, report: Report[Any, Any], query: Any) -> list[ReportMoved]:
    then, now = sights(two)

    (was, old), (is_, new) = (_rows(report, sight, query) for sight in (then, now))
    found = moved(report.name, was, is_, report.namer(now))
    title = new or old or report.title
    return [
        ReportMoved(
            report, query, replace(one, of=title, group=_without_day(one.group), query=query)
        )
        for one in found
        if not report.told_elsewhere(one.figure.name)
    ]


def _without_day(group: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in group.items() if key != "day"}


_NOT_THERE = frozenset({"no-tool"})
"""Before the first tool there was no grade to count."""


def _rows(report: Report[Any, Any], sight: Sight, query: Any) -> tuple[Rows, str]:
    """The rows of a report by their group, and its title; none where there was nothing to ask."""
    try:
        made = report.make(sight, query)
    except NotFound:
        return {}, ""
    except Refused as refused:
        if refused.code not in _NOT_THERE:
            raise
        return {}, ""
    # A row is the same row on another day.
    rows = {tuple(_without_day(row.group).items()): row for row in (*made.rows, *made.totals)}
    return rows, made.title


def with_causes(two: Sides, found: Sequence[ReportMoved]) -> list[FigureMoved]:
    """The figures with the references of the records whose place in them is not what it was."""
    both = sights(two)
    figures_moved: list[FigureMoved] = []
    start = 0
    while start < len(found):
        # Figures of one question stand together, so that each side is made once for all of them.
        report, query = found[start].report, found[start].query
        some = [one.moved for one in found[start:] if one.report is report and one.query == query]
        figures_moved += with_records(some, *(_places(report, query, sight) for sight in both))
        start += len(some)
    return figures_moved


def _places(report: Report[Any, Any], query: Any, sight: Sight) -> Places:
    """Which records a figure counts at one moment; none where what the report is of was not."""
    try:
        behind = report.behind_each(sight, query)
    except NotFound:
        return lambda one: {}

    def places(one: FigureMoved) -> Mapping[tuple[str, str], object]:
        try:
            return behind(FigureOf(query, one.figure.name, one.group))
        except Refused:
            return {}

    return places
