"""What a row of a file says otherwise than what is on record, cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from qa.core.errors import Fault, Refused
from qa.core.event_words import vocabulary
from qa.core.frozen import Frozen

DIFFERS = "already-imported-otherwise"


class ChangedCell(NamedTuple):
    """A field of a record, as it is on record and as a file states it."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowDiffers(Fault):
    """The fault of a row that is on record with other values."""

    cells: tuple[ChangedCell, ...] = ()


def differs(row: int, column: str, value: str, cells: Iterable[ChangedCell] = ()) -> Fault:
    return RowDiffers(
        column,
        DIFFERS,
        f"{value} is on record with other values. Leave the row out, or record it as a correction.",
        row=row,
        column=column,
        value=value,
        cells=tuple(cells),
    )


def changed_cells(old: Mapping[str, object], new: Mapping[str, object]) -> list[ChangedCell]:
    """The fields whose values differ, as texts; None is a blank."""
    return [
        ChangedCell(name, as_text(old.get(name)), as_text(new.get(name)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "; ".join(map(as_text, value))
        case Frozen():
            return vocabulary().in_text.get(type(value), str)(value)
        case _:
            return str(value)


def speaks_of(columns: Collection[str] | None, name: str) -> bool:
    """Whether a file has a column for a field; without `columns` it has one for each."""
    return columns is None or name in columns


def meet(
    before: Mapping[str, object] | None,
    wanted: Mapping[str, object],
    *,
    row: int,
    column: str,
    value: str,
    columns: Collection[str] | None = None,
    corrects: bool = False,
) -> Literal["new", "there", "changed"]:
    """How a row stands to what is on record of the same thing.

    Raises:
        Refused: it is on record with other values, unless the row `corrects` them.
    """
    if before is None:
        return "new"
    cells = [c for c in changed_cells(before, wanted) if speaks_of(columns, c.field)]
    if not cells:
        return "there"
    if not corrects:
        raise Refused([differs(row, column, value, cells)])
    return "changed"
