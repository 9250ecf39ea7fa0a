"""Supervision in figures, asked the same way by pages, API and command line; and why each is what
it is: the sessions and checks behind it, and a recount from their events alone.

Whoever does not keep supervision gets counts under the small-number rule, and is shown of what lies
behind a figure only what is open to them by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from api.agreement import report
from api.records.narrowing import require_known
from api.supervision import reading
from api.web.access_notes import Look
from api.web.moments import AsAt
from projections.core.health import Health
from projections.figures.figure import Figure, caveat
from projections.figures.provenance import counted_again, events_beneath
from projections.figures.ranges import days_of_row
from projections.supervision import figures, projector, queries
from projections.supervision.figures import (
    CUTS,
    Name,
    SupervisionFigureLine,
    SupervisionQuestion,
    SupervisionReport,
)
from qa.authorisation.policy import scopes_for
from qa.core.errors import Refused
from qa.core.event import EventRow
from qa.core.periods import parse_kind
from qa.core.words import Actor
from qa.store.store import Store
from qa.supervision.clocks import DEFAULT_SUPERVISION_POLICY, SUPERVISION_POLICY_STREAM
from qa.supervision.events import OPEN_CASES_STREAM


@dataclass(frozen=True, slots=True)
class SupervisionFigureRows:
    """What lies behind one figure: what the reader may open, how many more there are, and the
    figure counted again from the events."""

    figure: Figure
    shown: Sequence[SupervisionFigureLine]
    hidden: int
    recounted: Figure
    events: Sequence[EventRow] = ()
    open_to: frozenset[str] = frozenset()

    @property
    def same(self) -> bool:
        one, other = self.figure, self.recounted
        return (one.numerator, one.denominator) == (other.numerator, other.denominator)


def question_of(
    start: date | None, end: date | None, by: str, cut: str, team: str = "", service: str = ""
) -> SupervisionQuestion:
    """The question that words of the command line or of the API ask.

    Raises:
        Refused: no days, an unknown period, or something a report is not cut by.
    """
    if start is None or end is None:
        raise Refused("Give the first and the last day.", field="from", code="date-missing")
    if cut not in CUTS:
        sentence = "Break down by team, service or standard."
        raise Refused(sentence, field="cut", code="cut-unknown")
    return SupervisionQuestion(start, end, parse_kind(by), cut, team, service)


def make(
    connection: Connection,
    question: SupervisionQuestion,
    at: AsAt,
    *,
    actor: Actor | None,
    behind: Sequence[Health] = (),
) -> SupervisionReport:
    """The report as known at `at`; for the operator (None) and QA leads of all that it counts with
    the counts of what rests on few, for everybody else without them."""
    require_known(connection, {"team": question.team, "service": question.service})
    made = _whole(connection, question, at, report.small_number(connection, at))
    if actor is not None and not _keeps(actor, question):
        made = made.for_outside(report.small_number(connection, at))
    delays = tuple(caveat("figures-behind", one.words) for one in behind)
    return replace(made, caveats=(*delays, *made.caveats))


def for_outside(
    connection: Connection, question: SupervisionQuestion, at: AsAt
) -> SupervisionReport:
    """The report as anybody may read it."""
    require_known(connection, {"team": question.team, "service": question.service})
    least = report.small_number(connection, at)
    return _whole(connection, question, at, least).for_outside(least)


def narrowed(question: SupervisionQuestion, group: Mapping[str, str]) -> SupervisionQuestion:
    """The question for one row alone, by the group that the report gave it.

    Raises as `days_of_row`.
    """
    first, last = days_of_row(question, group)
    return replace(
        question,
        start=first,
        end=last,
        team=group.get("team", question.team),
        service=group.get("service", question.service),
        standard=group.get("standard", question.standard),
    )


def _keeps(actor: Actor, question: SupervisionQuestion) -> bool:
    """Whether the reader keeps the supervision of all that the question asks of."""
    service, team = question.service or None, question.team or None
    return any(
        scope.covers(service=service, team=team) for scope in scopes_for(actor, "run-checks")
    )


def _whole(
    connection: Connection, question: SupervisionQuestion, at: AsAt, least: int
) -> SupervisionReport:
    policies = queries.policies(connection, DEFAULT_SUPERVISION_POLICY, position=at.position)
    found = list(figures.lines(connection, policies, at.on, position=at.position))
    return figures.report(
        found,
        question,
        as_at=at.day,
        position=at.shown,
        true_on=at.true_on,
        least=least,
    )


def why(
    store: Store, look: Look, question: SupervisionQuestion, name: Name
) -> SupervisionFigureRows:
    """What lies behind one figure of the whole range of a question, for one reader."""
    connection, actor, at = look.connection, look.actor, look.at
    policies = queries.policies(connection, DEFAULT_SUPERVISION_POLICY, position=at.position)
    found = figures.lines(connection, policies, at.on, position=at.position)
    under = figures.counted(
        [line for line in found if line.figure == name and line.within(question)]
    )
    streams = {stream for line in under for stream in line.streams}
    open_streams = reading.open_streams(connection, actor, streams)
    if _keeps(actor, question):
        open_streams |= {OPEN_CASES_STREAM}
    shown = [line for line in under if line.streams[0] in open_streams]
    least = report.small_number(connection, at)
    (total,) = _whole(connection, replace(question, cut=""), at, least).totals
    events = events_beneath(
        store,
        connection,
        [*streams, SUPERVISION_POLICY_STREAM],
        upto=at.shown,
        true_on=at.true_on,
    )
    again = counted_again(
        [projector.SupervisionProjector()],
        events,
        lambda alone: _whole(
            alone, replace(question, cut=""), replace(at, position=None, head=at.shown), least
        ),
    )
    figure, counted = total.figures[name], again.totals[0].figures[name]
    if not _keeps(actor, question):
        figure, counted = figure.suppressed_below(least), counted.suppressed_below(least)
    if figure.suppressed:
        return SupervisionFigureRows(figure, (), 0, counted)
    return SupervisionFigureRows(
        figure, shown, len(under) - len(shown), counted, events, frozenset(open_streams)
    )
