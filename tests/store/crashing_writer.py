"""Run by test_crash: saves facts as fast as it can and prints each position once acknowledged."""

from __future__ import annotations

import sys
from threading import Thread

from projections.registry import Registry
from qa.clock import SystemClock
from qa.store import Store
from tests.projections.toy import JarCounted, JarPut, Jars
from tests.store.toy import KIM


def write(store: Store) -> None:
    while True:
        stream = f"jar:{store.new_id()}"
        with store.unit(KIM, key=stream, request=stream) as unit:
            unit.append(stream, JarPut(shelf="top", jar=stream, marbles=1))
            unit.append(stream, JarCounted(shelf="top", jar=stream, marbles=2))
        sys.stdout.write(f"{unit.receipt.position} {stream}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    store = Store(sys.argv[1], clock=SystemClock(), projector=Registry([Jars()]))
    for _ in range(3):
        Thread(target=write, args=(store,)).start()
