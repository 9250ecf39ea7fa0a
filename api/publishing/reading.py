"""Published reports: the frozen report, what later events made of its figures, and the note of it.

A published report is made of every record, whoever reads it. A reader from whom one of its audits
is sealed for now therefore cannot open it until they have recorded their own judgement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from api.documents.document import Block, Heading, Paragraph
from api.documents.figures import FiguresReport
from api.documents.listing import DEMONSTRATION, LAYOUT, Letterhead
from api.documents.making import report_workbook_file
from api.history import two_moments
from api.history.two_moments import sides
from api.lists.files import render_listing
from api.reports.declaration import FigureOf, Report, Sight, report_called
from api.reports.documents import first_words, render_report
from api.reports.listing import report_listing
from api.reports.moved import FigureMoved, Places, by_group, moved, with_records
from api.services import Services
from api.web.moments import AsAt, TakenOut, as_at
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.core.health import require_current
from projections.people import queries as people_queries
from projections.publishing import queries
from projections.publishing.tables import PublishedRow
from projections.word_templates import queries as word_templates
from qa.authorisation.policy import figures_within
from qa.core.carry import carry
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Forbidden, Refused
from qa.core.words import Actor
from qa.publishing.events import PublishedLetterhead, ReportAsked


def of_kind(row: PublishedRow) -> Report[Any, Any]:
    """The report that was published."""
    return report_called(row.question.report)


def as_json(report: Report[Any, Any], made: FiguresReport, **more: Any) -> bytes:
    """The report as programs are answered, in the bytes of a file; `more` stands beneath it."""
    answer = report.frozen_answer(made).model_dump(mode="json", by_alias=True)
    return orjson.dumps({**answer, **more}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def whole(sight: Sight, question: ReportAsked) -> Any:
    """The report of every record.

    Raises:
        Forbidden: one of them is sealed from this reader for now.
    """
    report = report_called(question.report)
    own = report.frozen(sight, question)
    if not _may_leave_out(sight):
        return own
    found = report.frozen(replace(sight, actor=None, memory=None), question)
    if as_json(report, found) != as_json(report, own):
        raise Forbidden(
            "This report counts an audit that you are moderating blind. It opens to you when you "
            "have recorded your own judgement.",
            rule="read-judgement",
        )
    return found


def _may_leave_out(sight: Sight) -> bool:
    """Whether the figures of this reader may be others than those of every record: of audits that
    they moderate blind, those count that were there at the moment."""
    actor = sight.actor
    if actor is None:
        return False
    if actor.closed or figures_within(actor) is not None or sight.at.true_on is not None:
        return True
    sealed = audit_queries.blind_for(sight.connection, actor.person)
    there = audit_queries.headings(sight.connection, sealed, position=sight.at.position)
    return bool(there)


def beside(
    connection: Connection, row: PublishedRow, position: int | None
) -> list[tuple[str, str]]:
    """What every file of a published report says beside its figures, as known at a position: its
    title, who gave it out, that it is withdrawn, and each commentary and restatement."""
    spoken = queries.remarks(connection, row.published, position=position)
    by = {row.by, *(one.by for one, *_ in spoken)}
    names = people_queries.names(connection, by, position=position)

    def who(person: str, at: datetime) -> str:
        return f"{names.get(person, person)}, {in_words(at)}"

    found = [("Published as", row.title), ("Published by", who(row.by, row.published_at))]
    if row.withdrawn_because:
        found.append(("Withdrawn", row.withdrawn_because))
    for one, *_ in spoken:
        if one.kind == "commentary":
            found.append((f"Commentary by {who(one.by, one.at)}", one.said))
        else:
            of = "1 figure" if one.figures == 1 else f"{one.figures} figures"
            upto = (
                f"known at position {one.upto}"
                if row.rendering == 1
                else f"recorded up to entry {one.upto}"
            )
            heading = f"Restatement of {of} by {who(one.by, one.at)}, as {upto}"
            found.append((heading, one.said))
    return found


def made_under(services: Services, connection: Connection) -> dict[str, Any]:
    """How the files of what is published now are written for ever."""
    head = services.letterhead_at(connection)
    return {"rendering": LAYOUT, "letterhead": carry(PublishedLetterhead, head)}


def taken_of(connection: Connection, row: PublishedRow, at: AsAt) -> TakenOut:
    """What its files say of the moment, and of whose report it was when it was published."""
    under = row.under
    styles = word_templates.numbered(connection, under.template).styles
    head = Letterhead(under.council, under.demonstration, under.template, styles)
    return at.taken_out("", row.published_at, head)


def file_of(sight: Sight, row: PublishedRow, made: Any, kind: str, upto: int | None) -> bytes:
    """A published report as a file, with what was said beside it up to a position of the log: the
    same bytes whenever it is asked for. `sight` is where it is frozen."""
    report, remarks = of_kind(row), beside(sight.connection, row, upto)
    taken = taken_of(sight.connection, row, sight.at)
    if kind == "json":
        published = {
            "published": row.published,
            "position": row.position,
            "sha256": row.sha256,
            "beside": [{"what": name, "text": text} for name, text in remarks],
        }
        return as_json(report, made, published=published)
    paper, openings, query, head = None, None, report.query_of(row.question), 2
    if row.rendering >= 3:
        openings = report.openings(query, sight.at)
        remarks.insert(head, report.opens_at(query, sight.at))
        head += 1
    if kind in ("docx", "pdf") or (kind == "xlsx" and row.rendering > 1):
        facts = [*remarks[:head], *report.question_words(sight, query)]
        paper = report.frozen_document(sight, made, facts, taken)
        spoken: list[Block] = []
        for name, text in remarks[head:]:
            spoken.append(Heading(name))
            spoken += [Paragraph(line) for line in text.split("\n") if line.strip()]
        paper = replace(paper, layout=row.rendering, blocks=[*spoken, *paper.blocks])
        if kind != "xlsx":
            return render_report(paper, kind, rendering=row.rendering)
    remarks = [*remarks, *report.written(made)]
    if row.rendering == 1:
        remarks = first_words(remarks)
    listing = report_listing(made, filters=remarks, taken=taken, openings=openings)
    listing = replace(listing, layout=row.rendering)
    if kind == "csv":
        # A CSV file has no other place for words: they follow the figures, each on its line.
        width = len(listing.columns)
        if taken["letterhead"].demonstration:
            remarks.append(("Demonstration", DEMONSTRATION))
        last = [None] if openings else []
        before = [None] * (width - 8 - len(last))
        names = [[*before, name, *[None] * 6, text, *last] for name, text in remarks]
        listing = replace(listing, rows=[*listing.rows, *names])
    if paper is not None:
        return report_workbook_file(paper, listing)
    return render_listing(listing, kind)


def fingerprint(report: Report[Any, Any], made: FiguresReport) -> str:
    """SHA-256 (hex) of the report's JSON, the bytes that its download holds."""
    return hashlib.sha256(as_json(report, made)).hexdigest()


