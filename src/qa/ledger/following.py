"""The follower: seals what is recorded, signs on a schedule, publishes, beside the served app.

It never stands in the way: trouble is written to the log of the process, kept for the pages and
the health check, and the round is tried again. Every process may run one.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from qa.core.errors import CaseloopError
from qa.ledger import publishing
from qa.ledger.ledger import Ledger

PAUSE_SECONDS = 2.0
"""Between two rounds. The promise is ten seconds from event to seal."""

AT_ONCE = 50_000
"""Events sealed in one round at most, so that a service that stops is not kept waiting."""

logger = logging.getLogger("caseloop.ledger")


class Follower:
    """Rounds of sealing, signing and publishing, in a thread of their own."""

    def __init__(self, ledger: Ledger, *, pause: float = PAUSE_SECONDS) -> None:
        self._ledger = ledger
        self._pause = pause
        self._stopping = Event()
        self._thread: Thread | None = None
        self.trouble: str | None = None
        """What went wrong in the last round; None when it went well."""

    def start(self) -> None:
        self._stopping.clear()
        self._thread = Thread(target=self._run, name="caseloop-ledger", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round under way, and no other."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(publishing.PATIENCE * 2)
            self._thread = None

    def round(self) -> bool:
        """Seal, sign if it is time, publish. Trouble with one does not keep the others.

        True where more is likely to wait: an old log is taken in a part at a time.
        """
        said, sealed = [], 0

        def seal() -> None:
            nonlocal sealed
            sealed = self._ledger.seal(AT_ONCE)

        for step in (seal, self._ledger.sign_if_due, self._ledger.publish):
            try:
                step()
            except CaseloopError as error:
                said.append(error.sentence)
            except Exception as error:
                said.append(f"{type(error).__name__} while sealing")
                logger.exception("the ledger's follower met the unexpected")
        now = " ".join(dict.fromkeys(said)) or None
        if now is not None and now != self.trouble:
            logger.warning("%s", now)
        self.trouble = now
        return sealed >= AT_ONCE

    def _run(self) -> None:
        while not self._stopping.is_set():
            more = self.round()
            self._stopping.wait(0 if more else self._pause)
