"""Rows of texts and numbers alone go to PostgreSQL many at a time; both databases then hold the
same."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, Text, select

from projections.core.base import OPEN, versioned_table
from projections.core.fold import TableFold
from projections.core.rows import TableRows, fetch, write
from qa.store.engine import Engines

box = versioned_table(
    "toy_box",
    Column("shelf", Text),
    Column("box", Integer),
    Column("note", Text),
    key=("shelf", "box"),
)


@pytest.mark.parametrize("boxes", [1, 3])
def test_rows_that_open_end_and_change_together(store_url: str, boxes: int) -> None:
    engines = Engines(store_url)
    rows = TableRows(box, engines.writer.dialect)
    with engines.writing() as connection:
        box.create(connection)
        for position, shelf in ((1, "top"), (2, "low"), (7, "top")):
            fold = TableFold(
                box, lambda asked: fetch(connection, [(rows, key) for _, key in asked]), position
            )
            for number in range(boxes):
                note = None if number == 1 else f'“{position}” \\ "\n{2**40 + number}'
                fold.put(position, {"shelf": shelf, "box": number, "note": note})
            if position == 7:
                fold.close(7, ("low",))
            write(connection, list(rows.writes(fold)))
        found = connection.execute(select(box).order_by(*box.c)).all()
    engines.dispose()

    def note(position: int, number: int) -> str | None:
        return None if number == 1 else f'“{position}” \\ "\n{2**40 + number}'

    expected = [
        (shelf, number, note(since, number), since, until)
        for shelf, since, until in (("low", 2, 7), ("top", 1, 7), ("top", 7, OPEN))
        for number in range(boxes)
    ]
    assert sorted(map(tuple, found), key=lambda row: (row[0], row[3], row[1])) == expected