def ready(
    services: Services,
    connection: Connection,
    question: ReportAsked,
    at: AsAt,
    actor: Actor,
) -> Any:
    """The report that is about to be published, of the day of `at`.

    Raises:
        FiguresBehind: a read model does not hold all that is known at `at`.
        Refused: it shows what was true on a day, which later events may yet say otherwise.
        Forbidden: one of its audits is sealed from whoever publishes it.
    """
    if at.true_on is not None:
        raise Refused(
            "Publish a report as recorded up to a day: what was so on a day can still be recorded "
            "differently.",
            field="true_on",
            code="publish-true-on",
        )
    now, report = services.clock.now(), report_called(question.report)
    require_current(services.registry, connection, now, position=at.shown, models=report.models)
    frozen = report.frozen_at(as_at(services.store, connection, position=at.shown), at.day)
    return whole(Sight(connection, frozen, actor), question)


def frozen_at(services: Services, connection: Connection, row: PublishedRow) -> AsAt:
    """The moment that a published report is frozen at."""
    return _shown(services, connection, row, row.position)


def _shown(services: Services, connection: Connection, row: PublishedRow, position: int) -> AsAt:
    at = as_at(services.store, connection, position=position)
    return of_kind(row).frozen_at(at, date.fromisoformat(row.as_at))


