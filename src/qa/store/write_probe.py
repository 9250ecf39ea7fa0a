"""Whether the records can be saved to, as health says it.

Saving is tried, for a full disk shows in nothing else; but seldom, for it costs a turn of those who
save.
"""

from __future__ import annotations

from threading import Lock

from sqlalchemy import update

from qa.core.clock import Clock
from qa.core.errors import Unavailable
from qa.store.store import Store
from qa.store.tables import head

EVERY_SECONDS = 30.0


class WriteProbe:
    """Whether the records can be saved to, tried at most every `EVERY_SECONDS`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._guard = Lock()
        self._tried: float | None = None
        self._trouble: str | None = None

    def trouble(self) -> str | None:
        """The code of what keeps the records from being saved to; None while they can be."""
        with self._guard:
            now = self._clock.now().timestamp()
            if self._tried is None or not 0 <= now - self._tried < EVERY_SECONDS:
                self._trouble = self._try()
                self._tried = now
            return self._trouble

    def _try(self) -> str | None:
        try:
            # Writes the row as it stands: room on the disk and the right to write are needed.
            with self._store.writing(lasting=False) as connection:
                connection.execute(update(head).values(position=head.c.position))
        except Unavailable as error:
            # Others are saving: nothing new is known.
            return self._trouble if error.code == "store-busy" else error.code
        return None
