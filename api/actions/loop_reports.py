"""The closing-the-loop report, asked the same way by pages, API and command line; and why each of
its figures is what it is, from the events beneath it alone.

The figures count every action of the council but those of audits that the reader moderates blind;
an inspector's, those that their room shows.
The lists, and what lies behind a figure, show the actions that the reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from pydantic import BaseModel
from sqlalchemy.engine import Connection

from api.actions import loop_forms, loop_tables
from api.actions.cli import LoopQuery
from api.actions.loop_document import loop_document
from api.actions.reading import hidden
from api.actions.schemas import LoopReportOut
from api.agreement.report import small_number
from api.documents.document import Document, DocumentTable
from api.documents.listing import LAYOUT
from api.records.narrowing import require_known
from api.reports.declaration import FigureOf, FigureReceipt, Report, Sight
from api.reports.documents import table_of
from api.reports.sentences import RateWords
from api.web.moments import AsAt, TakenOut
from projections.actions import projector, queries
from projections.actions.closing_the_loop import lists, report
from projections.actions.closing_the_loop.behind import (
    LoopFigureRows,
    behind,
    counted_places,
    masked,
)
from projections.actions.closing_the_loop.counting import LoopQuestionAt
from projections.actions.closing_the_loop.lists import ChildWithoutEffect, StandingOut
from projections.actions.closing_the_loop.question import (
    AREA,
    DIMENSIONS,
    EVERY_ACTION,
    NO_DOMAIN,
    LoopLimits,
    LoopQuestion,
)
from projections.actions.closing_the_loop.report import LoopReport
from projections.audit_tools import projector as tool_projector
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.core.full_text import RowCondition
from projections.core.health import Health
from projections.figures.figure import Figure, caveat
from projections.figures.provenance import (
    FigureProvenance,
    counted_again,
    events_beneath,
)
from projections.learning.queries import actions_by_theme
from projections.restrictions.queries import restricted
from qa.actions.events import action_stream
from qa.audit_tools.events import AREAS_STREAM
from qa.audits.events import case_audit_stream
from qa.authorisation.policy import figures_within, reach
from qa.core.errors import NotFound, Refused
from qa.core.periods import parse_kind
from qa.core.words import Actor
from qa.moderation.events import POLICY_STREAM
from qa.store.store import Store

MOST_ACTIONS = 5000
"""Beneath more than that, a figure's events are too many for one answer."""


def make(
    connection: Connection,
    question: LoopQuestion,
    at: AsAt,
    *,
    actor: Actor | None,
    behind: Sequence[Health] = (),
) -> LoopReport:
    """The report as known at `at`. Figures on a base that the policy calls small show only counts.

    Nobody is the operator, from whom no figure is sealed. `behind` are the read models that do not
    hold every event: the report says so.
    """
    return saying_behind(next(made_and_uncut(connection, question, at, actor=actor)), behind)


def saying_behind(made: LoopReport, behind: Sequence[Health]) -> LoopReport:
    """The report with which read models do not hold every event."""
    return made.saying(caveat("figures-behind", one.words) for one in behind)


def made_and_uncut(
    connection: Connection, question: LoopQuestion, at: AsAt, *, actor: Actor | None
) -> Iterator[LoopReport]:
    """The report as known at `at`, and then the same of everything together."""
    known = {
        name: [value for value in values if value != NO_DOMAIN]
        for name, values in question.filters.items()
    }
    require_known(connection, known)
    return report.reports(
        connection,
        _asking(connection, question, at, actor),
        head=at.shown,
        true_on=at.true_on,
        small_number=small_number(connection, at),
    )


def standing_out(
    connection: Connection, question: LoopQuestion, at: AsAt, *, actor: Actor | None
) -> StandingOut:
    """The oldest actions, the most re-dated ones and the children without an effect, of what the
    reader may see. Texts that are not shown to them in passing are left out."""
    seen, closed = _seen(connection, at, actor)
    found = lists.standing_out(connection, _asking(connection, question, at, actor), seen)
    oldest, redated = (
        [row._replace(text="") if row.audit in closed else row for row in rows]
        for rows in (found.oldest, found.redated)
    )
    return replace(found, oldest=oldest, redated=redated)


def children_without_effect(
    connection: Connection, question: LoopQuestion, at: AsAt, *, actor: Actor
) -> list[ChildWithoutEffect]:
    """All of those children, of what the reader may see."""
    asking = _asking(connection, question, at, actor)
    return lists.children_without_effect(connection, asking, _seen(connection, at, actor)[0])


def _asking(
    connection: Connection, question: LoopQuestion, at: AsAt, actor: Actor | None
) -> LoopQuestionAt:
    return LoopQuestionAt(question, at.on, at.position, _limits(connection, at, actor))


