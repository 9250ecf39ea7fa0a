"""A list on its way out: what every format is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from qa.core.clock import LONDON

Cell = str | int | float | Decimal | bool | date | datetime | None


class ColumnKind(StrEnum):
    """What a column holds. PERCENT is a proportion, 0 to 1."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the stable name machines rely on; `heading` is what people read."""

    key: str
    heading: str
    kind: ColumnKind = ColumnKind.TEXT


DEMONSTRATION = "Demonstration data, not real children"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose file it is, and whether what it tells is invented."""

    council: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with what a reader must know of it.

    `filters` are (name, value) as on the screen; `position` is the place in the log of events and
    `as_at` the instant it stands for; `true_on` the day of which it is true, where one was asked.
    `by` and `at` say who took the list out and when: of a list as now alone, so that the same list
    at the same position is the same bytes for ever. `notes` are rules that shaped it, such as the
    suppression of small numbers. Raises ValueError for a row that has not one cell a column.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    filters: Sequence[tuple[str, str]]
    position: int
    as_at: datetime
    by: str | None = None
    at: datetime | None = None
    true_on: date | None = None
    notes: Sequence[str] = ()
    letterhead: Letterhead = field(default_factory=Letterhead)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell a column")

    def about(self) -> list[tuple[str, str]]:
        """What the list is, for the Read me sheet."""
        head, day = self.letterhead, self.true_on
        return [
            *([("Demonstration", DEMONSTRATION)] if head.demonstration else []),
            *([("Council", head.council)] if head.council else []),
            ("List", self.title),
            ("Rows", str(len(self.rows))),
            *[(f"Filter: {name}", value) for name, value in self.filters or [("none", "all rows")]],
            ("As recorded by", moment_words(self.as_at)),
            *([] if day is None else [("As it was on", f"{day.day} {day:%B %Y}")]),
            ("Entry", f"{self.position:,}"),
            *([] if self.by is None else [("Downloaded by", self.by)]),
            *([] if self.at is None else [("Downloaded on", moment_words(self.at))]),
            *[("Note", note) for note in self.notes],
        ]

    def first_about(self) -> list[tuple[str, str]]:
        """The same as the first layout says it."""
        return [
            ("List", self.title),
            ("Rows", str(len(self.rows))),
            *[(f"Filter: {name}", value) for name, value in self.filters or [("none", "all rows")]],
            ("As at", london(self.as_at)),
            *([] if self.true_on is None else [("As true on", self.true_on.isoformat())]),
            ("Position in the log", str(self.position)),
            *([] if self.by is None else [("Taken out by", self.by)]),
            *([] if self.at is None else [("Taken out at", london(self.at))]),
            *[("Note", note) for note in self.notes],
        ]


def moment_words(at: datetime) -> str:
    """An instant as London's clocks showed it: ``12 October 2026 at 12:03``."""
    shown = at.astimezone(LONDON)
    return f"{shown.day} {shown:%B %Y at %H:%M}"


def london(at: datetime) -> str:
    """An instant as London's clocks showed it: ``2026-10-12 12:03:00``."""
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"
