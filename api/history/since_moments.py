"""What a comparison goes back to without a date: what the last meeting of a board saw, and what a
published report shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy.engine import Connection

from api.reports.declaration import report_called
from api.services import Services
from api.web.moments import AsAt, as_at
from projections.plans import queries as plan_queries
from projections.publishing import queries as publishing_queries
from projections.publishing.tables import PublishedRow
from qa.authorisation.policy import can, require
from qa.core.clock import civil_day
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Refused
from qa.core.words import Actor

REPORTS = 4
"""So many published quarterly reports are offered, the latest first."""


@dataclass(frozen=True, slots=True)
class SinceMoment:
    """A meeting of the board of a plan, or a published report, by `key`; `at` is the moment that it
    saw, `titled` what a comparison since then is called."""

    key: str
    name: str
    title: str
    on: date
    at: AsAt
    titled: str


def last_meetings(
    services: Services, connection: Connection, actor: Actor, after: AsAt
) -> list[SinceMoment]:
    """Of each plan that this reader may read, the last meeting of its board before a moment."""
    if not can(actor, "read-plan").allowed:
        return []
    found = []
    for plan in plan_queries.plans(connection, position=after.position):
        meeting = plan_queries.last_met(connection, plan.id, before=after.shown)
        if meeting is not None and meeting.position is not None:
            moment = as_at(services.store, connection, position=meeting.position, pin=actor.pin)
            titled = f"What changed since the meeting of {plan.board} on {in_words(meeting.on)}"
            found.append(SinceMoment(plan.id, plan.board, plan.title, meeting.on, moment, titled))
    return found


def since_meeting(
    services: Services, connection: Connection, actor: Actor, plan: str, after: AsAt
) -> SinceMoment:
    """The last meeting of the board of a plan, by the plan’s id or title.

    Raises:
        Forbidden: not the reader’s to read.   Refused: no such plan, or none of its meetings held.
    """
    require(actor, "read-plan")
    wanted = plan.strip().casefold()
    known = plan_queries.plans(connection, position=after.position)
    ids = {one.id for one in known if wanted in (one.id, one.title.casefold())}
    for one in last_meetings(services, connection, actor, after):
        if one.key in ids:
            return one
    code = "meeting-none" if ids else "plan-unknown"
    sentence = (
        "No earlier meeting of the board of this plan took place."
        if ids
        else "There is no such improvement plan."
    )
    raise Refused(sentence, field="since_meeting", code=code)


def last_reports(
    services: Services, connection: Connection, actor: Actor, after: AsAt
) -> list[SinceMoment]:
    """The last quarterly reports that were published and that this reader may read."""
    if not _reads(actor, "quarterly"):
        return []
    found = (row for row in _published(connection, after) if row.question.report == "quarterly")
    return [_shown(services, connection, actor, row) for row in islice(found, REPORTS)]


def _published(connection: Connection, after: AsAt) -> Iterator[PublishedRow]:
    """Published reports, the latest first, read as far as they are asked for."""
    before: int | None = None
    while rows := publishing_queries.register(connection, position=after.position, before=before):
        yield from rows
        before = rows[-1].published_us


def since_report(
    services: Services, connection: Connection, actor: Actor, published: str, after: AsAt
) -> SinceMoment:
    """A published report of any kind. Raises `Refused` where there is none that the reader may
    read: alike."""
    row = publishing_queries.report(connection, published.strip(), position=after.position)
    if row is None or not _reads(actor, row.question.report):
        sentence = "There is no such published report."
        raise Refused(sentence, field="since_report", code="published-unknown")
    return _shown(services, connection, actor, row)


def _reads(actor: Actor, report: str) -> bool:
    figures = can(actor, "read-council-figures").allowed
    return figures and can(actor, report_called(report).verb).allowed


def _shown(
    services: Services, connection: Connection, actor: Actor, row: PublishedRow
) -> SinceMoment:
    moment = as_at(services.store, connection, position=row.position, pin=actor.pin)
    on = civil_day(row.published_at)
    titled = f"What changed since the report “{row.title}”, published on {in_words(on)}"
    kind = report_called(row.question.report).title
    return SinceMoment(row.published, row.title, kind, on, moment, titled)
