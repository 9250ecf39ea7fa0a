"""What was published is written by the layout of its day: its bytes are held here.

A test that fails here means that a file given out would no longer be made again as it was. Raise
`LAYOUT`, keep the layout before under its number, and add the bytes of the new one.
"""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from api.apart.kept import kept_processes, made_apart
from api.charts.charts import ChartRate
from api.charts.drawing import draw_nothing
from api.charts.trend import Trend, trend
from api.documents.document import (
    Bullets,
    Coloured,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Reworded,
    day_text,
    laid_out,
)
from api.documents.listing import LAYOUT, Column, Letterhead, Listing
from api.documents.making import list_workbook, report_workbook_file
from api.reports.documents import first_words, picture, render_report

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
HELD = {
    (1, "docx"): "7a629ef1373be830a141eee02401a90d46c015e57977486f60ab5d4a5445b8f4",
    (1, "pdf"): "812567b133f06c51a85ef3710377b840981730293ea4aec2c69936cd85fb94f3",
    (2, "docx"): "72c14af2b6131e401753a4c6b96ba65d9a86867be5b5b425e327422cf57ed586",
    (2, "pdf"): "a5914e666655a668c46ace2cb2b8949daaa0a775e88f3696527925f5bcdecca7",
    (2, "xlsx"): "c7b6bc7d5bc429fa108b4564634dd839918ae4dc5055194d302362d668147f8d",
    (3, "docx"): "72c14af2b6131e401753a4c6b96ba65d9a86867be5b5b425e327422cf57ed586",
    (3, "pdf"): "a5914e666655a668c46ace2cb2b8949daaa0a775e88f3696527925f5bcdecca7",
    (3, "xlsx"): "c7b6bc7d5bc429fa108b4564634dd839918ae4dc5055194d302362d668147f8d",
    (1, "xlsx"): "4cc4a82167297d6b1545de6149f55e58e1c5344831224d7b6a6e6c5b71d34c2a",
}


def written(kind: str, rendering: int) -> bytes:
    columns = (Column("figure", "Figure"), Column("value", "Value"), Column("from", "From"))
    head = Letterhead("Example Council", demonstration=True)
    listing = Listing("A report", columns[:2], [("moderated", 3)], [("By", "Q")], 40, AT)
    chart = trend(Trend("Agreement", "Same grade", [ChartRate("Q1", 2, 3, None, None, None)]))
    blocks = [
        Heading("In three sentences"), Bullets(["One.", "Two."]), Heading("Commentary", 3),
        Paragraph("It held."), DocumentTable("Figures", ("Row", "Value"), [("Q1", "67%")]),
        picture(chart),
    ]  # fmt: skip
    paper = Document("A report", [("By", "Q")], 40, AT, blocks)
    if rendering == 1 and kind == "xlsx":
        return list_workbook(replace(listing, layout=1))
    if rendering > 1:
        row = ("Q2", Coloured("Amber", "yellow"), "2026-03-31")
        more = DocumentTable("Ratings", ("Row", "Rating", "On"), [row])
        paper = replace(paper, letterhead=head, blocks=[*blocks, more])
        rows = [("moderated", 3, "2026-03-31")]
        listing = replace(listing, letterhead=head, columns=columns, rows=rows)
    if kind == "xlsx":
        return report_workbook_file(paper, listing)
    return render_report(paper, kind, rendering=rendering)


def held(kind: str, rendering: int) -> str:
    """SHA-256 of a file; of a zip file that of its parts, which one compressor packs as another
    does not."""
    data = written(kind, rendering)
    if kind != "pdf":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            data = b"".join(name.encode() + file.read(name) for name in file.namelist())
    return sha256(data).hexdigest()


@pytest.mark.parametrize(("rendering", "kind"), HELD)
def test_each_layout_of_published_files_keeps_its_bytes(rendering: int, kind: str) -> None:
    assert held(kind, rendering) == HELD[rendering, kind]
    assert max(HELD)[0] == LAYOUT


def test_a_layout_that_there_never_was_writes_nothing() -> None:
    with pytest.raises(ValueError, match="layout 0"):
        render_report(Document("A report", [], 40, AT, []), "pdf", rendering=0)


def test_the_first_layout_keeps_its_days_as_they_were() -> None:
    on = day_text(date(2026, 3, 31))
    assert on == "31 March 2026"
    assert first_words([("On", on), ("Broken down by", "Team")]) == [
        ("On", "2026-03-31"),
        ("Cut by", "Team"),
    ]
    old, new = (DocumentTable("Held", ("On",), [(day,)]) for day in ("2026-03-31", on))
    papers = [Document("A report", [], 40, AT, [one]) for one in (old, new)]
    assert len({render_report(one, "pdf", rendering=1) for one in papers}) == 1
    assert len({render_report(one, "pdf") for one in papers}) == 2


def test_a_table_and_its_words_belong_to_their_layouts() -> None:
    few = Reworded("n = 3", "146 of 3", 2)
    old = DocumentTable("All", ("Row", "Days"), [("Q1", few)], layouts=(1, 2))
    new = DocumentTable("Days", ("Row", "Days"), [("Q1", few)], layouts=(3, LAYOUT))
    shown = {at: laid_out([old, new], at) for at in (1, 2, 3)}
    tables = {at: [(one.title, *one.rows[0]) for one in shown[at]] for at in shown}
    assert tables[1] == tables[2] == [("All", "Q1", "146 of 3")]
    assert tables[3] == [("Days", "Q1", "n = 3")]


def test_a_process_apart_writes_the_same_bytes() -> None:
    with kept_processes(draw_nothing):
        assert {at: held(kind, rendering) for at in HELD for rendering, kind in [at]} == HELD
        assert made_apart(loaded) >= {"docx", "typst", "vl_convert", "xlsxwriter"}


def loaded() -> set[str]:
    return {*sys.modules}
