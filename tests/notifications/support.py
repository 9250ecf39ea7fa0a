"""What somebody was told."""

from __future__ import annotations

from qa.outbox import notices
from tests.support.council import Council


def told(council: Council, handle: str) -> list[str]:
    """The texts of somebody's notices, the oldest first."""
    with council.services.store.reading() as connection:
        found = notices.of(connection, council.ids[handle], limit=200)
    return [one.text for one in found[::-1]]
