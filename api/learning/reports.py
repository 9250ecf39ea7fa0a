"""The chain of a learning theme as a report: from its findings to an effect, declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection

from api.actions.cli import LoopQuery
from api.actions.loop_reports import REPORTS as CLOSING_THE_LOOP
from api.documents.document import Document, DocumentTable, Paragraph
from api.learning.cli import ThemeQuery
from api.learning.reading import NONE_SUCH, describe_step
from api.learning.schemas import ThemeChainOut, ThemeChainStepOut
from api.reports.declaration import FigureOf, FigureReceipt, Report, Sight
from api.reports.documents import figures_table
from api.web.moments import EARLIEST, AsAt, TakenOut
from projections.core.health import Health
from projections.figures.figure import Basis, Figure, caveat, count
from projections.figures.provenance import FigureProvenance, counted_again, events_beneath
from projections.learning import queries
from projections.learning.projector import STAGES, Learning
from projections.learning.queries import LearningStep
from projections.learning.tables import ThemeRow
from qa.core.dates_in_words import day as in_words
from qa.core.errors import NotFound
from qa.learning.events import theme_stream
from qa.publishing.events import ReportAsked, WantedOnly
from qa.store.store import Store

RULE = (
    "What belongs to the theme and what was done under it, as known; its actions by the rules of "
    "closing the loop."
)
OWN: Mapping[str, str] = {
    "findings": "Findings",
    "actions": "Actions",
    "plan_actions": "Actions of improvement plans",
    "shared": "Times the learning was shared",
    "practice_changes": "Changes of practice",
    "re_audits": "Audits that looked again",
    "examples": "Examples of good practice",
}
OF_ACTIONS = ("raised", "action_completion_rate", "loop_closed_rate")
_KINDS = {"findings": "finding", "actions": "action", "plan_actions": "plan-action"}


@dataclass(frozen=True, slots=True)
class ThemeChainRow:
    group: Mapping[str, Any]
    figures: Mapping[str, Figure]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeChain:
    """A theme from learning to effect. `steps` are its own, the earliest first."""

    row: ThemeRow
    steps: Sequence[LearningStep]
    rows: tuple[ThemeChainRow, ...]
    as_at: date
    position: int
    true_on: date | None
    caveats: tuple[str, ...] = ()
    totals: tuple[ThemeChainRow, ...] = ()
    cohort_rule: str = RULE

    @property
    def title(self) -> str:
        return f"Learning theme: {self.row.title}"


def _behind(connection: Connection, theme: str, at: AsAt) -> dict[str, list[str]]:
    """The records that each of the theme's own figures counts."""
    tags = queries.tags(connection, theme, position=at.position)
    steps = queries.steps(connection, theme, position=at.position)
    again = [audit for step in steps for audit in step.content.get("audits", ())]
    done = {"shared": "LearningShared", "practice_changes": "LearningPracticeChanged"}
    return {
        **{
            name: [f"{record} {part}".strip() for of, record, part in tags if of == kind]
            for name, kind in _KINDS.items()
        },
        **{
            name: [f"{step.on} {at}" for at, step in enumerate(steps) if step.type == kind]
            for name, kind in done.items()
        },
        "re_audits": sorted(set(again)),
        "examples": [
            one.exemplar for one in queries.exemplars(connection, theme=theme, position=at.position)
        ],
    }


def _found(sight: Sight, theme: str) -> ThemeRow:
    row = queries.one(sight.connection, theme, position=sight.at.position)
    if row is None:
        raise NotFound(NONE_SUCH)
    return row


def _own(connection: Connection, theme: str, at: AsAt) -> dict[str, Figure]:
    basis = Basis(cohort_rule=RULE, as_at=at.day, position=at.shown)
    found = _behind(connection, theme, at)
    return {name: count(name, len(found[name]), None, basis) for name in OWN}


