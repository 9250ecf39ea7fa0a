"""A person's notices as a list."""

from __future__ import annotations

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListCell,
    ListColumn,
    RecordList,
    record_column,
    whether,
)
from api.notifications import reading as notification_reading
from api.web.context import PresentReader
from qa.core.dates_in_words import moment
from qa.outbox.notices import Notice

MOST = 10_000


def notice_list(reading: PresentReader) -> RecordList[Notice]:
    """What the reader was told, the newest first."""
    rows = notification_reading.of(reading.connection, reading.actor, limit=MOST)

    def read(one: Notice) -> ListCell:
        if one.read is not None:
            return ListCell(moment(one.read))
        return ListCell(
            "Mark as read", "/notices/read", hidden=f": {one.text}", post={"only": str(one.id)}
        )

    return RecordList(
        path="/notices",
        title="Notices",
        noun=("notice", "notices"),
        rows=rows,
        key=lambda one: str(one.id),
        columns=(
            record_column("text", "Notice", lambda one: one.text, lambda one: one.href),
            ListColumn("made", "Sent", lambda one: one.made, ColumnKind.MOMENT),
            ListColumn("due_on", "Due", lambda one: one.due_on, ColumnKind.DAY, on_page=False),
            ListColumn("read", "Read", lambda one: one.read, ColumnKind.MOMENT, drawn=read),
        ),
        filters=(whether("read", "Read or not", lambda one: one.read, "Read", "Not read"),),
        order="the newest first",
        empty=(
            "You have no notices",
            "You get a notice here when work is given to you, comes back to you or falls due.",
        ),
        file_name="notices",
    )
