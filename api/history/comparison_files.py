"""A comparison of two moments as a file: a list for programs and spreadsheets, a document for a
board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from api.documents.document import Block, Document, DocumentTable, Heading, Paragraph
from api.documents.listing import Cell, Column, Listing
from api.history.comparison import (
    AUDITS,
    HOW,
    SHOWN,
    UNNARROWED,
    Comparison,
    ComparisonFilter,
    compare,
)
from api.history.two_moments import RecordMoved
from api.lists.files import MOST_ROWS
from api.records.compared_kinds import compared_kinds
from api.reports.declaration import report_called
from api.reports.documents import MOST_LINES, report_in
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
    """All that moved, as the bytes of a csv, xlsx, json, docx or pdf file.

    Raises:
        Refused: more than a file should hold, or what it is narrowed to is not there.
    """
    found = compare(services, connection, actor, before, after, wanted)
    said = filters(found, wanted)
    letterhead = services.letterhead_at(connection, after.position)
    taken = after.taken_out(actor.display_name, services.clock.now(), letterhead)
    if not before.is_fixed:
        taken = {**taken, "by": actor.display_name, "at": services.clock.now()}
    listing = _listing(found, said, title, taken)
    return report_in(kind, listing, lambda: document(found, said, title, taken))


def filters(found: Comparison, wanted: ComparisonFilter) -> list[tuple[str, str]]:
    """The two moments and what is compared, in words."""
    kinds = [compared_kinds()[one].label for one in wanted.kinds]
    reports = [report_called(one).title for one in wanted.reports]
    days = f"{in_words(found.days.start)} to {in_words(found.days.end)}"
    told = [
        ("From", moment_said(found.before)),
        ("To", moment_said(found.after)),
        ("Figures over", "" if wanted.show == "records" else days),
        ("Kinds of record", ", ".join(kinds)),
        ("Reports", ", ".join(reports)),
        ("Team", wanted.team),
        ("Only", SHOWN.get(wanted.show, "")),
    ]
    return [(name, value) for name, value in told if value]


def moment_said(at: AsAt) -> str:
    so = "" if at.true_on is None else f"as it was on {in_words(at.true_on)}, "
    return f"{so}recorded up to entry {at.shown} of the log ({in_words(at.day)})"


def _listing(
    found: Comparison, said: Sequence[tuple[str, str]], title: str, taken: TakenOut
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
        told = f"{event['position']}: {event['title']}"
        rows.append(["other", str(event["record"]), None, None, None, None, told, None])
    if len(rows) > MOST_ROWS:
        raise Refused(
            f"{len(rows):,} things moved. Choose dates nearer to one another.",
            code="list-too-long",
        )
    return Listing(
        title=title,
        columns=COLUMNS,
        rows=rows,
        filters=said,
        position=found.after.shown,
        **taken,
    )


def _because(one: RecordMoved) -> str:
    return "; ".join(f"{event['position']}: {event['title']}" for event in one.events)


def document(
    found: Comparison, said: Sequence[tuple[str, str]], title: str, taken: TakenOut
) -> Document:
    """What moved, for a board: how much, then each kind of record, then the figures by report."""
    blocks: list[Block] = [*_summary(found)]
    moved = (*found.audits, *found.records)
    for kind in found.kinds:
        own = [one for one in moved if one.kind == kind.kind]
        blocks.append(Heading(kind.label))
        blocks += _table(
            kind.label,
            ["Record", "What", "Was", "Is", "Because of"],
            [line for one in own for line in _lines(one)],
        )
    if found.figures:
        blocks.append(Heading("Figures"))
    for report in dict.fromkeys(one.of for one in found.figures):
        own_figures = [one for one in found.figures if one.of == report]
        blocks.append(Heading(report, 3))
        blocks += _table(
            report,
            ["Figure", "Row", "Was", "Is", "Because of"],
            [
                [
                    one.figure.label,
                    one.row,
                    one.figure.old or "Not counted",
                    one.figure.new or "Not counted",
                    ", ".join(one.audits) or "All that are compared",
                ]
                for one in own_figures
            ],
        )
    if found.others:
        blocks.append(Heading("Other records"))
        blocks += _table(
            "Other records",
            ["What happened", "By", "On"],
            [[e["title"], e["by_name"], in_words(e["recorded_at"].date())] for e in found.others],
        )
    if found.nothing:
        blocks = [Paragraph("Nothing moved: no record and no figure differs between the two.")]
    return Document(title=title, asked=said, position=found.after.shown, blocks=blocks, **taken)


def _summary(found: Comparison) -> list[Block]:
    rows = [
        [kind.label, str(kind.added), str(kind.changed), str(kind.gone)] for kind in found.kinds
    ]
    table = DocumentTable("How much moved", ["Records", "Added", "Changed", "Gone"], rows)
    figures = f"Figures of reports that are not what they were: {found.figures_moved}."
    return [Heading("How much moved"), *([table] if rows else []), Paragraph(figures)]


def _lines(one: RecordMoved) -> list[list[str]]:
    """The fields of a record; of one that was added or is gone what it was alone."""
    because = "\n".join(f"{e['title']}, by {e['by_name']}" for e in one.events)
    name = one.name if one.how == "changed" else f"{one.name} ({HOW[one.how].lower()})"
    return [
        [name if at == 0 else "", f.label, f.old or "", f.new or "", because if at == 0 else ""]
        for at, f in enumerate(one.fields)
    ]


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Block]:
    table = DocumentTable(title, columns, rows[:MOST_LINES])
    if len(rows) <= MOST_LINES:
        return [table]
    left = f"The first {MOST_LINES} of {len(rows)} lines stand here. The CSV file holds every one."
    return [Paragraph(left), table]