class LearningToEffect(Report[ThemeQuery, ThemeChain]):
    name = "learning-theme"
    title = "Learning theme"
    about = "What a theme gathers, what was done, and what became of its actions."
    query = ThemeQuery
    page = "/learning"
    models = ("learning", *CLOSING_THE_LOOP.models)
    main = ("findings", "shared", "practice_changes", "re_audits", "loop_closed_rate")
    says = CLOSING_THE_LOOP.says
    publishes = "publishLearningTheme"
    source = "theme"
    outside = ("findings", "shared", "practice_changes", "re_audits")
    verb = "read-learning"
    counts = "record"

    def make(self, sight: Sight, query: ThemeQuery, behind: Sequence[Health] = ()) -> ThemeChain:
        connection, at = sight.connection, sight.at
        row = _found(sight, query.theme)
        whole = CLOSING_THE_LOOP.make(sight, self._actions(query, at)).totals[0].figures
        figures = {
            **_own(connection, query.theme, at),
            **{name: whole[name] for name in OF_ACTIONS},
        }
        return ThemeChain(
            row=row,
            steps=queries.steps(connection, query.theme, position=at.position),
            rows=(ThemeChainRow({"theme": row.theme, "theme_name": row.title}, figures),),
            as_at=at.day,
            position=at.shown,
            true_on=at.true_on,
            caveats=tuple(caveat("figures-behind", one.words) for one in behind),
        )

    def _actions(self, query: ThemeQuery, at: AsAt) -> LoopQuery:
        """What became of the theme's actions, whenever they were raised."""
        return LoopQuery(start=EARLIEST, end=at.on, by="financial-year", theme=(query.theme,))

    def answer(self, sight: Sight, made: ThemeChain) -> ThemeChainOut:
        return self.frozen_answer(made)

    def frozen_answer(self, made: ThemeChain) -> ThemeChainOut:
        own = super().frozen_answer(made)
        return ThemeChainOut(
            **dict(own),
            question=made.row.question,
            stage=STAGES[made.row.stage],
            steps=[
                ThemeChainStepOut(step=title, on=step.on, text="\n".join(lines))
                for title, step, lines in map(describe_step, made.steps)
            ],
        )

    def question_words(self, sight: Sight, query: ThemeQuery) -> list[tuple[str, str]]:
        row = _found(sight, query.theme)
        return [("Theme", row.title), ("Stage", STAGES[row.stage])]

    def subject(self, query: ThemeQuery) -> str:
        return theme_stream(query.theme)

    def link(self, query: ThemeQuery, moment: Mapping[str, str]) -> str:
        return f"/learning/{query.theme}{f'?{urlencode(moment)}' if moment else ''}"

    def figure_words(self, sight: Sight, figure: str) -> str:
        return OWN.get(figure) or CLOSING_THE_LOOP.figure_words(sight, figure)

    def why(self, store: Store, sight: Sight, figure: FigureOf[ThemeQuery]) -> FigureReceipt:
        if figure.figure in OF_ACTIONS:
            return CLOSING_THE_LOOP.why(store, sight, self._of_actions(sight, figure))
        if figure.figure not in OWN:
            raise NotFound("There is no such figure.")
        at, theme = sight.at, _found(sight, figure.query.theme).theme
        events = events_beneath(
            store, sight.connection, [theme_stream(theme)], upto=at.shown, true_on=at.true_on
        )
        again = counted_again(
            [Learning()], events, lambda alone: _own(alone, theme, at)[figure.figure]
        )
        found = _own(sight.connection, theme, at)[figure.figure]
        return FigureReceipt(FigureProvenance(found, again, events))

    def _of_actions(self, sight: Sight, figure: FigureOf[ThemeQuery]) -> FigureOf[LoopQuery]:
        query = self._actions(figure.query, sight.at)
        days = {"from": query.start.isoformat(), "to": query.end.isoformat()}
        return FigureOf(query, figure.figure, days)

    def behind(
        self, sight: Sight, figure: FigureOf[ThemeQuery]
    ) -> Mapping[tuple[str, str], object]:
        if figure.figure in OF_ACTIONS:
            return CLOSING_THE_LOOP.behind(sight, self._of_actions(sight, figure))
        records = _behind(sight.connection, figure.query.theme, sight.at).get(figure.figure, [])
        # What belongs to it may be closed to whoever reads that it moved: the theme is named.
        return {("Its learning theme", one): one for one in records}

    def compared_over(self, sight: Sight, start: date, end: date) -> Sequence[ThemeQuery]:
        themes = queries.themes(sight.connection, position=sight.at.position)
        return [ThemeQuery(theme=one.theme) for one, _ in themes]

    def frozen_document(
        self, sight: Sight, made: ThemeChain, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        steps = [
            [title, in_words(step.on), "\n".join(lines)]
            for title, step, lines in map(describe_step, made.steps)
        ]
        chain = DocumentTable("From learning to effect", ["Step", "On", "What"], steps, keys=2)
        return Document(
            title=made.title,
            asked=filters,
            position=made.position,
            blocks=[
                Paragraph(made.row.question),
                chain,
                Paragraph(made.cohort_rule),
                figures_table(made, lambda name: self.figure_words(sight, name)),
            ],
            **taken,
        )

    # -- publishing: a theme is of no days but that of the moment

    def kept(self, query: ThemeQuery, at: AsAt) -> ReportAsked:
        only = WantedOnly(name="theme", values=(query.theme,))
        return ReportAsked(report="learning-theme", start=at.on, end=at.on, by="", filters=(only,))

    def source_of(self, kept: ReportAsked) -> str:
        return f"{self.source}:{kept.filters[0].values[0]}"

    def query_of(self, kept: ReportAsked) -> ThemeQuery:
        return ThemeQuery(theme=kept.filters[0].values[0])


REPORTS = LearningToEffect()
