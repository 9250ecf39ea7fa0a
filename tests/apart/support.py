"""Work for a process apart: what it answers, refuses, or never ends."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from qa.core.errors import Fault, Forbidden, Refused


def forever() -> None:
    while True:
        time.sleep(1)


def waiting(seconds: float) -> float:
    """As on a machine that is busy with others: it takes long and works little."""
    time.sleep(seconds)
    return seconds


def busy() -> None:
    while True:
        pass


def greedy() -> int:
    return len(bytearray(4_000_000_000))


def gone() -> None:
    os._exit(9)


def refusing() -> None:
    raise Refused([Fault("file", "one", "One."), Fault("file", "two", "Two.", row=2)])


def forbidden() -> None:
    raise Forbidden("Not yours.", rule="import")


def twice(number: Any) -> Any:
    return 2 * number


def number() -> int:
    return os.getpid()


def until_there(path: str) -> int:
    """Waits for a file, half a minute at most; which process waited."""
    for _ in range(3000):
        if Path(path).exists():
            return os.getpid()
        time.sleep(0.01)
    raise TimeoutError(path)
