"""A report, declared once: what it is asked, how its figures are counted, what lies beneath each,
and how all of that is written. From it come the answers of the API, the command of the command
line, the files, and what is published.

A capability declares its reports under ``REPORTS`` in its ``reports`` module.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import Any, ClassVar, Generic, TypeVar, cast
from urllib.parse import quote_plus, urlencode

from pydantic import BaseModel
from sqlalchemy.engine import Connection

from api.documents.document import Document
from api.documents.figures import FiguresReport, FiguresRow
from api.json.figure_out import FiguresOut
from api.reports.documents import figures_table, opening
from api.reports.figure_rows import row_of, row_words
from api.reports.query import fields_of, of_days, pairs_of, taken, typed_query
from api.reports.sentences import RateWords, figure_sentence
from api.web.access_notes import Look
from api.web.context import Reading
from api.web.moments import WITH_DAY, AsAt, TakenOut
from projections.core.health import Health
from projections.figures.provenance import FigureProvenance
from qa.authorisation.policy import can
from qa.core.capabilities import declared
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor
from qa.publishing.events import ReportAsked, WantedOnly
from qa.store.store import Store

OPENS_AT = "Each figure opens at"
Q = TypeVar("Q")
T = TypeVar("T")
M = TypeVar("M", bound=FiguresReport)


@dataclass(frozen=True, slots=True)
class Sight:
    """Who reads (None: the operator), at which moment, through which connection. `beside` is the
    entry of the log of another moment: of records that stand alike at both nothing is asked.
    `memory` holds what several reports are made from, where many of them are made at one moment."""

    connection: Connection
    at: AsAt
    actor: Actor | None = None
    beside: int | None = None
    memory: dict[object, Any] | None = field(default=None, compare=False)

    @property
    def reader(self) -> Actor:
        """Whoever asks for more than figures."""
        assert self.actor is not None
        return self.actor

    @classmethod
    def of(cls, look: Look) -> Sight:
        """What somebody sees who looks."""
        return cls(look.connection, look.at, look.actor)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What is made, once for as long as the sight remembers."""
        if self.memory is None:
            return make()
        own = (self.actor and self.actor.person, key)
        if own not in self.memory:
            self.memory[own] = make()
        found: T = self.memory[own]
        return found


@dataclass(frozen=True, slots=True)
class FigureOf(Generic[Q]):
    """One figure of one row of a report. `group` names the row, as the report gave it."""

    query: Q
    figure: str
    group: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FigureReceipt:
    """Why a figure is what it is: counted again from the events beneath it, of which this reader
    may open those of the streams `open_to` (None: all)."""

    found: FigureProvenance
    open_to: frozenset[str] | None = None


Printed = tuple[list[str], list[list[str]], list[str]]
"""The headings and the rows of a table on a terminal, and what is said beneath it."""


