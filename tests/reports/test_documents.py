"""What was published is written by the layout of its day: its bytes are held here.

A test that fails here means that a file given out would no longer be made again as it was. Raise
`RENDERING`, keep the layout before under its number, and add the bytes of the new one.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from api.charts.charts import ChartRate
from api.charts.trend import Trend, trend
from api.documents.document import Bullets, Document, DocumentTable, Heading, Paragraph
from api.documents.listing import Column, Listing
from api.documents.workbook import as_xlsx
from api.reports.documents import RENDERING, picture, render_report

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
HELD = {
    (1, "docx"): "87720714506c4a3f928e1feaadc131ca2accd2ce3ac973815abb430d88440e79",
    (1, "pdf"): "812567b133f06c51a85ef3710377b840981730293ea4aec2c69936cd85fb94f3",
    (1, "xlsx"): "4cc4a82167297d6b1545de6149f55e58e1c5344831224d7b6a6e6c5b71d34c2a",
    (2, "docx"): "2c092eef1606006404a9a2b8a61f8d13faf19a8038bc4a7896c191d0d0995d5b",
    (2, "pdf"): "a01030ea3d684365b9014110315cd8a0e54e9ff78248ab2c51273a57080890dd",
    (2, "xlsx"): "bec94a9d77a270b52f55fb6f64f1648d08dc8f558da983f98605f03be17be56b",
    (3, "docx"): "b806f22fb316a86fa74e73a60d5597e7637fb99666e780c63ec43d1d4a333844",
    (3, "pdf"): "afa5254651a486c6d8ed617c754f8aa72cf6e0ef3aec9901ec0cc0b8697450a0",
    (3, "xlsx"): "bec94a9d77a270b52f55fb6f64f1648d08dc8f558da983f98605f03be17be56b",
}


def written(kind: str, layout: int) -> bytes:
    if kind == "xlsx":
        columns = (Column("figure", "Figure"), Column("value", "Value"))
        return as_xlsx(
            Listing("A report", columns, [("moderated", 3)], [("By", "Q")], 40, AT, layout=layout)
        )
    chart = trend(Trend("Agreement", "Same grade", [ChartRate("Q1", 2, 3, None, None, None)]))
    blocks = [
        Heading("In three sentences"), Bullets(["One.", "Two."]), Heading("Commentary", 3),
        Paragraph("It held."), DocumentTable("Figures", ("Row", "Value"), [("Q1", "67%")]),
        picture(chart),
    ]  # fmt: skip
    return render_report(Document("A report", [("By", "Q")], 40, AT, blocks), kind, layout)


def held(kind: str, layout: int) -> str:
    """SHA-256 of a file; of a zip file that of its parts, which one compressor packs as another
    does not."""
    data = written(kind, layout)
    if kind != "pdf":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            data = b"".join(name.encode() + file.read(name) for name in file.namelist())
    return sha256(data).hexdigest()


@pytest.mark.parametrize("layout", range(1, RENDERING + 1))
@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_the_layouts_of_published_files_keep_their_bytes(kind: str, layout: int) -> None:
    assert held(kind, layout) == HELD[layout, kind]


def test_a_layout_that_there_never_was_writes_nothing() -> None:
    with pytest.raises(ValueError, match="layout 0"):
        render_report(Document("A report", [], 40, AT, []), "pdf", 0)
