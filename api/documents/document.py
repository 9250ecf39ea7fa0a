"""A document on its way out: headings, paragraphs, tables and pictures, in no format yet.

A report says its document once; `api.documents.word` and `api.documents.pdf` write it. The same
document gives the same bytes for ever, because nothing in it depends on when or by whom it is
written, unless it shows the present.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from api.documents.listing import LAYOUT, Letterhead, london
from qa.core.dates_in_words import day, moment

WIDE = 6
"""A table of more columns turns the page on its side."""

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""What neither XML nor a font can hold: control characters, halves of pairs, noncharacters."""


def printable(text: str) -> str:
    """The text with U+FFFD for each character that no document can hold."""
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 is a section of the document (1 is its title), 3 a part of one."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words. `before` are those of the first layout, where they are others; layouts before `since`
    have none."""

    text: str
    before: str = ""
    since: int = 1


@dataclass(frozen=True, slots=True)
class Bullets:
    items: Sequence[str]


class Coloured(str):
    """The text of a cell that stands on a colour, by its name in `api.documents.colours`.
    The words say everything; the colour only helps."""

    colour: str

    def __new__(cls, text: str, colour: str) -> Coloured:
        made = super().__new__(cls, text)
        made.colour = colour
        return made

    def __reduce__(self) -> tuple[type[Coloured], tuple[str, str]]:
        return Coloured, (str(self), self.colour)


class Reworded(str):
    """A text that earlier layouts, those to `until`, have in other words, which are `before`."""

    before: str
    until: int

    def __new__(cls, text: str, before: str, until: int = 1) -> Reworded:
        made = super().__new__(cls, text)
        made.before, made.until = before, until
        return made

    def __reduce__(self) -> tuple[type[Reworded], tuple[str, str, int]]:
        return Reworded, (str(self), self.before, self.until)


def day_text(value: date) -> str:
    """A day in words; the first layout has it as ``2026-10-12``."""
    return Reworded(day(value), value.isoformat())


def first_text(text: str, layout: int = 1) -> str:
    """The text as the first layout has it, or another."""
    return text.before if isinstance(text, Reworded) and layout <= text.until else text


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table with one header row, repeated on every page it goes over.

    The first `keys` columns name the row and the rest hold its values. Only the layouts from the
    first to the second of `layouts` show it. Raises ValueError for a row that has not one cell a
    column.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    keys: int = 1
    layouts: tuple[int, int] = (1, LAYOUT)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell a column")


def laid_out(blocks: Sequence[Block], layout: int = LAYOUT) -> list[Block]:
    """The blocks that a layout shows, in its words."""
    found: list[Block] = []
    for one in blocks:
        if isinstance(one, Picture):
            found.append(replace(one, alt=first_text(one.alt, layout)))
        elif not isinstance(one, DocumentTable):
            found.append(one)
        elif one.layouts[0] <= layout <= one.layouts[1]:
            found.append(
                replace(one, rows=[[first_text(text, layout) for text in row] for row in one.rows])
            )
    return found


class Drawing(Protocol):
    """What is drawn when it is asked for: in its own size, or `across` so many pixels."""

    @property
    def svg(self) -> str: ...
    def across(self, width: int) -> str: ...
    def png(self, across: int | None = None) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: a PDF draws its `svg`, Word shows its `png`; `alt` says it in words. `before` is how
    the first layout draws it, where that is otherwise."""

    title: str
    alt: str
    chart: Drawing
    before: Callable[[], Picture] | None = None

    @property
    def svg(self) -> str:
        return str(self.chart.svg)

    def __reduce__(self) -> tuple[type[Picture], tuple[str, str, Drawing]]:
        """What goes to another process leaves behind how it was drawn `before`."""
        return Picture, (self.title, self.alt, self.chart)


Block = Heading | Paragraph | Bullets | DocumentTable | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `asked` is (name, value) as on the screen; `position` is the place in the
    log of events that it was made at, `as_at` the instant that stands for. `by` and `at` say who
    took it out and when: of the present alone."""

    title: str
    asked: Sequence[tuple[str, str]]
    position: int
    as_at: datetime
    blocks: Sequence[Block]
    true_on: date | None = None
    by: str | None = None
    at: datetime | None = None
    layout: int = LAYOUT
    letterhead: Letterhead = field(default_factory=Letterhead)

    def __post_init__(self) -> None:
        known = [one for one in self.blocks if getattr(one, "since", 1) <= self.layout]
        object.__setattr__(self, "blocks", known)

    @property
    def subtitle(self) -> str:
        """The moment that it shows: also the foot of every page."""
        if self.layout == 1:
            words = f"As known at position {self.position} of the log, {london(self.as_at)}"
            return words if self.true_on is None else f"{words}, as true on {self.true_on}"
        words = f"s recorded up to {moment(self.as_at)} (entry {self.position:,} of the log)"
        return (
            f"A{words}" if self.true_on is None else f"As it was on {day(self.true_on)}, a{words}"
        )

    @property
    def taken_out(self) -> str:
        """Who took it out when, or nothing."""
        if self.by is None or self.at is None:
            return ""
        if self.layout == 1:
            return f"Taken out by {self.by}, {london(self.at)}"
        return f"Downloaded by {self.by}, {moment(self.at)}"

    @property
    def foot(self) -> str:
        """The foot of every page of the second layout: the moment, and who took it when."""
        return " ".join(f"{one}." for one in (self.subtitle, self.taken_out) if one)

    @property
    def wide(self) -> bool:
        return any(isinstance(b, DocumentTable) and len(b.columns) > WIDE for b in self.blocks)

    def made_printable(self) -> Document:
        """The document with every text such that any format can hold it."""
        return replace(
            self,
            title=printable(self.title),
            asked=[(printable(name), printable(value)) for name, value in self.asked],
            by=None if self.by is None else printable(self.by),
            letterhead=replace(self.letterhead, council=printable(self.letterhead.council)),
            blocks=[_printable(block) for block in self.blocks],
        )


def _printable(block: Block) -> Block:
    match block:
        case Heading() | Paragraph():
            return replace(block, text=printable(block.text))
        case Bullets():
            return Bullets([printable(item) for item in block.items])
        case DocumentTable():
            return DocumentTable(
                printable(block.title),
                [printable(column) for column in block.columns],
                [[_printable_cell(cell) for cell in row] for row in block.rows],
                block.keys,
            )
        case Picture():
            return replace(block, title=printable(block.title), alt=printable(block.alt))


def _printable_cell(cell: str) -> str:
    text = printable(cell)
    if isinstance(cell, Reworded):
        return Reworded(text, printable(cell.before))
    return Coloured(text, cell.colour) if isinstance(cell, Coloured) else text
