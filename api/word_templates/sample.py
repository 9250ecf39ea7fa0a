"""A page that shows every style that documents are written in, so that a template can be judged."""

from __future__ import annotations

from datetime import datetime

from api.documents.document import Bullets, Coloured, Document, DocumentTable, Heading, Paragraph
from api.documents.listing import Letterhead
from api.web.moments import AsAt

_TABLE = DocumentTable(
    "A table",
    ("Standard", "Grade", "Audits", "Share"),
    (
        ("Voice of the child", Coloured("Green", "green"), "12", "60%"),
        ("Plan", Coloured("Amber", "orange"), "6", "30%"),
        ("Management oversight", Coloured("Red", "red"), "2", "10%"),
    ),
)
BLOCKS = (
    Heading("A section"),
    Paragraph("Text of a section, as a commentary or the evidence of an audit is written."),
    Heading("A part of a section", 3),
    Bullets(("One thing", "Another thing")),
    _TABLE,
)


def sample(at: AsAt, now: datetime, letterhead: Letterhead) -> Document:
    """The sample document as at a moment. Its figures are invented, and it says so."""
    return Document(
        title="How documents look",
        asked=[("Shows", "the styles of Word documents; the figures are invented")],
        position=at.shown,
        as_at=at.instant(now),
        true_on=at.true_on,
        letterhead=letterhead,
        blocks=BLOCKS,
    )
