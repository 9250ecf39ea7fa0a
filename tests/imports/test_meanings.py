"""Where a record stands, by the words of a column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from api.imports.answers import LEAVE_OUT, ImportAnswers
from api.imports.columns.settling import settle
from api.imports.files.tables import Cell, SheetRow, SheetRows
from api.imports.importers import importers
from api.imports.mapping import IGNORE, Field, map_columns
from tests.imports.support import column

BLANK = None
NONE = ImportAnswers()


def test_a_status_that_is_not_plainly_complete_has_to_be_answered() -> None:
    cells = ["Complete", "Cancelled", "Draft - not yet signed off", "Green", BLANK]
    settled = column("status", *cells)
    assert [(q.written, q.rows, q.needed, q.options[0].value) for q in settled.questions] == [
        ("Cancelled", (3,), True, LEAVE_OUT),
        ("Draft - not yet signed off", (4,), True, LEAVE_OUT),
        ("Green", (5,), True, "complete"),
        ("", (6,), True, "complete"),
    ]
    said = {"X": {"Cancelled": LEAVE_OUT, "draft -  not yet signed off": LEAVE_OUT,
                  "Green": "complete", "": "complete"}}  # fmt: skip
    told = column("status", *cells, values=said)
    assert (told.questions, [row.number for row in told.sheet.rows]) == ((), [2, 5, 6])


@pytest.mark.parametrize(
    ("heading", "cells", "asked_of"),
    [
        ("State", ["Signed-off", "Draft", "CANCELLED"], True),
        ("Audit stage", ["Complete", "Withdrawn", BLANK], True),
        ("Audit stage", ["Closed", "Abandoned", "With moderator"], True),
        ("Legal status", ["Full order", "Open", "Returned home"], False),
        ("Cancelled?", ["No", "Yes", BLANK], True),
        ("State", ["Complete", "Closed", "Final"], False),
        ("Follow-up", ["In progress", "Complete", BLANK], False),
        ("Remarks", ["The draft plan was seen", "Voids the earlier plan", "Seen"], False),
        ("Cancelled?", [BLANK, BLANK], False),
        ("Signed off", ["Yes", "No"], True),
        ("Complete", ["Y", BLANK], True),
        ("Published", [True, True], False),
        ("Final grade", ["Good", "Good"], False),
        ("Progress", ["Done", "Not done"], True),
        ("Record type", ["Audit", "Draft audit"], True),
    ],
)
def test_a_column_that_may_be_the_status_is_asked_about(
    heading: str, cells: list[Cell], asked_of: bool
) -> None:
    rows = tuple(SheetRow(n, n, ("A", cell)) for n, cell in enumerate(cells, 2))
    sheet = SheetRows("file", "0", ("Ref", heading), rows)
    fields = (Field("reference", "Ref"), Field("status", "Status", kind="status"))
    settled = settle(sheet, map_columns(sheet, fields), fields, NONE)
    assert [(q.about, q.heading, q.needed) for q in settled.questions] == (
        [("columns", heading, True)] if asked_of else []
    )


def test_a_column_beside_the_status_that_ends_some_rows_has_to_be_answered_too() -> None:
    rows = (SheetRow(2, 2, ("Complete", "No")), SheetRow(3, 3, ("Complete", "Yes")))
    sheet = SheetRows("file", "0", ("Status", "Withdrawn?"), rows)
    fields = (Field("status", "Status", kind="status"),)
    asks = settle(sheet, map_columns(sheet, fields), fields, NONE).questions
    assert [(q.written, q.options[0].value, q.needed) for q in asks] == [
        ("No", "complete", True),
        ("Yes", LEAVE_OUT, True),
    ]
    said = ImportAnswers(values={"Withdrawn?": {"No": "complete", "Yes": LEAVE_OUT}})
    told = settle(sheet, map_columns(sheet, fields), fields, said)
    assert (told.questions, [row.number for row in told.sheet.rows]) == ((), [2])


@pytest.mark.parametrize(
    ("heading", "cells", "asked_of"),
    [
        ("Draft shared on", [date(2026, 1, day) for day in range(1, 29)], []),
        ("Child's views included", ["Yes", "No"], []),
        ("Is the audit complete?", ["Yes", "No"], ["Yes", "No"]),
        ("Audit signed off", ["Yes", BLANK], ["Yes", ""]),
        ("Signed off", ["Yes", "Yes"], []),
        ("Cancelled?", [BLANK, "Moved away"], ["Moved away", ""]),
    ],
)
def test_of_columns_beside_the_status_those_about_other_things_are_not_asked_about(
    heading: str, cells: list[Cell], asked_of: list[str]
) -> None:
    rows = tuple(SheetRow(n, n, ("Complete", cell)) for n, cell in enumerate(cells, 2))
    sheet = SheetRows("file", "0", ("Status", heading), rows)
    fields = (Field("status", "Status", kind="status"),)
    settled = settle(sheet, map_columns(sheet, fields), fields, NONE)
    assert [(q.heading, q.written) for q in settled.questions] == [(heading, w) for w in asked_of]


@pytest.mark.parametrize(
    ("kind", "counts", "other"),
    [
        ("people", "In post", "Left"),
        ("teams", "Active", "Closed"),
        ("concerns", "Closed", "Raised in error"),
        ("open-cases", "Open", "Closed"),
        ("indicators", "Live", "Retired"),
        ("observations", "Final", "Draft"),
        ("measures", "On track", "Withdrawn"),
        ("measure-reports", "Achieved", "Not published"),
    ],
)
def test_a_status_of_any_kind_has_to_be_answered_but_for_words_by_which_a_record_counts(
    kind: str, counts: str, other: str
) -> None:
    (status,) = (field for field in importers()[kind].named if field.kind == "status")
    (question,) = column("status", counts, other, field=replace(status, name="x")).questions
    assert (question.written, question.rows, question.needed) == (other, (3,), True)
    assert question.sentence.endswith("Should they be imported?")


def test_of_several_columns_of_one_name_it_is_asked_which_is_read() -> None:
    rows = (SheetRow(2, 2, ("1.1", "Green", "Red")),)
    fields = (Field("reference", "Ref"), Field("level", "RAG"))
    for heading, asks in (("RAG Oct 2026", 2), ("Notes", 0)):
        sheet = SheetRows("file", "0", ("Ref", "RAG Sep 2026", heading), rows)
        found = settle(sheet, map_columns(sheet, fields), fields, NONE).questions
        assert [(q.about, q.needed) for q in found] == [("columns", True)] * asks
        assert all([o.value for o in q.options] == ["level", IGNORE] for q in found)
