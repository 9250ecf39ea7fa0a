"""Run by test_sealing: seals in small batches for ever, saying so after each round."""

from __future__ import annotations

import sys

from qa.core.clock import SystemClock
from qa.ledger import sealing
from qa.store.store import Store

if __name__ == "__main__":
    store = Store(sys.argv[1], clock=SystemClock(), vault=None)
    sealing.BATCH = 3
    while True:
        sealing.seal(store)
        sys.stdout.write(".\n")
        sys.stdout.flush()
