"""A list on its way out: what every format is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from qa.core.clock import LONDON
from qa.core.dates_in_words import day, moment

LAYOUT = 3
"""The words and the look of files. What was published is written by the layout of its day."""

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


REQUIRED_STYLES = (
    "Normal", "Heading 1", "Heading 2", "Heading 3", "Subtitle", "Caption", "List Bullet",
    "Header", "Footer",
)  # fmt: skip
"""The styles of paragraphs that Word files are written in, beside that of tables, which is added
to those of a council."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose file it is, and whether what it tells is invented. Word is written in `styles`, the
    council's template of the number `template`; without one, in ours."""

    council: str = ""
    demonstration: bool = False
    template: int = 0
    styles: bytes = field(default=b"", repr=False)


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
    layout: int = LAYOUT
    letterhead: Letterhead = field(default_factory=Letterhead)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell a column")

    def about(self) -> list[tuple[str, str]]:
        """The header events, named, for the Read me sheet."""
        return [
            *([] if self.layout == 1 else self._whose()),
            ("List", self.title),
            ("Rows", str(len(self.rows))),
            *[(f"Filter: {name}", value) for name, value in self.filters or [("none", "all rows")]],
            *(self._moment_first() if self.layout == 1 else self._moment()),
            *[("Note", note) for note in self.notes],
        ]

    def _whose(self) -> list[tuple[str, str]]:
        head = self.letterhead
        return [
            *([("Demonstration", DEMONSTRATION)] if head.demonstration else []),
            *([("Council", head.council)] if head.council else []),
        ]

    def _moment(self) -> list[tuple[str, str]]:
        return [
            ("Recorded up to", moment(self.as_at)),
            *([] if self.true_on is None else [("As it was on", day(self.true_on))]),
            ("Last entry of the log", f"{self.position:,}"),
            *([] if self.by is None else [("Downloaded by", self.by)]),
            *([] if self.at is None else [("Downloaded", moment(self.at))]),
        ]

    def _moment_first(self) -> list[tuple[str, str]]:
        """As `_moment`, in the words of the first layout."""
        return [
            ("As at", london(self.as_at)),
            *([] if self.true_on is None else [("As true on", self.true_on.isoformat())]),
            ("Position in the log", str(self.position)),
            *([] if self.by is None else [("Taken out by", self.by)]),
            *([] if self.at is None else [("Taken out at", london(self.at))]),
        ]


@lru_cache(4096)
def london(at: datetime) -> str:
    """An instant as London's clocks showed it: ``2026-10-12 12:03:00``."""
    return at.astimezone(LONDON).replace(tzinfo=None).isoformat(" ", "seconds")
