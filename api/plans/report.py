"""The RAG report of a plan, asked the same way by pages, API and command line; and why each of its
figures is what it is, from the events beneath it alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.web.moments import AsAt
from projections.core.health import Health
from projections.figures.figure import Figure, caveat
from projections.figures.provenance import (
    FigureProvenance,
    by_fingerprint,
    counted_again,
    events_beneath,
)
from projections.plans import projector, queries
from projections.plans.rag_report import RagReport, RagReportRow, report
from projections.plans.record import PlanRecord
from qa.core.errors import Fault, NotFound, Refused
from qa.plans.action_events import plan_action_stream
from qa.plans.events import plan_stream, scale_stream
from qa.plans.rag_scale import id_of
from qa.store.store import Store


def record_of(connection: Connection, plan: str, at: AsAt) -> PlanRecord:
    """The plan as known at a moment. Raises `NotFound`."""
    found = queries.read(connection, plan, position=at.position)
    if found is None:
        raise NotFound("There is no such improvement plan.")
    return found


def make(
    connection: Connection,
    plan: str,
    at: AsAt,
    *,
    day: date | None = None,
    behind: Sequence[Health] = (),
) -> RagReport:
    """The report of a plan on `day` (that of the moment), as known at the moment.

    Raises:
        NotFound: no such plan.   Refused: a day after that of the moment.
    """
    if day is not None and day > at.on:
        faults = [Fault("day", "date-future", "Nothing is known yet of a day in the future.")]
        raise Refused(faults)
    record = record_of(connection, plan, at)
    made = report(record, day or at.on, head=at.shown, true_on=at.true_on)
    return made.saying(caveat("figures-behind", one.words) for one in behind)


def row_of(made: RagReport, theme: str | None, scale: str | None, figure: str) -> RagReportRow:
    """The row of a report that has this figure. Raises `NotFound`."""
    row = made.row(theme, scale)
    if row is None or figure not in row.figures:
        raise NotFound("There is no such figure in this report.")
    return row


def why_json(found: FigureProvenance) -> dict[str, Any]:
    """A figure with its recount and the events beneath it, by place and fingerprint."""
    return {**found.in_full(), "facts": [by_fingerprint(row) for row in found.events]}


def why(
    store: Store,
    connection: Connection,
    plan: str,
    at: AsAt,
    *,
    day: date | None,
    theme: str | None,
    scale: str | None,
    figure: str,
) -> FigureProvenance:
    """Why a figure of the report is what it is.

    Beneath it lie the whole streams of the plan, of every action that the row counts, and of the
    scales that these were rated on.
    """
    made = make(connection, plan, at, day=day)
    row = row_of(made, theme, scale, figure)
    record = record_of(connection, plan, at)
    counted = row.behind.get("actions") or made.totals[0].behind["actions"]
    keys = {key for _, key in record.plan.scales}
    keys |= {one.scale for action in counted for one in record.reviews.get(action, ())}
    streams = [plan_stream(plan), *map(plan_action_stream, counted)]
    streams += [scale_stream(one) for one in sorted({id_of(key) for key in keys})]
    events = events_beneath(store, connection, streams, upto=at.shown, true_on=at.true_on)

    def ask(alone: Connection) -> Figure:
        again = queries.read(alone, plan)
        assert again is not None
        told = report(again, made.day, head=at.shown, true_on=at.true_on)
        return row_of(told, theme, scale, figure).figures[figure]

    again = counted_again([projector.ImprovementPlans()], events, ask)
    return FigureProvenance(row.figures[figure], again, events)
