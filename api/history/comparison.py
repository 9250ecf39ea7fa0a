"""A comparison of two moments as one answer: for a page, a file, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from api.agreement.report import sealed_from
from api.documents.listing import Cell, Column, Listing
from api.history import two_moments
from api.history.two_moments import AuditMoved, sides
from api.reports.moved import FigureMoved
from api.services import Services
from api.web.moments import AsAt
from projections.agreement import offered_queries
from projections.agreement.question import AgreementQuestion
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Refused
from qa.core.periods import PeriodKind, period_of
from qa.core.words import Actor

QUARTERS = 5
MOST_ROWS = 100_000
HOW = {"added": "Added", "gone": "Gone", "changed": "Changed"}
COLUMNS = (
    Column("what", "What"),
    Column("name", "Record or row"),
    Column("how", "How"),
    Column("label", "Field or figure"),
    Column("old", "Was"),
    Column("new", "Is"),
    Column("facts", "Records that changed it"),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved. `audits` and `figures` are those of the page asked for, their totals beside."""

    before: AsAt
    after: AsAt
    question: AgreementQuestion
    audits: Sequence[AuditMoved]
    audits_moved: int
    figures: Sequence[FigureMoved]
    figures_moved: int
    others: Sequence[Mapping[str, Any]]

    @property
    def nothing(self) -> bool:
        return not (self.audits_moved or self.figures_moved or self.others)


@dataclass(frozen=True, slots=True)
class ComparisonPart:
    """Which of the audits and figures that moved are shown."""

    audits_from: int = 0
    audits_most: int | None = None
    figures_from: int = 0
    figures_most: int | None = None


EVERYTHING = ComparisonPart()


def preset(connection: Connection, actor: Actor, at: AsAt) -> AgreementQuestion:
    """The last five quarters that there is an audit of, uncut: what figures are compared over."""
    exclude = sealed_from(connection, actor)
    last = offered_queries.last_audit_date(connection, position=at.position, exclude=exclude)
    period = period_of(last or at.on, PeriodKind.QUARTER)
    end = period.end
    for _ in range(QUARTERS - 1):
        period = period.preceding
    return AgreementQuestion(start=period.start, end=end, by=PeriodKind.QUARTER)


def compare(
    services: Services,
    connection: Connection,
    actor: Actor,
    before: AsAt,
    after: AsAt,
    question: AgreementQuestion | None = None,
    part: ComparisonPart = EVERYTHING,
) -> Comparison:
    """What is not the same at both moments, as far as this reader may see it.

    `connection` reads the present.
    """
    with sides(services, connection, actor, before, after) as two:
        asked = question or preset(two.now, actor, after)
        streams = two_moments.touched(two)
        audits = two_moments.audits(two, streams)
        figures = two_moments.figures(two, asked) if streams else []
        chosen = audits[part.audits_from :][: part.audits_most]
        counted = figures[part.figures_from :][: part.figures_most]
        return Comparison(
            before=before,
            after=after,
            question=asked,
            audits=two_moments.with_events(two, chosen),
            audits_moved=len(audits),
            figures=two_moments.with_audits(two, counted, asked),
            figures_moved=len(figures),
            others=two_moments.other_records(two, streams),
        )


def listing(
    services: Services,
    connection: Connection,
    actor: Actor,
    before: AsAt,
    after: AsAt,
    question: AgreementQuestion | None = None,
) -> Listing:
    """All that moved, as one list: a line for each field, each figure and each other event.

    Raises:
        Refused: more than a file should hold.
    """
    found = compare(services, connection, actor, before, after, question)
    rows: list[list[Cell]] = []
    for one in found.audits:
        events = "; ".join(f"{event['position']}: {event['title']}" for event in one.events)
        rows += [
            ["audit", one.reference, HOW[one.how], f.label, f.old, f.new, events]
            for f in one.fields
        ]
    for moved in found.figures:
        figure, which = moved.figure, ", ".join(moved.audits)
        rows.append(["figure", moved.row, None, figure.label, figure.old, figure.new, which])
    for event in found.others:
        said = f"{event['position']}: {event['title']}"
        rows.append(["other", str(event["record"]), None, None, None, None, said])
    if len(rows) > MOST_ROWS:
        raise Refused(
            f"{len(rows):,} things moved. Choose dates nearer to one another.",
            code="list-too-long",
        )
    taken = after.taken_out(actor.display_name, services.clock.now(), services.letterhead)
    if not before.is_fixed:
        taken = {**taken, "by": actor.display_name, "at": services.clock.now()}
    return Listing(
        title="What changed between two dates",
        columns=COLUMNS,
        rows=rows,
        filters=[
            ("From", _said(before)),
            ("To", _said(after)),
            ("Figures over", f"{in_words(found.question.start)} to {in_words(found.question.end)}"),
        ],
        position=after.shown,
        **taken,
    )


def _said(at: AsAt) -> str:
    so = "" if at.true_on is None else f"as it was on {in_words(at.true_on)}, "
    return f"{so}recorded up to entry {at.shown} of the log ({in_words(at.day)})"
