"""A comparison of two moments as a file: a list for programs and spreadsheets, a document for a
board."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from api.documents.listing import Cell, Column, Listing
from api.history.comparison import (
    AUDITS,
    EVERYTHING,
    FOR_A_BOARD,
    HOW,
    SHOWN,
    UNNARROWED,
    Comparison,
    ComparisonFilter,
    compare,
)
from api.history.comparison_document import document
from api.history.two_moments import RecordMoved
from api.lists.files import MOST_ROWS
from api.records.compared_kinds import compared_kinds
from api.reports.declaration import report_called
from api.reports.documents import render_report, report_in
from api.services import Services
from api.web.moments import AsAt, TakenOut
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Refused
from qa.core.words import Actor

TITLE = "What changed between two dates"
COLUMNS = (
    Column("what", "What"),
    Column("name", "Record or row"),
    Column("how", "How"),
    Column("label", "Field or figure"),
    Column("old", "Was"),
    Column("new", "Is"),
    Column("facts", "Records that changed it"),
    Column("team", "Team"),
)


def comparison_file(
    services: Services,
    connection: Connection,
    actor: Actor,
    before: AsAt,
    after: AsAt,
    kind: str,
    wanted: ComparisonFilter = UNNARROWED,
    title: str = TITLE,
) -> bytes:
    """What moved, as the bytes of a file: all of it in csv, xlsx or json, what a board reads in
    docx or pdf and on the first sheet of a workbook.

    Raises:
        Refused: more than a list should hold, or what it is narrowed to is not there.
    """
    on_paper = kind in ("docx", "pdf")
    part = FOR_A_BOARD if on_paper else EVERYTHING
    found = compare(services, connection, actor, before, after, wanted, part)
    filter_words = filters(found, wanted)
    letterhead = services.letterhead_at(connection, after.position)
    taken = after.taken_out(actor.display_name, services.clock.now(), letterhead)
    if not before.is_fixed:
        taken = {**taken, "by": actor.display_name, "at": services.clock.now()}
    if on_paper:
        return render_report(document(found, wanted.kinds, filter_words, title, taken), kind)
    listing = _listing(found, filter_words, title, taken)
    return report_in(
        kind, listing, lambda: document(found, wanted.kinds, filter_words, title, taken)
    )


def filters(found: Comparison, wanted: ComparisonFilter) -> list[tuple[str, str]]:
    """The two moments and what is compared, in words."""
    kinds = [compared_kinds()[one].label for one in wanted.kinds]
    reports = [report_called(one).title for one in wanted.reports]
    days = f"{in_words(found.days.start)} to {in_words(found.days.end)}"
    pairs = [
        ("From", moment_said(found.before)),
        ("To", moment_said(found.after)),
        ("Figures over", "" if wanted.show == "records" else days),
        ("Kinds of record", ", ".join(kinds)),
        ("Reports", ", ".join(reports)),
        ("Team", wanted.team),
        ("Only", SHOWN.get(wanted.show, "")),
    ]
    return [(name, value) for name, value in pairs if value]


def moment_said(at: AsAt) -> str:
    so = "" if at.true_on is None else f"as it was on {in_words(at.true_on)}, "
    return f"{so}recorded up to entry {at.shown} of the log ({in_words(at.day)})"


def _listing(
    found: Comparison, filter_words: Sequence[tuple[str, str]], title: str, taken: TakenOut
) -> Listing:
    """A line for each field, each figure and each other event."""
    rows: list[list[Cell]] = []
    for one in (*found.audits, *found.records):
        kind, because = "audit" if one.kind == AUDITS else one.kind, _because(one)
        rows += [
            [kind, one.name, HOW[one.how], f.label, f.old, f.new, because, one.team]
            for f in one.fields
        ]
    for moved in found.figures:
        figure, which = moved.figure, ", ".join(moved.audits)
        name = f"{moved.of}: {moved.row}"
        rows.append(["figure", name, None, figure.label, figure.old, figure.new, which, None])
    for event in found.others:
        words = f"{event['position']}: {event['title']}"
        rows.append(["other", str(event["record"]), None, None, None, None, words, None])
    if len(rows) > MOST_ROWS:
        raise Refused(
            f"{len(rows):,} things moved. Choose dates nearer to one another.",
            code="list-too-long",
        )
    return Listing(
        title=title,
        columns=COLUMNS,
        rows=rows,
        filters=filter_words,
        position=found.after.shown,
        **taken,
    )


def _because(one: RecordMoved) -> str:
    return "; ".join(f"{event['position']}: {event['title']}" for event in one.events)
