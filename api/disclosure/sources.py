"""What copies for outside are of: a published report, or a frozen copy of a self-evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy.engine import Connection

from api.documents.figures import FiguresReport, FiguresRow
from api.publishing import reading as publishing_reading
from api.quarterly.reading import row_parts
from api.reports.declaration import Report, ReportPart, ReportText, Sight, report_called
from api.self_evaluation import document as evaluation_document
from api.self_evaluation import reading as evaluation_reading
from api.self_evaluation.evidence_reading import EvidenceReader, at_entry
from api.self_evaluation.reading import QUESTIONS, ShownEvaluation
from api.services import Services
from api.web.moments import TakenOut
from projections.core.base import present
from projections.publishing import queries as publishing_queries
from projections.publishing.tables import PublishedRow
from projections.self_evaluation import queries as evaluation_queries
from projections.self_evaluation.queries import EvaluationRecord
from projections.self_evaluation.tables import FIGURE, EvaluationCopyRow
from qa.authorisation.policy import can, require
from qa.core.dates_in_words import day as in_words
from qa.core.errors import NotFound
from qa.core.words import Actor
from qa.disclosure.suppression import RowKey
from qa.publishing.events import PublishedLetterhead, ReportAsked

NONE_SUCH = "There is no such published report."
Pieces = Mapping[RowKey, Mapping[str, str]]
"""The figures of a table that are evidence: by row and figure, what each is evidence of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSource:
    """Something frozen, made again: where it stands and what it is called, its tables, and its
    texts as recorded up to an entry of the log. `pieces` are the figures of each table that it
    tells, where it does not tell the whole table."""

    id: str
    title: str
    kind: str
    word: str
    place: str
    subject: str
    position: int
    as_at: str
    about: Sequence[tuple[str, str]]
    taken: TakenOut
    under: PublishedLetterhead
    parts: Sequence[ReportPart]
    texts: Callable[[int | None], Sequence[ReportText]]
    withdrawn_because: str | None = None
    pieces: Sequence[Pieces] = field(default=())


def source_called(
    services: Services,
    connection: Connection,
    actor: Actor | None,
    of: str,
    upto: int | None,
    *,
    given: bool = False,
) -> OutsideSource:
    """What is called so, for somebody who reads it (None: the operator), or who reads a copy that
    was `given` outside: such a copy of a self-evaluation is for inspectors too, who read none.

    Raises:
        NotFound: there is none.   Forbidden: it is not open to this reader.
    """
    if actor is not None:
        require(actor, "read-council-figures")
    row = publishing_queries.report(connection, of, position=upto)
    if row is not None:
        return _of_report(services, connection, actor, row)
    copy = evaluation_queries.copy_called(connection, of, position=upto)
    if copy is None:
        raise NotFound(NONE_SUCH)
    return _of_evaluation(services, connection, actor, copy, given)


def parts_called(services: Services, connection: Connection, of: str) -> Sequence[ReportPart]:
    """The tables of what is called so, whoever reads it: later copies are compared with them.
    Raises as `source_called`."""
    row = publishing_queries.report(connection, of)
    if row is not None:
        report, sight, made = _report_made(services, connection, row)
        return report.parts(sight, row.question, made)
    copy = evaluation_queries.copy_called(connection, of)
    if copy is None:
        raise NotFound(NONE_SUCH)
    reader = _reader(services, connection, copy)
    return _tables(reader, evaluation_reading.standing(reader, copy.evaluation))[0]


# -- a published report


def _of_report(
    services: Services, connection: Connection, actor: Actor | None, row: PublishedRow
) -> OutsideSource:
    if actor is not None:
        require(actor, publishing_reading.of_kind(row).verb)
    question = row.question
    report, sight, made = _report_made(services, connection, row, actor)
    is_of_periods = question.by or question.report == "quarterly"
    start, end = in_words(question.start), in_words(question.end)
    about = [("Period", f"{start} to {end}") if is_of_periods else ("On", end)]
    if question.by and question.filters:
        about.append(("Narrowed to", "A part of the records"))
    return OutsideSource(
        id=row.published,
        title=row.title,
        kind=report.title,
        word=question.report,
        place=f"/published/{row.published}",
        subject=f"published-report:{row.published}",
        position=row.position,
        as_at=row.as_at,
        about=about,
        taken=publishing_reading.taken_of(connection, row, sight.at),
        under=row.under,
        parts=report.parts(sight, question, made),
        texts=partial(_report_texts, connection, row, report, made),
        withdrawn_because=row.withdrawn_because,
    )


def _report_made(
    services: Services, connection: Connection, row: PublishedRow, actor: Actor | None = None
) -> tuple[Report[object, FiguresReport], Sight, FiguresReport]:
    """A published report, made again."""
    at = publishing_reading.frozen_at(services, connection, row)
    sight = Sight(connection, at, actor)
    return publishing_reading.of_kind(row), sight, publishing_reading.whole(sight, row.question)


