"""The RAG report of a plan: how it is made, why each of its figures is what it is from the events
beneath it alone, and what it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.charts.charts import Band, GradeMix, grade_mix
from api.charts.drawing import Chart
from api.documents.document import Block, Bullets, Document, day_text
from api.plans.cli import RagQuery
from api.plans.lookups import plan_called
from api.plans.report_schemas import RagReportOut
from api.reports.declaration import FigureOf, FigureReceipt, Report, Sight
from api.reports.documents import opening, picture, table_of
from api.reports.sentences import Opened, ReportSentence, nowhere
from api.reports.tables import ReportTable, TableLine, cell, sentence
from api.web.moments import AsAt, TakenOut
from projections.core.health import Health
from projections.figures.figure import Figure, caveat
from projections.figures.provenance import (
    FigureProvenance,
    by_fingerprint,
    counted_again,
    events_beneath,
)
from projections.plans import projector, queries, ratings
from projections.plans.rag_report import LATENESS, RagReport, RagReportRow, rows_behind
from projections.plans.rag_report import report as rag_report
from projections.plans.record import PlanRecord
from qa.core.errors import Fault, NotFound, Refused
from qa.plans.action_events import plan_action_stream
from qa.plans.events import plan_stream, scale_stream
from qa.plans.rag_scale import RagLevel, id_of
from qa.publishing.events import ReportAsked, WantedOnly
from qa.store.store import Store

PATH = "/reports/ratings"
NO_PLAN = "There is no such improvement plan."
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
    rag_scale = None if record is None else record.scales.get(scale)
    level = None if rag_scale is None else rag_scale.level(code)
    return f"Rated {code.replace('-', ' ') if level is None else level.label}"


def record_of(connection: Connection, plan: str, at: AsAt) -> PlanRecord:
    """The plan as known at a moment. Raises `NotFound`."""
    found = queries.read(connection, plan, position=at.position)
    if found is None:
        raise NotFound(NO_PLAN)
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


def levels_of(made: RagReport, record: PlanRecord) -> Sequence[RagLevel]:
    """The ranked levels of the scale of the day, worst first."""
    return record.scales[made.totals[0].group["scale"]].from_worst()


def sentences_of(made: RagReport, levels: Sequence[RagLevel], href: Opened) -> list[ReportSentence]:
    """How many are rated what, how many are late, and how many dates were moved."""
    whole = made.totals[0]
    found = {name: figure.numerator or 0 for name, figure in whole.figures.items()}
    each = ", ".join(f"{found[f'rated_{one.code}']} {one.label}" for one in levels)
    actions = f"{found['actions']} {'action' if found['actions'] == 1 else 'actions'}"
    late, first = found["overdue_by_current_date"], found["overdue_by_first_date"]
    sentences = (
        (f"The plan has {actions}, rated: {each}; {found['unrated']} not rated.", "actions"),
        (
            f"Past the date in force and not met: {late}. Past the first agreed date: {first}.",
            "overdue_by_current_date",
        ),
        (f"Actions whose date was moved: {found['redated']} of {found['actions']}.", "redated"),
    )
    return [
        ReportSentence(text, href(whole, figure), figure_called(figure))
        for text, figure in sentences
    ]


def chart_of(
    made: RagReport, levels: Sequence[RagLevel], href: Opened = nowhere, given: str = "rated"
) -> Chart | None:
    """The shares of the ratings by part, on the scale of the day; None where none is rated."""
    best_first = [*reversed(levels)]
    bands = [Band(one.label, one.label[:1].upper(), one.colour) for one in best_first]
    key = made.totals[0].group["scale"]
    figures = [f"rated_{one.code}" for one in best_first]
    found = [
        (row, [row.figures[figure].numerator or 0 for figure in figures])
        for row in (*made.rows, made.totals[0])
        if row.group["scale"] == key
    ]
    found = [(row, counts) for row, counts in found if sum(counts)]
    if not found:
        return None
    parts = [(_name(row), counts) for row, counts in found]
    drawn = grade_mix(
        GradeMix("Ratings by part of the plan", bands, parts, "ratings", "Part", given)
    )
    # The mean is of all that are rated.
    return drawn.opening(
        ("", *(href(row, figure) for figure in (*figures, "mean"))) for row, _ in found
    )


def _name(row: RagReportRow) -> str:
    group = row.group
    return str(group.get("total") or f"{group['theme']} {group['theme_name']}")


def tables_of(made: RagReport, record: PlanRecord, href: Opened) -> list[ReportTable]:
    """Figures by part, the whole plan last: the ratings, and what else there is to know."""
    whole = made.totals[0]
    scale = whole.group["scale"]
    rated = [f"rated_{one.code}" for one in levels_of(made, record)]

    def line(row: RagReportRow, names: Sequence[str]) -> TableLine:
        cells = (cell(row.figures.get(name), href(row, name) if name in row.figures else "")
                 for name in names)  # fmt: skip
        notes = tuple(map(sentence, row.caveats))
        return TableLine((_name(row),), tuple(cells), notes, total=row in made.totals)

    return [
        ReportTable(
            title,
            ("Part",),
            tuple(figure_called(name, record, scale) for name in names),
            tuple(line(row, names) for row in (*made.rows, *made.totals)),
        )
        for title, names in (
            ("Actions by rating", ["actions", *rated, "unrated", "mean"]),
            ("Late and moved, and the means", [*LATENESS, "mean_of_themes", "mean_of_actions"]),
        )
    ]


def streams_of(record: PlanRecord, actions: Iterable[str]) -> list[str]:
    """The streams of the plan, of these of its actions, and of the scales they were rated on."""
    counted = [*actions]
    keys = {key for _, key in record.plan.scales}
    keys |= {one.scale for action in counted for one in record.reviews.get(action, ())}
    scales = sorted({id_of(key) for key in keys})
    return [
        plan_stream(record.plan.id),
        *map(plan_action_stream, counted),
        *map(scale_stream, scales),
    ]


def levels_behind(
    record: PlanRecord, row: RagReportRow, figure: str, day: date
) -> dict[tuple[str, str], object]:
    """The actions that a figure counts, by reference and id, each with its level on a day."""
    found: dict[tuple[str, str], object] = {}
    for action in rows_behind(record, row, figure):
        rating = ratings.rating(record, action.id, day)
        found[action.reference, action.id] = None if rating is None else rating.level.code
    return found


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
    streams = streams_of(record, counted)
    events = events_beneath(store, connection, streams, upto=at.shown, true_on=at.true_on)

    def ask(alone: Connection) -> Figure:
        again = queries.read(alone, plan)
        assert again is not None
        report = rag_report(again, made.day, head=at.shown, true_on=at.true_on)
        return row_of(report, theme, scale, figure).figures[figure]

    again = counted_again([projector.ImprovementPlans()], events, ask)
    return FigureProvenance(row.figures[figure], again, events)


class RagRatings(Report[RagQuery, RagReport]):
    name = "rag"
    title = "RAG ratings of an improvement plan"
    about = "How many actions of a plan stand at each level, by theme, and which of them are late."
    query = RagQuery
    page = PATH
    models = ("improvement_plans",)
    main = ("actions", "unrated", "mean", "overdue_by_current_date")
    whole_csv = True
    publishes = "publishRagReport"
    source = "plan"
    of_people = False
    counts = "action"
    verb = "read-plan"

    def make(self, sight: Sight, query: RagQuery, behind: Sequence[Health] = ()) -> RagReport:
        return make(sight.connection, query.plan, sight.at, day=query.day, behind=behind)

    def answer(self, sight: Sight, made: RagReport) -> RagReportOut:
        return RagReportOut.of(made)

    def typed(self, connection: Connection, query: RagQuery) -> RagQuery:
        return replace(query, plan=plan_called(connection, query.plan))

    def question_words(self, sight: Sight, query: RagQuery) -> list[tuple[str, str]]:
        plan = queries.plan(sight.connection, query.plan, position=sight.at.position)
        if plan is None:
            raise NotFound(NO_PLAN)
        return [("Plan", plan.title), ("On", day_text(query.day or sight.at.on))]

    def subject(self, query: RagQuery) -> str:
        return f"plan:{query.plan}"

    def detail(self, query: RagQuery, at: AsAt) -> str:
        return f"report {query.day or at.on}"

    def figure_words(self, sight: Sight, figure: str) -> str:
        return figure_called(figure)

    def why(self, store: Store, sight: Sight, figure: FigureOf[RagQuery]) -> FigureReceipt:
        found = why(
            store,
            sight.connection,
            figure.query.plan,
            sight.at,
            day=figure.query.day,
            theme=figure.group.get("theme_id"),
            scale=figure.group.get("scale"),
            figure=figure.figure,
        )
        return FigureReceipt(found)

    def behind(self, sight: Sight, figure: FigureOf[RagQuery]) -> Mapping[tuple[str, str], object]:
        return self.behind_each(sight, figure.query)(figure)

    def behind_each(
        self, sight: Sight, query: RagQuery
    ) -> Callable[[FigureOf[RagQuery]], Mapping[tuple[str, str], object]]:
        made = make(sight.connection, query.plan, sight.at, day=query.day)
        record = record_of(sight.connection, query.plan, sight.at)

        def behind(figure: FigureOf[RagQuery]) -> Mapping[tuple[str, str], object]:
            group = figure.group
            row = row_of(made, group.get("theme_id"), group.get("scale"), figure.figure)
            return levels_behind(record, row, figure.figure, made.day)

        return behind

    def compared_over(self, sight: Sight, start: date, end: date) -> Sequence[RagQuery]:
        plans = queries.plans(sight.connection, position=sight.at.position)
        return [RagQuery(plan=one.id) for one in plans]

    def frozen_document(
        self, sight: Sight, made: RagReport, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        record = record_of(sight.connection, made.plan, sight.at)
        levels = levels_of(made, record)
        # What was published says so, and is made again to the byte.
        chart = chart_of(made, levels, given="graded")
        blocks: list[Block] = [
            Bullets([one.text for one in sentences_of(made, levels, nowhere)]),
            *([] if chart is None else [picture(chart)]),
            *opening(made, 0),
            *map(table_of, tables_of(made, record, nowhere)),
        ]
        return Document(
            title=made.title, asked=filters, position=made.position, blocks=blocks, **taken
        )

    # -- publishing: the day of the plan is the only one that is asked for

    def kept(self, query: RagQuery, at: AsAt) -> ReportAsked:
        day = query.day or at.on
        only = WantedOnly(name="plan", values=(query.plan,))
        return ReportAsked(report="rag", start=day, end=day, by="", filters=(only,))

    def query_of(self, kept: ReportAsked) -> RagQuery:
        return RagQuery(plan=kept.filters[0].values[0], day=kept.start)


REPORTS = RagRatings()
