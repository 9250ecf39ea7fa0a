"""A comparison as programs ask for it, by address or command line: the two moments and what it is
narrowed to, or every fault of it at the name that it was asked by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.history import comparison_files, since_moments
from api.history.compared_figures import ComparedDays
from api.history.comparison import ComparisonFilter
from api.history.two_dates import Place, TwoDates
from api.services import Services
from api.web.moments import AsAt, as_at, present
from qa.core.errors import Fault, Refused
from qa.core.words import Actor

NOWHERE: Place = (None, None, None)
SinceAsked = Callable[[Services, Connection, Actor, AsAt], since_moments.SinceMoment]


@dataclass(frozen=True, slots=True)
class AskedComparison:
    """The two moments, what the comparison is narrowed to, and what a file of it is called."""

    before: AsAt
    after: AsAt
    wanted: ComparisonFilter
    title: str

    @property
    def file_stamp(self) -> str:
        return f"{self.before.file_stamp}-to-{self.after.file_stamp}"


def asked_comparison(
    services: Services,
    connection: Connection,
    actor: Actor,
    dates: TwoDates,
    kinds: Sequence[str],
    reports: Sequence[str],
) -> AskedComparison:
    """Raises `Refused` for what cannot be asked."""
    days = None
    if (dates.first is None) != (dates.last is None):
        field = "last" if dates.last is None else "first"
        raise Refused("Give the first and the last day.", field=field, code="date-missing")
    if dates.first is not None and dates.last is not None:
        days = ComparedDays(dates.first, dates.last)
        refuse_backwards(days)
    after = _side("to", services, connection, actor, dates.after)
    title = comparison_files.TITLE
    since = since_asked(dates.since_meeting, dates.since_report, dates.before)
    if since is not None:
        found = since(services, connection, actor, after)
        before, title = found.at, found.titled
    elif dates.before == NOWHERE:
        raise Refused("Give the date to compare with.", field="from_as_at", code="date-missing")
    else:
        before = _side("from", services, connection, actor, dates.before)
    wanted = ComparisonFilter(days, tuple(kinds), dates.team, tuple(reports), dates.show)
    return AskedComparison(before, after, wanted, title)


def refuse_backwards(days: ComparedDays) -> None:
    if days.end < days.start:
        sentence = "The last day is before the first."
        raise Refused(sentence, field="last", code="period-backwards")


def since_asked(meeting: str, report: str, before: Place) -> SinceAsked | None:
    """What finds the moment that a meeting saw or that a published report shows; None where
    neither is asked for. Raises `Refused` where more than one is."""
    if sum(map(bool, (meeting, report, before != NOWHERE))) > 1 and (meeting or report):
        raise Refused(
            "Give a date to compare with, a plan or a published report, and no two of them.",
            field="since_meeting" if meeting else "since_report",
            code="since-both",
        )
    if meeting:
        return partial(_since, since_moments.since_meeting, meeting)
    return partial(_since, since_moments.since_report, report) if report else None


def _since(
    find: Callable[..., since_moments.SinceMoment], of: str, *where: Any
) -> since_moments.SinceMoment:
    *known, after = where
    return find(*known, of, after)


def _side(
    side: str, services: Services, connection: Connection, actor: Actor, place: Place
) -> AsAt:
    """One of the two moments; its faults carry the names of its own parameters."""
    if place == NOWHERE:
        return present(services.store, connection, actor)
    try:
        return as_at(services.store, connection, *place, pin=actor.pin)
    except Refused as refused:
        faults = [Fault(f"{side}_{f.field}", f.code, f.sentence) for f in refused.faults]
        raise Refused(faults, code=faults[0].code) from None
