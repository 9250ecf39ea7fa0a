"""Events of the ledger itself, on the one stream `LEDGER`."""

from __future__ import annotations

from qa.core.event import Event

LEDGER = "ledger:log"


class LedgerRestored(Event):
    """The database was put back from a backup that held `held` events; why is the reason. From
    here on the log is called `origin` in its checkpoints."""

    held: int
    origin: str
