"""The RAG report of a plan: how it is made, why each of its figures is what it is from the events
beneath it alone, and what it declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection

from api.plans.cli import RagQuery
from api.plans.lookups import plan_called
from api.plans.report_schemas import RagReportOut
from api.reports.declaration import FigureOf, FigureReceipt, Report, Sight
from api.web.moments import AsAt
from projections.core.health import Health
from projections.figures.figure import Figure, caveat
from projections.figures.provenance import (
    FigureProvenance,
    by_fingerprint,
    counted_again,
    events_beneath,
)
from projections.plans import projector, queries, ratings
from projections.plans.rag_report import RagReport, RagReportRow, rows_behind
from projections.plans.rag_report import report as rag_report
from projections.plans.record import PlanRecord
from qa.core.errors import Fault, NotFound, Refused
from qa.plans.action_events import plan_action_stream
from qa.plans.events import plan_stream, scale_stream
from qa.plans.rag_scale import id_of
from qa.publishing.events import ReportAsked, WantedOnly
from qa.store.store import Store

CALLED: Mapping[str, str] = {
    "actions": "Actions in the plan",
    "unrated": "Actions without a rating",
    "mean": "Mean of the ratings",
    "mean_of_themes": "Mean of the parts’ means",
    "mean_of_actions": "Mean over all rated actions",
    "overdue_by_current_date": "Overdue by the date in force",
    "overdue_by_first_date": "Overdue by the first agreed date",
    "redated": "Actions whose dates were moved",
    "date_unknown": "Actions whose date is unknown",
}


def figure_called(figure: str, record: PlanRecord | None = None, scale: str = "") -> str:
    """What a figure is called; a level of a scale by its label where the plan is known."""
    if figure in CALLED:
        return CALLED[figure]
    code = figure.removeprefix("rated_")
    held = None if record is None else record.scales.get(scale)
    level = None if held is None else held.level(code)
    return f"Rated {code.replace('-', ' ') if level is None else level.label}"


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
    made = rag_report(record, day or at.on, head=at.shown, true_on=at.true_on)
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
        told = rag_report(again, made.day, head=at.shown, true_on=at.true_on)
        return row_of(told, theme, scale, figure).figures[figure]

    again = counted_again([projector.ImprovementPlans()], events, ask)
    return FigureProvenance(row.figures[figure], again, events)


class RagRatings(Report[RagQuery, RagReport]):
    name = "rag"
    title = "RAG ratings of an improvement plan"
    about = "How many actions of a plan stand at each level, by theme, and which of them are late."
    query = RagQuery
    page = "/plans"
    models = ("improvement_plans",)
    main = ("actions", "unrated", "mean", "overdue_by_current_date")
    whole_csv = True
    publishes = "publishRagReport"
    counts = "action"
    verb = "read-plan"

    def make(self, sight: Sight, query: RagQuery, behind: Sequence[Health] = ()) -> RagReport:
        return make(sight.connection, query.plan, sight.at, day=query.day, behind=behind)

    def answer(self, sight: Sight, made: RagReport) -> RagReportOut:
        return RagReportOut.of(made)

    def typed(self, connection: Connection, query: RagQuery) -> RagQuery:
        return replace(query, plan=plan_called(connection, query.plan))

    def said(self, sight: Sight, query: RagQuery) -> list[tuple[str, str]]:
        plan = record_of(sight.connection, query.plan, sight.at).plan
        return [("Plan", plan.title), ("On", (query.day or sight.at.on).isoformat())]

    def subject(self, query: RagQuery) -> str:
        return f"plan:{query.plan}"

    def detail(self, query: RagQuery, at: AsAt) -> str:
        return f"report {query.day or at.on}"

    def link(self, query: RagQuery, moment: Mapping[str, str]) -> str:
        day = {} if query.day is None else {"day": query.day.isoformat()}
        return f"/plans/{query.plan}?{urlencode({**day, **moment})}"

    def figure_words(self, sight: Sight, figure: str) -> str:
        return figure_called(figure)

    def why(self, store: Store, sight: Sight, asked: FigureOf[RagQuery]) -> FigureReceipt:
        found = why(
            store,
            sight.connection,
            asked.query.plan,
            sight.at,
            day=asked.query.day,
            theme=asked.group.get("theme_id"),
            scale=asked.group.get("scale"),
            figure=asked.figure,
        )
        return FigureReceipt(found)

    def behind(self, sight: Sight, asked: FigureOf[RagQuery]) -> Mapping[tuple[str, str], object]:
        query = asked.query
        made = make(sight.connection, query.plan, sight.at, day=query.day)
        group = asked.group
        row = row_of(made, group.get("theme_id"), group.get("scale"), asked.figure)
        record = record_of(sight.connection, query.plan, sight.at)
        found = {}
        for action in rows_behind(record, row, asked.figure):
            held = ratings.rating(record, action.id, made.day)
            level = None if held is None else held.level.code
            found[action.reference, action.id] = level
        return found

    # -- publishing: the day of the plan is the only one that is asked for

    def kept(self, query: RagQuery, at: AsAt) -> ReportAsked:
        day = query.day or at.on
        only = WantedOnly(name="plan", values=(query.plan,))
        return ReportAsked(report="rag", start=day, end=day, by="", filters=(only,))

    def asked(self, kept: ReportAsked) -> RagQuery:
        return RagQuery(plan=kept.filters[0].values[0], day=kept.start)


REPORTS = RagRatings()
