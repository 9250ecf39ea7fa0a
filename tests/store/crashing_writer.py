"""Run by test_crash: saves events as fast as it can and prints each position once acknowledged.

Each line it reads starts one life, a process of its own, which says its number first. When that is
killed, a line with a zero byte says so. (To load the program anew for each took longer than to
kill it.)
"""

from __future__ import annotations

import os
import sys
from threading import Thread

from projections.core.registry import Registry
from qa.core.clock import SystemClock
from qa.store.store import Store
from tests.core.support import JarCounted, JarPut, Jars
from tests.store.support import KIM


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def write(store: Store) -> None:
    while True:
        stream = f"jar:{store.new_id()}"
        with store.unit(KIM, key=stream, request=stream) as unit:
            unit.append(stream, JarPut(shelf="top", jar=stream, marbles=1))
            unit.append(stream, JarCounted(shelf="top", jar=stream, marbles=2))
        say(f"{unit.receipt.position} {stream}")


def live() -> None:
    say(str(os.getpid()))
    store = Store(sys.argv[1], clock=SystemClock(), projector=Registry([Jars()]))
    writers = [Thread(target=write, args=(store,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


if __name__ == "__main__":
    for _ in sys.stdin:
        if not (life := os.fork()):
            live()
            os._exit(0)
        os.waitpid(life, 0)
        say("\0")
