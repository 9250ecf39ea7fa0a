"""Signs of life of an import that a process apart carries out.

While a file is recorded as a whole, SQLite lets nobody else write: what is told meanwhile stands in
a file beside the records, of the machine that both processes run on. On PostgreSQL, whose processes
may run on several, it stands in the records themselves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from api.services import Services
from qa.core.clock import microseconds
from qa.core.errors import CaseloopError

BEAT_SECONDS = 1.0
"""So often it is told how far an import is."""


@dataclass
class Heartbeat:
    """How many rows of how many a file that is recorded as a whole has met."""

    done: int = 0
    total: int = 0


def _file(upload: str) -> Path:
    return Path(tempfile.gettempdir()) / f"caseloop-import-{upload}"


def last_beat(upload: str) -> tuple[int, Heartbeat] | None:
    """The last sign of life in a file, in microseconds, and how far it was; None where none is."""
    with suppress(OSError, ValueError):
        beat_us, done, total = map(int, _file(upload).read_text("ascii").split())
        return beat_us, Heartbeat(done, total)
    return None


@contextmanager
def beating(
    services: Services, upload: str, keep: Callable[[Heartbeat], object]
) -> Iterator[Heartbeat]:
    """Tell again and again how far it is, until the block ends; `keep` tells the records."""
    heart, ended = Heartbeat(), Event()

    def tell() -> None:
        while not ended.wait(BEAT_SECONDS):
            with suppress(OSError, CaseloopError):
                if services.store.engines.is_postgres:
                    keep(heart)
                else:
                    now = microseconds(services.clock.now())
                    _file(upload).write_text(f"{now} {heart.done} {heart.total}", "ascii")

    thread = Thread(target=tell, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        ended.set()
        thread.join()
        _file(upload).unlink(missing_ok=True)