def _report_texts(
    connection: Connection,
    row: PublishedRow,
    report: Report[object, FiguresReport],
    made: FiguresReport,
    upto: int | None,
) -> Sequence[ReportText]:
    """Everything that somebody wrote in it."""
    spoken = publishing_queries.remarks(connection, row.published, position=upto)
    return [
        ReportText("title", "Title", row.title),
        *(
            ReportText(f"{position}:{line}", one.kind.capitalize(), one.said)
            for one, position, line in spoken
        ),
        *report.texts(made),
    ]


# -- a frozen copy of a self-evaluation


def _of_evaluation(
    services: Services,
    connection: Connection,
    actor: Actor | None,
    copy: EvaluationCopyRow,
    given: bool,
) -> OutsideSource:
    # What went to partners or the public is open to whoever reads no self-evaluation and judges no
    # audit; a moderator who is to judge one blind gets no copy either.
    outsider = actor is not None and given and not can(actor, evaluation_reading.READ).allowed
    if actor is not None and not outsider:
        require(actor, evaluation_reading.READ)
    reader = _reader(services, connection, copy)
    record = evaluation_reading.standing(reader, copy.evaluation)
    parts, pieces = _tables(reader, record)
    evaluation_reading.require_unsealed(reader.seen_by(None if outsider else actor), record)
    made = evaluation_reading.composed(reader, record)
    row = made.evaluation.row
    start, end = map(in_words, row.days)
    texts = _evaluation_texts(made)
    others = [one for claim in made.claims for one in claim.evidence if not one.is_figure]
    about = [("Period", f"{start} to {end}"), ("Judgement areas", made.mapping)]
    if others:
        records = "1 record" if len(others) == 1 else f"{len(others)} records"
        about.append(("Rests also on", f"{records} of audits and actions, which stay inside"))
    return OutsideSource(
        id=copy.for_outside,
        title=row.title,
        kind="Self-evaluation",
        word="self-evaluation",
        place=f"/self-evaluations/{copy.evaluation}/copies/{copy.number}",
        subject=f"self-evaluation:{copy.evaluation}",
        position=copy.position,
        as_at=copy.as_at,
        about=about,
        taken=evaluation_document.taken_of_copy(connection, made, copy),
        under=copy.under,
        parts=parts,
        texts=lambda upto: texts,
        pieces=pieces,
    )


def _reader(services: Services, connection: Connection, copy: EvaluationCopyRow) -> EvidenceReader:
    """Reads all evidence of a frozen copy, as it was: each report is made once."""
    known = present(connection)
    at = at_entry(services, known, copy.position, copy.on)
    return EvidenceReader(services, Sight(known, at))


def _tables(
    reader: EvidenceReader, evaluation: EvaluationRecord
) -> tuple[Sequence[ReportPart], Sequence[Pieces]]:
    """The tables that its figures stand in, each once, and what of them is evidence."""
    sight = reader.sight
    parts: dict[tuple[ReportAsked, object], ReportPart] = {}
    pieces: dict[tuple[ReportAsked, object], dict[RowKey, dict[str, str]]] = {}
    for number, claim in evaluation_reading.numbered(evaluation):
        for row in evaluation.evidence.get(claim.claim, ()):
            if row.kind != FIGURE:
                continue
            question, on = row.report_asked, row.on
            report, figures = report_called(question.report), reader.made(question, on)
            if figures is None:
                continue
            days = f"{in_words(question.start)} to {in_words(question.end)}"
            title = f"Evidence: {report.title}, {days}"
            own = replace(sight, at=report.frozen_at(sight.at, on))
            parts.setdefault((question, on), ReportPart(report, own, question, figures, title))
            table = pieces.setdefault((question, on), {})
            for each in (*figures.totals, *figures.rows):
                if row_parts(each) == row.group and row.figure in each.figures:
                    of_row = table.setdefault(key_of(each), {})
                    place = f"Claim {number} ({row.evidence})"
                    of_row[row.figure] = ", ".join(filter(None, (of_row.get(row.figure), place)))
    return [*parts.values()], [*pieces.values()]


def _evaluation_texts(made: ShownEvaluation) -> Sequence[ReportText]:
    found = [ReportText("title", "Title", made.evaluation.row.title)]
    for claim in made.claims:
        head = f"{claim.row.under.label}, claim {claim.place}"
        for name, question, words in zip(_WORDS, QUESTIONS, claim.words, strict=True):
            found.append(ReportText(f"{claim.row.claim}:{name}", f"{head}: {question}", words))
    return found


_WORDS = ("known", "how", "will")


def key_of(row: FiguresRow) -> RowKey:
    """What a row is of, whatever that is called."""
    named = (key for key in row.group if not key.endswith("_name"))
    return tuple(sorted((key, str(row.group[key])) for key in named))
