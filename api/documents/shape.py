"""How a table is laid on paper: how wide its columns are, which hold numbers, how small its words.

Both formats ask this, so that the same table breaks alike in Word and in PDF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.documents.document import DocumentTable

TEXT_SIZE = 9.0
"""Points of the words of a table that has room."""
PIXELS_PER_MM = 3.8
"""How a chart is drawn so that its words are as large as those of the text."""
_SMALLEST = 6.0
_SIGN_MM = 1.65
"""Millimetres that a letter of that size takes, on average."""
_LONGEST_WORD, _LONGEST_LINE = 22, 44
_NUMBER = re.compile(r"[-+−–]?£?\d[\d,]*(\.\d+)?( ?%)?( (of|in) \d[\d,]*)?")
_NOT_A_WORD = re.compile(r"\D{0,24}")


@dataclass(frozen=True, slots=True)
class TableShape:
    """`widths` are parts of one, a column each; `numbers` says which columns stand to the right;
    `size` is that of the words in points."""

    widths: tuple[float, ...]
    numbers: tuple[bool, ...]
    size: float


def shape_of(table: DocumentTable, room: float) -> TableShape:
    """The shape of a table in `room` millimetres."""
    columns = [[name, *(row[at] for row in table.rows)] for at, name in enumerate(table.columns)]
    needs, wishes = [], []
    for cells in columns:
        word = max((len(word) for cell in cells for word in cell.split()), default=1)
        line = max((len(line) for cell in cells for line in cell.split("\n")), default=1)
        need = min(word, _LONGEST_WORD) + 3
        needs.append(need)
        wishes.append(max(need, min(line, _LONGEST_LINE) + 3))
    letters, size = room / _SIGN_MM, TEXT_SIZE
    if sum(wishes) <= letters:
        wide = [float(wish) for wish in wishes]
    elif sum(needs) <= letters:
        share = (letters - sum(needs)) / (sum(wishes) - sum(needs))
        wide = [n + share * (w - n) for n, w in zip(needs, wishes, strict=True)]
    else:
        wide = [float(need) for need in needs]
        size = max(_SMALLEST, round(TEXT_SIZE * letters / sum(needs), 1))
    numbers = [at >= table.keys and _of_numbers(cells[1:]) for at, cells in enumerate(columns)]
    return TableShape(tuple(one / sum(wide) for one in wide), tuple(numbers), size)


def _of_numbers(cells: list[str]) -> bool:
    """Whether a column holds numbers, and short words where there is none."""
    firsts = [cell.partition("\n")[0] for cell in cells]
    found = [bool(_NUMBER.fullmatch(one)) for one in firsts]
    others = (one for one, number in zip(firsts, found, strict=True) if not number)
    return any(found) and all(_NOT_A_WORD.fullmatch(one) for one in others)
