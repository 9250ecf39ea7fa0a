"""The board view of a plan as a report: declared, so that it can be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import urlencode

from sqlalchemy.engine import Connection

from api.agreement import provenance
from api.documents.document import Document
from api.indicators.reports import REPORTS as INDICATORS
from api.indicators.reports import beneath_periods, counted_once
from api.plans.boards.board_document import about, board_document
from api.plans.boards.board_schemas import BoardViewOut
from api.plans.boards.board_view import FIGURES, Board, board, latest, span_of
from api.plans.cli import BoardQuery
from api.plans.lookups import meeting_called, plan_called
from api.plans.reports import figure_called, levels_behind, record_of, streams_of
from api.reports.declaration import FigureOf, FigureReceipt, Printed, Report, Sight
from api.reports.figure_rows import figure_of
from api.reports.query import pairs_of
from api.web.moments import AsAt, TakenOut
from projections.core.health import Health
from projections.figures.figure import caveat
from projections.figures.formulas import NEWEST
from projections.figures.provenance import FigureProvenance, counted_again, events_beneath
from projections.indicators.projector import Indicators
from projections.plans import queries
from projections.plans.projector import ImprovementPlans
from projections.publishing.projector import Published
from qa.audits.events import case_audit_stream
from qa.indicators.events import indicator_stream
from qa.plans.events import plan_stream
from qa.publishing.events import ReportAsked, WantedOnly, published_stream
from qa.store.store import Store

_BY_INDICATORS = ("declared_better", "indicators_off_target")


class BoardView(Report[BoardQuery, Board]):
    name = "board"
    title = "Board view of an improvement plan"
    about = "What a board has to know at a meeting: gaps, what changed, lateness, indicators."
    query = BoardQuery
    page = "/plans"
    models = ("improvement_plans", "published", *INDICATORS.models)
    main = (
        "actions",
        "declared_better",
        "overdue_by_current_date",
        "overdue_by_first_date",
        "indicators_off_target",
        "reports_restated",
    )
    whole_csv = True
    publishes = "publishBoardView"
    source = "plan"
    of_people = False
    counts = "record"
    verb = "read-plan"

    def make(self, sight: Sight, query: BoardQuery, behind: Sequence[Health] = ()) -> Board:
        return self._made(sight, query, behind, NEWEST)

    def _made(
        self, sight: Sight, query: BoardQuery, behind: Sequence[Health], formulas: int
    ) -> Board:
        made = sight.once(
            ("board", query, sight.at, formulas),
            lambda: board(
                sight.connection,
                query.plan,
                sight.at,
                actor=sight.actor,
                meeting=query.meeting,
                day=query.day,
                formulas=formulas,
                counted=counted_once(sight, formulas),
            ),
        )
        delays = tuple(caveat("figures-behind", one.words) for one in behind)
        return replace(made, caveats=(*delays, *made.caveats))

    def answer(self, sight: Sight, made: Board) -> BoardViewOut:
        return self.frozen_answer(made)

    def frozen_answer(self, made: Board) -> BoardViewOut:
        return BoardViewOut.of_board(made)

    def typed(self, connection: Connection, query: BoardQuery) -> BoardQuery:
        plan = plan_called(connection, query.plan)
        meeting = None if query.meeting is None else meeting_called(connection, plan, query.meeting)
        return replace(query, plan=plan, meeting=meeting)

    def question_words(self, sight: Sight, query: BoardQuery) -> list[tuple[str, str]]:
        return about(
            span_of(sight.connection, query.plan, sight.at, meeting=query.meeting, day=query.day)
        )

    def subject(self, query: BoardQuery) -> str:
        return plan_stream(query.plan)

    def detail(self, query: BoardQuery, at: AsAt) -> str:
        return "board view"

    def link(self, query: BoardQuery, moment: Mapping[str, str]) -> str:
        pairs = [(key, value) for key, value in pairs_of(query) if key != "plan"]
        more = urlencode([*pairs, *moment.items()])
        return f"{self.page}/{query.plan}/board{f'?{more}' if more else ''}"

    def figure_words(self, sight: Sight, figure: str) -> str:
        return FIGURES[figure][0] if figure in FIGURES else figure_called(figure)

    def printed(self, made: Board) -> Printed:
        whole = made.totals[0]
        rows = [
            [FIGURES[name][0] if name in FIGURES else figure_called(name), figure.display]
            for name, figure in whole.figures.items()
        ]
        return ["Whole plan", f"On {made.day}"], rows, [f"- {text}" for text in made.headline]

    def why(self, store: Store, sight: Sight, figure: FigureOf[BoardQuery]) -> FigureReceipt:
        """Beneath it lie the plan with all its actions and scales and, where indicators have a part
        in it, these with the audits that Caseloop counted for them."""
        query, at = figure.query, sight.at
        made = self.make(sight, query)
        found = figure_of(made, figure.group, figure.figure)
        record = record_of(sight.connection, query.plan, at)
        streams = streams_of(record, record.actions)
        if figure.figure == "reports_restated":
            streams += [published_stream(one.published) for one in made.restated]
        if figure.figure in _BY_INDICATORS:
            streams += [indicator_stream(one.indicator.id) for one in made.indicators]
        events = set(
            events_beneath(store, sight.connection, streams, upto=at.shown, true_on=at.true_on)
        )
        if figure.figure in _BY_INDICATORS:
            for each in made.indicators:
                point = latest(each, made.day)
                if point is not None:
                    last = each.points[-1].period.end
                    events |= beneath_periods(store, sight, each, point.period.start, last)
        again = counted_again(
            [ImprovementPlans(), Indicators(), Published(), *provenance.PROJECTORS],
            events,
            lambda alone: figure_of(
                self.make(Sight(alone, at), query), figure.group, figure.figure
            ),
        )
        given = {row[1] for row in events if not row[1].startswith(case_audit_stream(""))}
        return FigureReceipt(FigureProvenance(found, again, sorted(events)), frozenset(given))

    def behind(
        self, sight: Sight, figure: FigureOf[BoardQuery]
    ) -> Mapping[tuple[str, str], object]:
        return self.counted(self.make(sight, figure.query), figure)

    def behind_each(
        self, sight: Sight, query: BoardQuery
    ) -> Callable[[FigureOf[BoardQuery]], Mapping[tuple[str, str], object]]:
        return partial(self.counted, self.make(sight, query))

    def counted(
        self, made: Board, figure: FigureOf[BoardQuery]
    ) -> Mapping[tuple[str, str], object]:
        """What `behind` says, of a view that is made."""
        if figure.figure in FIGURES:
            return Counter(made.behind.get(figure.figure, ()))
        for row in (*made.rows, *made.totals):
            if dict(figure.group) == dict(row.group) and figure.figure in row.figures:
                return levels_behind(made.record, row, figure.figure, made.day)
        return {}

    def compared_over(self, sight: Sight, start: date, end: date) -> Sequence[BoardQuery]:
        plans = queries.plans(sight.connection, position=sight.at.position)
        return [BoardQuery(plan=one.id) for one in plans]

    def told_elsewhere(self, figure: str) -> bool:
        """Its rows are those of the ratings."""
        return figure not in FIGURES

    def frozen_document(
        self, sight: Sight, made: Board, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        return board_document(made, filters, taken)

    def written(self, made: Board) -> Sequence[tuple[str, str]]:
        return [("Headline", text) for text in made.headline]

    # -- publishing: the day of the plan is the only one that is asked for

    def kept(self, query: BoardQuery, at: AsAt) -> ReportAsked:
        day = query.day or at.on
        only = [WantedOnly(name="plan", values=(query.plan,))]
        if query.meeting:
            only.insert(0, WantedOnly(name="meeting", values=(query.meeting,)))
        return ReportAsked(
            report="board", start=day, end=day, by="", filters=tuple(only), formulas=NEWEST
        )

    def query_of(self, kept: ReportAsked) -> BoardQuery:
        only = {one.name: one.values[0] for one in kept.filters}
        return BoardQuery(plan=only["plan"], meeting=only.get("meeting"), day=kept.start)

    def frozen(self, sight: Sight, kept: ReportAsked) -> Board:
        return self._made(sight, self.query_of(kept), (), kept.formulas)


REPORTS = BoardView()
