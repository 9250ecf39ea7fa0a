"""How many rows of a long file are saved at once.

Whoever saves meanwhile, if only the line that says what they read, waits for the part that is being
saved. Large parts cost less: what they have in common is read once, and the pages of the tables
that their rows fall on are written once. So a part is to take as long as others can wait where
somebody was there just now, and grows the longer nobody was.
"""

from __future__ import annotations

from time import monotonic

from qa.core.clock import microseconds
from qa.security.access_log import last_noted_us
from qa.store.store import Store

FIRST = 30
"""Rows of the first part, before it is known how long one takes."""
LEAST, MOST = 5, 500
"""Rows of any part. More would be much in memory."""
SHORTEST, LONGEST = 0.005, 0.4
"""Seconds that others are to wait for a part."""
SHARE = 0.02
"""A part is to take so much of the time since somebody else was last there: whoever comes every
five seconds waits for a tenth of one at most."""


class Pace:
    """Tells how many rows come next, from how long the last ones took and from who came by.

    That somebody else is there is seen by the access log, and by saves between two parts.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = FIRST
        self._head, saved_us, self._seen_us = self._who_was_there()
        quiet = microseconds(store.clock.now()) - max(saved_us, self._seen_us)
        self._alone_since = monotonic() - max(0, quiet) / 1_000_000
        self._begun = 0.0

    def next(self) -> int:
        """How many rows to save now."""
        self._look(saved=True)
        self._begun = monotonic()
        return min(self._rows, MOST)

    def saved(self, rows: int, seconds: float = 0.0) -> None:
        """So many are saved since then; others had to wait for so many `seconds` of it, if not for
        all."""
        took = max(seconds or monotonic() - self._begun, 0.000_001)
        self._look(saved=False)
        alone = monotonic() - self._alone_since
        wanted = max(SHORTEST, min(LONGEST, SHARE * alone))
        # Small parts cost more a row, so what one would take is told by one of about its size.
        step = max(0.5, min(2.0, wanted / took))
        self._rows = max(LEAST, min(MOST, round(rows * step)))

    def _look(self, *, saved: bool) -> None:
        """See whether somebody else was there since the last look. Of what is saved since then,
        others did so only where this import did not."""
        position, _, seen_us = self._who_was_there()
        if seen_us != self._seen_us or (saved and position != self._head):
            self._alone_since = monotonic()
        self._head, self._seen_us = position, seen_us

    def _who_was_there(self) -> tuple[int, int, int]:
        """The last position and when it was recorded, and when somebody last read."""
        with self._store.asking() as connection:
            position = self._store.head(connection)
            recorded = self._store.recorded_at(position, connection)
            saved_us = 0 if recorded is None else microseconds(recorded)
            return position, saved_us, last_noted_us(connection)
