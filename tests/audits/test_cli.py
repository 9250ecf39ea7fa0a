"""The list of audits taken out at the command line."""

from __future__ import annotations

import csv
from pathlib import Path

from openpyxl import load_workbook

from tests.support.command_line import Run


def test_the_list_goes_out_as_csv_and_workbook(case: Run, tmp_path: Path) -> None:
    assert case("export", "audits", "audits.csv").code == 0
    with (tmp_path / "audits.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 590
    assert {row["Overall grade"] for row in rows} == {
        "Outstanding",
        "Good",
        "Requires improvement",
        "Inadequate",
    }
    assert case("export", "audits", "audits.xlsx").code == 0
    book = load_workbook(tmp_path / "audits.xlsx")
    assert book.worksheets[0].max_row >= 590 or book.worksheets[1].max_row >= 590
    assert case("export", "audits", "audits.pdf").code == 3
