"""A comparison of two moments as a document for a board: how much moved in sentences, the figures
that stand for each report, and of each kind of record the changes that weigh most. What is left to
the workbook is said with its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from api.documents.document import Block, Bullets, Document, DocumentTable, Heading, Paragraph
from api.history.comparison import HOW, Comparison, KindMoved
from api.history.comparison_order import (
    MOST_FIGURES,
    MOST_RECORDS,
    board_kinds,
    figure_weight,
    first_figures,
    first_records,
    weighty,
)
from api.history.two_moments import CHANGED, RecordMoved
from api.reports.moved import FigureMoved
from api.web.moments import TakenOut

FIELDS = 3
"""So many fields of a record are told."""
BECAUSE = 2
"""So many entries that moved a record are named."""
HEADLINES = 6
NO_ONE_RECORD = "No one record alone"
"""What moved a figure that is not counted record by record."""


def document(
    found: Comparison,
    kinds: Sequence[str],
    filters: Sequence[tuple[str, str]],
    title: str,
    taken: TakenOut,
) -> Document:
    """What moved, for a board. `kinds` are those that were chosen: without any, those that a board
    reads are told one by one, and of the others how many moved."""
    blocks = [*_blocks(found, kinds)]
    if found.nothing:
        blocks = [Paragraph("Nothing moved: no record and no figure differs between the two.")]
    return Document(title=title, asked=filters, position=found.after.shown, blocks=blocks, **taken)


def _blocks(found: Comparison, kinds: Sequence[str]) -> Iterator[Block]:
    yield Heading("In short")
    yield Bullets([*_headlines(found)])
    yield Heading("How much moved")
    if found.kinds:
        rows = [
            [kind.label, *(f"{number:,}" for number in (kind.added, kind.changed, kind.gone))]
            for kind in found.kinds
        ]
        yield DocumentTable(
            "Records that moved, by kind", ["Records", "Added", "Changed", "Gone"], rows
        )
    yield Paragraph(f"Figures of reports that are not what they were: {found.figures_moved:,}.")
    if found.figures_moved:
        yield Heading("Figures")
        yield from _figures(found)
    full_kinds = board_kinds(kinds)
    for kind in found.kinds:
        if kind.kind in full_kinds:
            yield Heading(kind.label)
            yield from _records(kind, (*found.audits, *found.records))
    rest = [kind for kind in found.kinds if kind.kind not in full_kinds]
    if rest or found.others_total:
        yield Heading("Not told one by one")
        lines = [f"{kind.label}: {_moved(kind)}." for kind in rest]
        if found.others_total:
            lines.append(f"Other entries of the log: {found.others_total:,}.")
        yield Bullets([*lines, "The Excel and CSV files hold every one."])


def _headlines(found: Comparison) -> Iterator[str]:
    """How much moved, and of the reports the figure that stands for each."""
    moved = sum(kind.total for kind in found.kinds)
    records = "1 record" if moved == 1 else f"{moved:,} records"
    figures = "1 figure" if found.figures_moved == 1 else f"{found.figures_moved:,} figures"
    yield f"{records} and {figures} of reports are not what they were."
    for kind in sorted(found.kinds, key=lambda one: -one.total)[:HEADLINES]:
        yield f"{kind.label}: {_moved(kind)}."
    both = [one for one in first_figures(found.figures) if one.figure.old and one.figure.new]
    each = [min(own, key=figure_weight) for _, own in groupby(both, attrgetter("of"))]
    for one in each[:HEADLINES]:
        of = f"{one.of}, {one.row}" if one.row else one.of
        yield f"{of}: {one.figure.label} was {one.figure.old} and is {one.figure.new}."


def _moved(kind: KindMoved) -> str:
    ways = (("added", kind.added), ("changed", kind.changed), ("gone", kind.gone))
    return ", ".join(f"{number:,} {how}" for how, number in ways if number)


def _figures(found: Comparison) -> Iterator[Block]:
    shown = first_figures(found.figures)
    for report, own in groupby(shown, attrgetter("of")):
        yield Heading(report, 3)
        yield DocumentTable("Figures that moved", _FIGURES, [_figure(one) for one in own])
    left = found.figures_moved - len(shown)
    if left:
        yield Paragraph(
            f"At most {MOST_FIGURES} figures of a report stand here. {left:,} more moved: the "
            "Excel and CSV files hold every one."
        )


_FIGURES = ("Figure", "Row", "Was", "Is", "Because of")


def _figure(one: FigureMoved) -> list[str]:
    because = ", ".join(one.audits[:BECAUSE]) or NO_ONE_RECORD
    more = len(one.audits) - BECAUSE
    return [
        one.figure.label,
        one.row,
        one.figure.old or "Not counted",
        one.figure.new or "Not counted",
        f"{because} and {more:,} more" if more > 0 else because,
    ]


def _records(kind: KindMoved, moved: Sequence[RecordMoved]) -> Iterator[Block]:
    shown = first_records(moved, {kind.kind})
    rows = [_record(one) for one in shown]
    yield DocumentTable("Records that moved", ["Record", "What moved", "Because of"], rows)
    left = kind.total - len(shown)
    if left:
        yield Paragraph(
            f"At most {MOST_RECORDS} stand here, first what weighs most. {left:,} more moved: the "
            "Excel and CSV files hold every one."
        )


def _record(one: RecordMoved) -> list[str]:
    fields = weighty(one)[:FIELDS]
    lines = [
        f"{field.label}: {field.old} → {field.new or 'none'}"
        if field.old
        else f"{field.label}: {field.new}"
        for field in fields
    ]
    entries = [f"{event['title']}, by {event['by_name']}" for event in one.events[-BECAUSE:]]
    return [
        one.name if one.how == CHANGED else f"{one.name} ({HOW[one.how].lower()})",
        "\n".join([*lines, *_more(len(one.fields) - len(fields), "field")]),
        "\n".join([*entries, *_more(len(one.events) - BECAUSE, "entry", "entries")]),
    ]


def _more(number: int, one: str, several: str = "") -> list[str]:
    if number < 1:
        return []
    return [f"and {number:,} more {one if number == 1 else several or one + 's'}"]