def _limits(connection: Connection, at: AsAt, actor: Actor | None) -> LoopLimits:
    """What the figures of this reader leave out (None: the operator)."""
    if actor is None:
        return EVERY_ACTION
    within = figures_within(actor)
    rows = None if within is None else _seen(connection, at, actor)[0]
    return LoopLimits(audit_queries.blind_for(connection, actor.person), rows)


def _seen(
    connection: Connection, at: AsAt, actor: Actor | None
) -> tuple[RowCondition, frozenset[str]]:
    """The rows that the reader may see, and the audits whose texts they do not meet in passing."""
    if actor is None:
        operator = Actor("operator", closed=restricted(connection))
        closed_audits = audit_queries.restricted_from(connection, operator)
        return queries.open_rows(closed_audits, closed_audits, queries.EVERY_ROW), closed_audits
    closed = hidden(connection, actor)
    rows = queries.visible(reach(actor), closed["hidden"], closed["sealed"], at.position)
    return queries.of_a_range(rows), closed["hidden"]


# -- why a figure is what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFigureRequest:
    """One figure of one row of the report. `group` names the row, as the report gave it."""

    question: LoopQuestion
    figure: str
    group: Mapping[str, Any]
    at: AsAt
    actor: Actor

    def as_mapped(self, connection: Connection) -> LoopFigureRequest:
        """The same by the mappings of judgement areas that are there."""
        areas = tool_queries.areas(connection, position=self.at.position)
        return replace(self, question=replace(self.question, areas=areas))


def figure(
    connection: Connection, request: LoopFigureRequest, limits: LoopLimits | None = None
) -> Figure:
    """The figure itself, as the report shows it.

    Raises:
        NotFound: no such figure.   Refused: a group that cannot be read.
    """
    at = request.at
    question = replace(request.question.narrowed_to(request.group), dimensions=())
    made = report.report(
        connection,
        question,
        day=at.on,
        head=at.shown,
        position=at.position,
        limits=_limits(connection, at, request.actor) if limits is None else limits,
        small_number=small_number(connection, at),
    )
    found = made.totals[0].figures.get(request.figure)
    if found is None:
        raise NotFound("There is no such figure.")
    return found


def shown(connection: Connection, request: LoopFigureRequest) -> LoopFigureRows:
    """The actions behind the figure, as far as the reader may see them.

    Raises:
        NotFound: no such figure.   Refused: a group that cannot be read.
    """
    seen, closed = _seen(connection, request.at, request.actor)
    asking = _asking(
        connection, request.question.narrowed_to(request.group), request.at, request.actor
    )
    return masked(behind(connection, asking, request.figure, seen), closed)


def why(
    store: Store, connection: Connection, request: LoopFigureRequest, counted: Collection[str]
) -> FigureProvenance:
    """Why a figure is what it is. Beneath it lie the whole streams of every action that it counts.

    Raises:
        NotFound: no such figure.   Refused: a group that cannot be read, or too many actions.
    """
    at = request.at
    if len(counted) > MOST_ACTIONS:
        raise Refused(
            f"More than {MOST_ACTIONS:,} actions are behind this figure. Ask for a shorter "
            "period or for one team.",
            field="figure",
            code="too-many-beneath",
        )
    events = events_beneath(
        store, connection, map(action_stream, counted), upto=at.shown, true_on=at.true_on
    )
    if request.question.by_area or request.group.get(AREA):
        # Whose finding it is stands in the audit, and its area in the mappings.
        found = queries.with_ids(connection, counted, position=at.position)
        audits = {row.audit for row in found if row.audit}
        streams = [AREAS_STREAM, *map(case_audit_stream, audits)]
        events += events_beneath(store, connection, streams, upto=at.shown)
    # The policy says what is small, so it is beneath a figure too.
    policy = events_beneath(store, connection, [POLICY_STREAM], upto=at.shown)
    again = counted_again(
        [projector.Actions(), tool_projector.AuditTools()],
        [*events, *policy],
        lambda alone: figure(alone, request.as_mapped(alone), EVERY_ACTION),
    )
    return FigureProvenance(figure(connection, request), again, events)


def as_bytes(answer: BaseModel) -> bytes:
    """An answer of the API as the bytes of a JSON file."""
    whole = answer.model_dump(mode="json", by_alias=True)
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def question_of(connection: Connection, query: LoopQuery, at: AsAt) -> LoopQuestion:
    """Raises `Refused` with every fault of the question."""
    given = {name: getattr(query, name) for name in DIMENSIONS}
    return LoopQuestion(
        start=query.start,
        end=query.end,
        by=parse_kind(query.by),
        dimensions=query.dimension,
        filters={name: values for name, values in given.items() if values},
        themes=actions_by_theme(connection, position=at.position),
        areas=tool_queries.areas(connection, position=at.position),
    )


