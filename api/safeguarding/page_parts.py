"""What the pages of an audit show of the concerns raised from it."""

from __future__ import annotations

from api.audits.reading import OpenedAudit
from api.safeguarding import reading as safeguarding_reading
from api.safeguarding.reading import state_of
from api.web.context import PagePart, Reading


def concerns(reading: Reading, opened: OpenedAudit) -> list[dict[str, str]]:
    """The safeguarding concerns raised from an audit, those that open to the reader."""
    found = safeguarding_reading.of_audit(reading, opened.row.audit)
    return [{"concern": row.concern, "state": state_of(row)} for row in found]


PARTS = tuple(
    PagePart(page, "concerns", concerns) for page in ("audits/read.html", "audits/write_tasks.html")
)