@dataclass(frozen=True, slots=True)
class ReportRestatement:
    """What later events made of a published report: figures as published against figures `upto`.

    `untold` are the figures that differ from what readers were last told.
    """

    upto: int
    figures: Sequence[FigureMoved]
    untold: Sequence[FigureMoved]


def restated(
    services: Services,
    connection: Connection,
    actor: Actor,
    row: PublishedRow,
    upto: AsAt,
    *,
    causes: bool = True,
    memory: dict[object, Any] | None = None,
) -> ReportRestatement:
    """The figures of a published report that are others as known at `upto`. The `causes` of each,
    which take longer to find, are left out where only their number is shown. `memory` is that of
    many reports that are looked at together."""
    if upto.true_on is None:
        # Nothing is made that no record of it can have moved: read from its own rows.
        now = Sight(present(connection), upto, actor, memory=memory)
        ends = sorted((row.position, upto.shown))
        if ends[0] == ends[1] or not of_kind(row).may_differ(now, row.question, *ends):
            return ReportRestatement(upto.shown, (), ())
    move = partial(_moved, services, connection, actor, row, causes=causes, memory=memory)
    all_moved = move(frozen_at(services, connection, row), upto)
    if row.told_at == row.position or not all_moved:
        return ReportRestatement(upto.shown, all_moved, all_moved)
    untold = move(_shown(services, connection, row, row.told_at), upto)
    return ReportRestatement(upto.shown, all_moved, untold)


def _moved(
    services: Services,
    connection: Connection,
    actor: Actor,
    row: PublishedRow,
    before: AsAt,
    after: AsAt,
    *,
    causes: bool,
    memory: dict[object, Any] | None,
) -> Sequence[FigureMoved]:
    report, kept = of_kind(row), row.question
    # That a day has passed moves no figure: what was due on the day of the report is asked again.
    after = report.frozen_at(after, date.fromisoformat(row.as_at))
    query = report.query_of(kept)
    with sides(services, connection, actor, before, after) as two:
        if not two_moments.any_touched(two):
            return ()

        then = Sight(two.then, before, actor, memory=memory)
        now = Sight(two.now, after, actor, memory=memory)

        def places(sight: Sight) -> Places:
            behind = report.behind_each(sight, query)
            return lambda one: behind(FigureOf(query, one.figure.name, one.group))

        found = moved(
            report.name,
            by_group(report.compared(then, kept)),
            now.once((kept, after), lambda: by_group(report.compared(now, kept))),
            now.once((report.name, "words", after.shown), lambda: report.namer(now)),
        )
        return with_records(found, places(then), places(now)) if found and causes else found


def note_of(title: str, found: ReportRestatement) -> str:
    """A draft of the note to readers: each figure that is another, and the records behind it."""
    if not found.untold:
        return ""
    count = len(found.untold)
    figures = "1 figure of it is" if count == 1 else f"{count} figures of it are"
    lines = [f"“{title}”: {figures} no longer as published."]
    for one in found.untold:
        was, is_ = one.figure.old or "not there", one.figure.new or "not there"
        kind = report_called(one.report).counts
        because = (
            f", because of {kind}{'s' if len(one.audits) > 1 else ''} {', '.join(one.audits)}"
            if one.audits
            else ""
        )
        lines.append(f"- {one.figure.label} ({one.row}): was {was}, is now {is_}{because}.")
    lines.append(f"As recorded up to entry {found.upto} of the log.")
    return "\n".join(lines)