class ClosingTheLoop(Report[LoopQuery, LoopReport]):
    name = "closing-the-loop"
    title = "Closing the loop"
    about = (
        "What became of actions: how many were accepted, done, proven and had an effect, how long "
        "each step took, what came back, and for which children nothing has changed yet."
    )
    query = LoopQuery
    page = loop_forms.PATH
    opens_rows = True
    models = ("actions", "audit_tools", "case_audits", "learning")
    main = ("raised", "loop_closed_rate", "days_to_effect")
    says = (
        RateWords(
            "action_completion_rate",
            "actions whose first due date has passed",
            "were done by that date",
        ),
        RateWords(
            "loop_closed_rate",
            "actions whose effect was due to be checked",
            "had the effect that was wanted",
        ),
    )
    publishes = "publishClosingTheLoop"
    source = "actions"
    outside = ("raised", "action_completion_rate", "loop_closed_rate")
    counts = "action"

    def make(self, sight: Sight, query: LoopQuery, behind: Sequence[Health] = ()) -> LoopReport:
        question = question_of(sight.connection, query, sight.at)
        return make(sight.connection, question, sight.at, actor=sight.actor, behind=behind)

    def answer(self, sight: Sight, made: LoopReport) -> LoopReportOut:
        beside = standing_out(sight.connection, made.question, sight.at, actor=sight.actor)
        return LoopReportOut.of(made, beside)

    def question_words(self, sight: Sight, query: LoopQuery) -> list[tuple[str, str]]:
        return loop_forms.filter_words(
            question_of(sight.connection, query, sight.at),
            loop_forms.names_at(sight.connection, sight.at),
        )

    def document(
        self, sight: Sight, made: LoopReport, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        beside = standing_out(sight.connection, made.question, sight.at, actor=sight.actor)
        return loop_document(
            made,
            beside,
            loop_forms.names_at(sight.connection, sight.at),
            filters=filters,
            taken=taken,
        )

    def frozen_document(
        self, sight: Sight, made: LoopReport, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        """In the tables of its page, without the whole of a single period. The first two layouts
        had one table of every figure."""
        whole = super().frozen_document(sight, made, filters, taken)
        words = loop_forms.names_at(sight.connection, sight.at)
        once = made if len(made.rows) > 1 else replace(made, totals=())
        tables = loop_tables.tables(once, words, lambda row, figure: "")
        blocks = [
            *(
                replace(one, layouts=(1, 2)) if isinstance(one, DocumentTable) else one
                for one in whole.blocks
            ),
            *(replace(table_of(one), layouts=(3, LAYOUT)) for one in tables),
        ]
        return replace(whole, blocks=blocks)

    def figure_words(self, sight: Sight, figure: str) -> str:
        return loop_tables.named(figure)

    def _request(self, sight: Sight, figure: FigureOf[LoopQuery]) -> LoopFigureRequest:
        return LoopFigureRequest(
            question=question_of(sight.connection, figure.query, sight.at),
            figure=figure.figure,
            group=figure.group,
            at=sight.at,
            actor=sight.reader,
        )

    def why(self, store: Store, sight: Sight, figure: FigureOf[LoopQuery]) -> FigureReceipt:
        one = self._request(sight, figure)
        found = shown(sight.connection, one)
        open_to = frozenset(action_stream(each.row.action) for each in found.actions)
        return FigureReceipt(why(store, sight.connection, one, found.counted), open_to)

    def behind(self, sight: Sight, figure: FigureOf[LoopQuery]) -> Mapping[tuple[str, str], object]:
        return self.behind_each(sight, figure.query)(figure)

    def behind_each(
        self, sight: Sight, query: LoopQuery
    ) -> Callable[[FigureOf[LoopQuery]], Mapping[tuple[str, str], object]]:
        """The question, and what the reader may see, are asked once for all the figures."""
        connection, at = sight.connection, sight.at
        question = question_of(connection, query, at)
        whole = _asking(connection, question, at, sight.reader)
        open_to, _ = _seen(connection, at, sight.reader)

        def behind(figure: FigureOf[LoopQuery]) -> Mapping[tuple[str, str], object]:
            asking = replace(whole, question=question.narrowed_to(figure.group))
            places = counted_places(connection, asking, figure.figure, open_to)
            return {(action[:8], action): place for action, place in places.items()}

        return behind


REPORTS = ClosingTheLoop()
