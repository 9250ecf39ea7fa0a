"""Processes that a server keeps beside it for what takes much memory to make: charts, PDF, Word and
workbooks.

The libraries that make them, and what they leave behind in memory, are theirs and not the server's.
They know no records: what they are given was read before, for one reader and at one moment. A
program that serves nobody (the command line, a test) makes all of it itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Lock, Timer
from time import monotonic
from typing import Any, TypeVar

from api.apart.process import EndedEarly, ProcessApart, TookTooLong, memory_taken
from qa.core.errors import CaseloopError, Unavailable

T = TypeVar("T")

MOST = 2
"""Processes at a time: whoever asks for more waits. One of them makes no documents, so that the
charts of pages never wait for those."""
SECONDS = 60.0
"""How long one document may take, and how long it may wait for its turn."""
QUICK_SECONDS = 10.0
"""How long what a page waits for, a chart, may wait for its turn."""
MOST_MEMORY = 500_000_000
"""A process that has taken more bytes when a document is done makes no other."""
BEGIN_SECONDS = 1.0
"""Whoever serves answers the first pages before it begins one."""
IDLE_SECONDS = 900.0
"""One that nobody has asked for so long ends."""


class NotMade(Unavailable):
    """A document or a chart cannot be made just now (503). The records are not touched."""

    code = "document-not-made"
    title = "This document cannot be made just now"


class KeptProcesses:
    """At most so many processes, begun when they are needed and used again. What is `first` in
    each, such as loading what draws, is done before anybody waits for it, where that is known."""

    def __init__(
        self, first: Callable[[], object], *, most: int = MOST, idle: float = IDLE_SECONDS
    ) -> None:
        self._first, self._idle = first, idle
        self._turns, self._documents = BoundedSemaphore(most), BoundedSemaphore(max(1, most - 1))
        self._lock = Lock()
        self._free: list[tuple[ProcessApart, float]] = []
        self._closed = False
        self._looking: Timer | None = None

    def begin(self, after: float = 0.0) -> None:
        """Have a process ready soon, or soon after some seconds, without waiting for it."""
        begun = Timer(after, self._begun)
        begun.daemon = True
        begun.start()

    def _begun(self) -> None:
        with suppress(CaseloopError):
            if not self._closed:
                self.carry_out(self._first, (), SECONDS)

    def carry_out(
        self, work: Callable[..., T], given: tuple[Any, ...], seconds: float, *, quick: bool = False
    ) -> T:
        """What `work` (a function of a module) makes of what it is given; `quick` is what a page
        waits for.

        Raises:
            NotMade: it took too long, or the process ended; and every error of ours that it raises.
        """
        if quick:
            with _turn(self._turns, QUICK_SECONDS):
                return self._made(work, given, seconds)
        with _turn(self._documents, seconds), _turn(self._turns, seconds):
            return self._made(work, given, seconds)

    def _made(self, work: Callable[..., T], given: tuple[Any, ...], seconds: float) -> T:
        process, taken = self._ready(), 0
        try:
            made: T
            made, taken = process.ask(_with_memory, work, given, seconds=seconds)
            return made
        except TookTooLong:
            raise NotMade(
                f"This took more than {seconds:.0f} seconds, so it was stopped. Ask for a "
                "shorter period."
            ) from None
        except EndedEarly:
            raise NotMade(
                "The program that makes this ended early. Ask again, or for a shorter period."
            ) from None
        finally:
            if not self._give_back(process, taken) and work is not self._first:
                self.begin()

    def _ready(self) -> ProcessApart:
        while True:
            with self._lock:
                process = self._free.pop()[0] if self._free else None
            if process is None:
                return ProcessApart()
            if process.is_ready:
                return process
            process.end()

    def _give_back(self, process: ProcessApart, taken: int) -> bool:
        """Keep it, unless it is of no more use; whether one is kept, or none is wanted."""
        with self._lock:
            if not self._closed and process.is_ready and taken <= MOST_MEMORY:
                self._free.append((process, monotonic()))
                self._look_later()
                return True
        process.end()
        return self._closed

    def _look_later(self) -> None:
        if self._looking is None:
            self._looking = Timer(self._idle, self.end_idle)
            self._looking.daemon = True
            self._looking.start()

    def end_idle(self) -> None:
        """End those that nobody has asked for long."""
        with self._lock:
            since = monotonic() - self._idle
            idle = [process for process, last in self._free if last <= since]
            self._free = [one for one in self._free if one[1] > since]
            self._looking = None
            if self._free:
                self._look_later()
        for process in idle:
            process.end()

    def close(self) -> None:
        """End those that are free, and each other one when its document is done."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
            if self._looking is not None:
                self._looking.cancel()
        for process, _ in free:
            process.end()


@contextmanager
def _turn(turns: BoundedSemaphore, seconds: float) -> Iterator[None]:
    """Raises `NotMade` where no turn comes in time."""
    if not turns.acquire(timeout=seconds):
        raise NotMade("Too many documents are being made. Ask again in a minute.")
    try:
        yield
    finally:
        turns.release()


def _with_memory(work: Callable[..., T], given: tuple[Any, ...]) -> tuple[T, int]:
    return work(*given), memory_taken()


_kept: KeptProcesses | None = None


@contextmanager
def kept_processes(first: Callable[[], object]) -> Iterator[KeptProcesses]:
    """While this lasts, documents are made beside this process and not in it."""
    global _kept
    _kept = KeptProcesses(first)
    _kept.begin(BEGIN_SECONDS)
    try:
        yield _kept
    finally:
        kept, _kept = _kept, None
        kept.close()


def made_apart(
    work: Callable[..., T], *given: Any, seconds: float = SECONDS, quick: bool = False
) -> T:
    """What `work` makes of what it is given: in a process beside this one, where such are kept."""
    kept = _kept
    return work(*given) if kept is None else kept.carry_out(work, given, seconds, quick=quick)
