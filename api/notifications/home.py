"""What is new for a reader: the notices that they have not read, for their home page."""

from __future__ import annotations

from api.notifications import reading as notification_reading
from api.web.context import Reading
from qa.outbox.notices import Notice


def unread_notices(reading: Reading, limit: int) -> list[Notice]:
    """The newest first. Notices are of the present, whatever moment the page shows."""
    with reading.services.store.reading() as connection:
        return notification_reading.of(connection, reading.actor, only_unread=True, limit=limit)


HOME_NEWS = unread_notices
