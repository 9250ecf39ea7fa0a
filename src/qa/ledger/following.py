"""The follower: seals what is recorded, signs on a schedule, publishes, beside the served app.

It never stands in the way: trouble is written to the log of the process, kept for the pages and
the health check, and the round is tried again. Every process may run one.
"""

from __future__ import annotations

import logging

from qa.core.errors import CaseloopError
from qa.core.rounds import Rounds
from qa.ledger import publishing
from qa.ledger.ledger import Ledger

PAUSE_SECONDS = 2.0
"""Between two rounds. The promise is ten seconds from event to seal."""

AT_ONCE = 50_000
"""Events sealed in one round at most, so that a service that stops is not kept waiting."""

logger = logging.getLogger("caseloop.ledger")


class Follower(Rounds):
    """Rounds of sealing, signing and publishing."""

    NAME = "caseloop-ledger"
    PATIENCE = publishing.PATIENCE * 2

    def __init__(self, ledger: Ledger, *, pause: float = PAUSE_SECONDS) -> None:
        super().__init__(logger, pause)
        self._ledger = ledger

    def round(self) -> bool:
        """Seal, sign if it is time, publish. Trouble with one does not keep the others.

        True where more is likely to wait: an old log is taken in a part at a time.
        """
        sentences, sealed = [], 0

        def seal() -> None:
            nonlocal sealed
            sealed = self._ledger.seal(AT_ONCE)

        for step in (seal, self._ledger.sign_if_due, self._ledger.publish):
            try:
                step()
            except CaseloopError as error:
                sentences.append(error.sentence)
            except Exception as error:
                sentences.append(f"{type(error).__name__} while sealing")
                logger.exception("the ledger's follower met the unexpected")
        self.went(" ".join(dict.fromkeys(sentences)) or None)
        return sealed >= AT_ONCE