@dataclass(frozen=True, slots=True)
class PageQuestion(Generic[Q]):
    """What an address asks: the question, in words, as the query that asks it again at the very
    position, and the address of the report's page."""

    query: Q
    filters: Sequence[tuple[str, str]]
    pairs: Sequence[tuple[str, str]]
    back: str

    @property
    def question(self) -> list[tuple[str, str]]:
        """The pairs without the moment."""
        return [(name, value) for name, value in self.pairs if name not in WITH_DAY]


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A table of a published report with the question behind it: the whole of most reports, a
    section of one that is made of others. `title` names it where there are several."""

    report: Report[Any, Any]
    sight: Sight
    question: ReportAsked
    made: FiguresReport
    title: str = ""

    def at(self, sight: Sight) -> ReportPart:
        """The same as known at another moment."""
        return replace(self, sight=sight, made=self.report.frozen(sight, self.question))


@dataclass(frozen=True, slots=True)
class ReportText:
    """A text that somebody wrote in a report: the key it has there, what it is, and the words."""

    key: str
    what: str
    text: str


class Report(ABC, Generic[Q, M]):
    """What a capability says of one report.

    `query` is what it is asked, `verb` the right to read it, `page` the address of its page.
    `models` are the read models it is made from: it is not published while one is behind. `main`
    are the figures that stand for it where there is no room for all, `unkept` those no claim keeps.
    """

    name: str
    title: str
    about: str
    query: type[Q]
    page: str
    models: ClassVar[tuple[str, ...]]
    main: tuple[str, ...]
    unkept: ClassVar[tuple[str, ...]] = ()
    verb: ClassVar[str] = "read-report"
    publishes: ClassVar[str]
    """The operation of the API that publishes it; empty where another command does."""
    whole_csv: ClassVar[bool] = False
    """Whether the CSV of the command line holds the totals too."""
    says: tuple[RateWords, ...] = ()
    """The rates that are told in sentences of their own."""
    template: ClassVar[str] = ""
    """The part of a page that shows it as published, where that is more than its main figures."""
    counts: ClassVar[str] = "audit"
    """What the records are called that its figures count."""
    opens_rows: ClassVar[bool] = False
    """Whether each figure opens the records behind it, beneath the address of the page."""
    is_compared: ClassVar[bool] = True
    """Whether its figures are compared between two dates: not where they are those of others."""
    asks_of_the_day: ClassVar[bool] = True
    """Whether its figures may move with the day alone, as what is overdue does."""
    source: ClassVar[str] = ""
    """The records that copies for outside count, which are compared by it; empty: no copy of it."""
    of_people: ClassVar[bool] = True
    """Whether its figures count what is about children or workers, so that few must not be told."""
    outside: tuple[str, ...] = ()
    """The figures of a copy for outside, where they are not the main ones."""
    is_rounded_outside: ClassVar[bool] = False
    """Whether its numbers go out rounded alone: how they hang together is not known."""

    @abstractmethod
    def make(self, sight: Sight, query: Q, behind: Sequence[Health] = ()) -> M:
        """The report as known at a moment, for one reader (None: the operator). `behind` are the
        read models that do not hold every event: the report says so."""

    def typed(self, connection: Connection, query: Q) -> Q:
        """The question as somebody types it on the command line, with ids for names."""
        return query

    @abstractmethod
    def answer(self, sight: Sight, made: M) -> BaseModel:
        """The report as programs are answered."""

    @abstractmethod
    def question_words(self, sight: Sight, query: Q) -> list[tuple[str, str]]:
        """What was asked, in words, for the head of a file."""

    @abstractmethod
    def figure_words(self, sight: Sight, figure: str) -> str:
        """What a figure is called."""

    def namer(self, sight: Sight) -> Callable[[str], str]:
        """`figure_words`, for many figures."""
        return cache(partial(self.figure_words, sight))

    @abstractmethod
    def why(self, store: Store, sight: Sight, figure: FigureOf[Q]) -> FigureReceipt:
        """Why a figure is what it is. Raises `NotFound` for one that the report has not."""

    def row_named(self, sight: Sight, figure: FigureOf[Q]) -> tuple[FiguresReport, FiguresRow]:
        """The row that a figure stands in, with a report that has it: that of the days of the row,
        if it names the row alike. Raises `NotFound`."""
        for query in of_days(figure.query, figure.group):
            with suppress(NotFound, Refused):
                made = self.make(sight, query)
                return made, row_of(made, figure.group, figure.figure)
        made = self.make(sight, figure.query)
        return made, row_of(made, figure.group, figure.figure)

    def sentence(self, sight: Sight, row: FiguresRow, figure: str) -> str:
        """A figure of a row in words; empty where it has no value to tell."""
        if figure not in row.figures:
            return ""
        words = next((one for one in self.says if one.figure == figure), None)
        called = "" if words else self.figure_words(sight, figure)
        return figure_sentence(row_words(row), row.figures[figure], called, words)

    def detail(self, query: Q, at: AsAt) -> str:
        """What the access log keeps of the question."""
        return urlencode([*pairs_of(query)])

    def subject(self, query: Q) -> str:
        """What the access log says was read."""
        return f"report:{self.name}"

    def document(
        self, sight: Sight, made: M, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        """The report on paper, for one reader."""
        return self.frozen_document(sight, made, filters, taken)

    def on_page(self, reading: Reading) -> PageQuestion[Q]:
        """What the address of a page asks. Raises `Refused` where it cannot be asked."""
        if reading.wrong:
            raise Refused(reading.wrong.faults)
        query = typed_query(self.query, reading.request.query_params)
        return PageQuestion(
            query,
            self.question_words(Sight.of(reading), query),
            [*pairs_of(query), *reading.at.pinned.items()],
            self.link(query, reading.moment),
        )

    def printed(self, made: M) -> Printed | None:
        """What a terminal shows, where that is more than figures by their names."""
        return None

    def frozen_document(
        self, sight: Sight, made: M, filters: Sequence[tuple[str, str]], taken: TakenOut
    ) -> Document:
        """The figures on paper, whoever reads them."""
        figures = figures_table(made, partial(self.figure_words, sight))
        blocks, position = [*opening(made, 0), figures], made.position or 0
        return Document(title=made.title, asked=filters, position=position, blocks=blocks, **taken)

    def behind(self, sight: Sight, figure: FigureOf[Q]) -> Mapping[tuple[str, str], object]:
        """The records that a figure counts, by reference and id, each with its place in it: two
        moments differ in a figure where they differ in these. Empty where none is named."""
        return {}

    def behind_each(
        self, sight: Sight, query: Q
    ) -> Callable[[FigureOf[Q]], Mapping[tuple[str, str], object]]:
        """`behind`, for many figures of one question."""
        return partial(self.behind, sight)

    def compared_over(self, sight: Sight, start: date, end: date) -> Sequence[Q]:
        """The questions by which two moments are compared: of these days, or of each record that
        it is a report of."""
        if not {"start", "end"} <= {one.key for one in fields_of(self.query)}:
            return ()
        return (taken(self.query, {"start": start, "end": end}),)

    def told_elsewhere(self, figure: str) -> bool:
        """Whether another report tells this figure too: all of them together leave it out here."""
        return False

    def why_link(self, rows: str, moment: Mapping[str, str]) -> str:
        """The page of why a figure is what it is, by the query of its records; empty for none."""
        return f"{self.page}/rows?{rows}&{urlencode(moment)}" if self.opens_rows and rows else ""

    def receipt(
        self, query: Q, figure: str, group: Mapping[str, Any], moment: Mapping[str, str]
    ) -> str:
        """The page that says why a figure of a row is what it is."""
        return self.receipts(query, moment)(group)(figure)

    def receipts(
        self, query: Q, moment: Mapping[str, str]
    ) -> Callable[[Mapping[str, Any]], Callable[[str], str]]:
        """`receipt`, for many rows and many figures of each."""
        head = urlencode([*pairs_of(query), ("figure", "")])

        def of_row(group: Mapping[str, Any]) -> Callable[[str], str]:
            named = [("group", f"{key}={at}") for key, at in group.items() if at is not None]
            rest = [urlencode(pairs) for pairs in (named, [*moment.items()]) if pairs]
            return lambda figure: "&".join([f"/why/{self.name}?{head}{quote_plus(figure)}", *rest])

        return of_row

    def openings(self, query: Q, at: AsAt) -> Callable[[FiguresRow, str], str]:
        """The address of each figure of a row, as it was at a moment."""
        receipts = self.receipts(query, self.moment_of(at))
        return lambda row, name: receipts(row.group)(name)

    def opens_at(self, query: Q, at: AsAt) -> tuple[str, str]:
        """For paper: the page at which each figure is a link to why it is what it is."""
        return OPENS_AT, self.link(query, self.moment_of(at))

    def link(self, query: Q, moment: Mapping[str, str]) -> str:
        """The address of the report's page."""
        return f"{self.page}?{urlencode([*pairs_of(query), *moment.items()])}"

    # -- publishing

    def frozen(self, sight: Sight, kept: ReportAsked) -> M:
        """The report as it is published: of every record, whoever reads it. For an actor, of those
        that are not sealed from them."""
        return self.make(sight, self.query_of(kept))

    def compared(self, sight: Sight, kept: ReportAsked) -> Sequence[FiguresRow]:
        """The rows of a published report as known at a moment, for somebody who reads it."""
        made = self.frozen(sight, kept)
        return (*made.rows, *made.totals)

    def may_differ(self, sight: Sight, kept: ReportAsked, first: int, last: int) -> bool:
        """Whether `compared` can be another at the one than at the other of two entries of the log,
        told without making it."""
        return True

    def frozen_answer(self, made: M) -> BaseModel:
        """The figures of the published report, whose bytes are fingerprinted."""
        return FiguresOut.of(self.name, made)

    def written(self, made: M) -> Sequence[tuple[str, str]]:
        """The words in it beside its figures, each with what it is: for files that hold a table."""
        return ()

    def page_parts(self, made: M, taken: TakenOut) -> Mapping[str, Any]:
        """What its `template` is given."""
        return {}

    def source_of(self, kept: ReportAsked) -> str:
        """The records behind a question, as `source` names them."""
        return self.source

    def parts(self, sight: Sight, kept: ReportAsked, made: M) -> Sequence[ReportPart]:
        """The tables of a published report."""
        return (ReportPart(self, sight, kept, made),)

    def kept_inside(self, made: M, rows: Sequence[FiguresRow]) -> Sequence[int]:
        """The places of the rows that a copy does not show, where these rows of it were told in
        copies before."""
        return ()

    def texts(self, made: M) -> Sequence[ReportText]:
        """What somebody wrote in a published report."""
        return ()

    def frozen_at(self, at: AsAt, day: date) -> AsAt:
        """The moment that a published report shows. What is due is a question about the day, which
        a position of the log does not hold."""
        return replace(at, day=day)

    def moment_of(self, at: AsAt) -> dict[str, str]:
        """The part of an address that asks for what the report shows at a moment again, for ever:
        the entry, and the day where its figures move with that."""
        return at.entry | self.day_of(at)

    def day_of(self, at: AsAt) -> dict[str, str]:
        """The day of a moment, where its figures move with that and an entry may not hold it."""
        if at.true_on is not None or self.frozen_at(at, date.min) == at:
            return {}
        return {"on": at.day.isoformat()}

    def kept(self, query: Q, at: AsAt) -> ReportAsked:
        """What was asked, to be kept in an event: its days, what it is cut by, and what it is
        narrowed to."""
        given = {one.key: getattr(query, one.key) for one in fields_of(self.query)}
        days = {key: given.pop(key) for key in ("start", "end")}
        only = {
            key: _several(value)
            for key, value in given.items()
            if key not in ("by", "dimension") and value
        }
        return ReportAsked.model_validate(
            {
                "report": self.name,
                **days,
                "by": given.get("by", ""),
                "dimensions": [*filter(None, _several(given.get("dimension", ())))],
                "filters": [WantedOnly(name=name, values=only[name]) for name in sorted(only)],
            }
        )

    def query_of(self, kept: ReportAsked) -> Q:
        """The question that was kept."""
        only = {one.name: one.values for one in kept.filters}
        given: dict[str, Any] = {"start": kept.start, "end": kept.end}
        for one in fields_of(self.query):
            if one.key == "by":
                given["by"] = kept.by
            elif one.key == "dimension":
                given["dimension"] = kept.dimensions if one.several else "".join(kept.dimensions)
            elif one.key in only:
                given[one.key] = only[one.key] if one.several else only[one.key][0]
        return taken(self.query, given)


def reports() -> tuple[Report[Any, Any], ...]:
    """Every report there is, by title."""
    kind = cast("type[Report[Any, Any]]", Report)
    found = declared("api", "reports", "REPORTS", kind, suffixed=True)
    return tuple(sorted(found, key=lambda one: one.title))


def publish_link(reading: Reading, name: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Where a report is published as it is shown; empty for who may not."""
    report = report_called(name)
    if not all(can(reading.actor, verb).allowed for verb in ("publish-report", report.verb)):
        return ""
    query = [("name", name), *pairs, *(reading.at.pinned | report.day_of(reading.at)).items()]
    return f"/published/new?{urlencode(query)}"


def report_called(name: str) -> Report[Any, Any]:
    """Raises `NotFound` for a name that no report has."""
    for one in reports():
        if one.name == name:
            return one
    raise NotFound("There is no such report.")


def _several(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)
