"""A list of open cases as CSV: reference, code of the team, day of the last case supervision."""

from __future__ import annotations

import csv
import io
from datetime import date

from qa.core.errors import Fault, Refused
from qa.supervision.events import CaseRow

HEADINGS = ("case", "team", "supervised_on")


def read_open_cases(text: str) -> list[CaseRow]:
    """The rows of a list whose first line names its columns: case, team and supervised_on.

    A case that was never supervised has nothing in the last column. Excel's byte-order mark is
    passed by.

    Raises:
        Refused: other headings, or dates that are none; every fault with the number of its row.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    rows = [row for row in reader if any(cell.strip() for cell in row)]
    headings = tuple(cell.strip().casefold() for cell in rows[0]) if rows else ()
    if headings != HEADINGS:
        raise Refused(
            "The first line names the columns: case,team,supervised_on.",
            field="cases",
            code="headings-unknown",
        )
    found: list[CaseRow] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], start=1):
        cells = [cell.strip() for cell in row] + [""] * (len(HEADINGS) - len(row))
        try:
            on = date.fromisoformat(cells[2]) if cells[2] else None
        except ValueError:
            sentence = f"Row {number}: “{cells[2]}” is not a date. Write it like 2026-03-31."
            faults.append(Fault("cases", "date-impossible", sentence))
            continue
        found.append(CaseRow(case=cells[0], team=cells[1], supervised_on=on))
    if faults:
        raise Refused(faults)
    return found
