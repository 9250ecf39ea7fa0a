"""Work in a process apart: with a limit on its time, and where it is asked for, on its memory and
on what it takes of a processor, since a busy machine is no fault of a file.

Whatever a file makes a reader do, or a document its writer, it costs that process and not the
service. Where it takes too long it is killed; where it wants too much memory it ends by itself.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any, TypeVar

from qa.core.errors import CaseloopError, Refused

T = TypeVar("T")

SECONDS = 60.0
"""Of a processor, that reading a file may take."""
BY_THE_CLOCK = 5
"""So many times as long may it take by the clock, where a machine has much else to do."""
MEMORY = 1_000_000_000
"""Bytes, beyond what Python has taken when it begins."""
GIVE_BACK_SECONDS = 30.0
_LEAVE_SECONDS = 2.0
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""What glibc calls its settings (`mallopt`)."""
_LARGE = 256 * 1024


class TookTooLong(Exception):
    """The work was not done in its time, so the process was killed."""


class EndedEarly(Exception):
    """The process ended without an answer: it wanted too much memory, or somebody killed it."""


class ProcessApart:
    """A process that carries out one work after another, and ends with the one that began it."""

    def __init__(self) -> None:
        # A process of `multiprocessing` would first load all that this one was started with.
        self._process = subprocess.Popen(  # noqa: S603 - this very module
            [sys.executable, "-P", "-c", f"from {__name__} import answer; answer()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._stopped, self._answered = False, True

    def ask(
        self,
        work: Callable[..., T],
        *given: Any,
        seconds: float,
        limits: tuple[float, int] | None = None,
    ) -> T:
        """What `work` (a function of a module) makes of what it is given, in so many seconds by
        the clock. `limits` are seconds of a processor and bytes of memory that the operating system
        keeps, where it can, for all that the process does.

        Raises:
            TookTooLong, EndedEarly: and every error of ours that the work raises.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = pickle.dumps((limits, work, given), pickle.HIGHEST_PROTOCOL)
        late = Timer(seconds, self._stop)
        late.daemon = True
        late.start()
        self._answered = False
        try:
            self._process.stdin.write(order)
            self._process.stdin.flush()
            outcome, found = pickle.load(self._process.stdout)  # noqa: S301 - from `answer`
            self._answered = True
        except (OSError, EOFError, pickle.UnpicklingError):
            raise (TookTooLong if self._stopped or self._worked_out() else EndedEarly)() from None
        finally:
            late.cancel()
        made: T = _made(outcome, found)
        return made

    def _worked_out(self) -> bool:
        """Whether it ended because its seconds of a processor were over."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_LEAVE_SECONDS) == -getattr(signal, "SIGXCPU", math.inf)
        return False

    def _stop(self) -> None:
        self._stopped = True
        self._process.kill()

    @property
    def is_ready(self) -> bool:
        """Whether it can be asked for something else."""
        return self._answered and self._process.poll() is None

    @property
    def number(self) -> int:
        """What the operating system calls it."""
        return self._process.pid

    def end(self, seconds: float = _LEAVE_SECONDS) -> None:
        """Have it end: by itself where it does so in this time."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> ProcessApart:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()


def _made(outcome: str, found: Any) -> Any:
    """What was made, or the error that was raised."""
    if outcome == "refused":
        kind, arguments, attributes = found
        error: CaseloopError = kind.__new__(kind, *arguments)
        vars(error).update(attributes)
        raise error
    if outcome == "memory":
        raise EndedEarly
    if outcome == "broken":
        raise RuntimeError(f"the work of another process raised {found}")
    return found


def run_apart(
    work: Callable[..., T], *given: Any, seconds: float = SECONDS, memory: int = MEMORY
) -> T:
    """What `work` (a function of a module) makes of a file that somebody sent.

    Raises:
        Refused: it took too long, or too much memory; and every error of ours that it raises.
    """
    with ProcessApart() as process:
        try:
            clock, limits = BY_THE_CLOCK * seconds, (seconds, memory)
            made: T = process.ask(_giving_way, work, given, seconds=clock, limits=limits)
            return made
        except TookTooLong:
            raise Refused(
                f"Reading the file took more than {seconds:.0f} seconds, so it was stopped. "
                "Save a copy that holds only what is needed, and send that.",
                field="file",
                code="file-too-slow",
            ) from None
        except EndedEarly:
            raise Refused(
                "Reading the file needs more memory than is allowed. "
                "Save a copy that holds only what is needed, and send that.",
                field="file",
                code="file-too-large",
            ) from None


def _giving_way(work: Callable[..., T], given: tuple[Any, ...]) -> T:
    give_way()
    gc.disable()  # What is read is all there until it is answered, and the process ends then.
    made: T = work(*given)
    return made


def answer() -> None:
    """What the process apart does: carry out what comes on its input, one after another, and
    answer each on its output, until there is no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What the work itself may print is no answer.
    # Whoever stops the service at a terminal means that one, which closes the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError), answers:
        while True:
            limits, work, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from us
            if limits is not None:
                _limit(*limits)
            answers.write(_outcome(work, given))
            answers.flush()


def _outcome(work: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps(("done", work(*given)), pickle.HIGHEST_PROTOCOL)
    except CaseloopError as error:
        return pickle.dumps(("refused", (type(error), error.args, vars(error))))
    except MemoryError:
        return pickle.dumps(("memory", None))
    except Exception as error:  # noqa: BLE001 - told by its type: its words may quote the file
        return pickle.dumps(("broken", type(error).__name__))


def give_way() -> None:
    """Let those who serve pages go before, where there are too few processors for all."""
    if hasattr(os, "nice"):
        os.nice(5)


def memory_taken() -> int:
    """The bytes of memory that this process has taken; 0 where nothing tells."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    taken = Path("/proc/self/statm")
    return int(taken.read_text().split()[1]) * resource.getpagesize() if taken.exists() else 0


def share_memory() -> None:
    """Have the threads of this process share the memory that they no longer need, and give large
    pieces back at once, where the C library (that of Linux) can be told so: each thread would keep
    its own otherwise."""
    # What reckons with tables would otherwise take room for a thread on each processor.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with suppress(OSError, AttributeError, TypeError):
        import ctypes

        setting = ctypes.CDLL(None).mallopt
        for name, value in ((_ARENA_MAX, 2), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE)):
            setting(name, value)


@contextmanager
def giving_memory_back(seconds: float = GIVE_BACK_SECONDS) -> Iterator[None]:
    """Meanwhile have the C library give the system back, again and again, what it keeps of memory
    that is free in small pieces."""
    over = Event()

    def go_on() -> None:
        while not over.wait(seconds):
            give_memory_back()

    giver = Thread(target=go_on, name="memory", daemon=True)
    giver.start()
    try:
        yield
    finally:
        over.set()
        giver.join()


def give_memory_back() -> None:
    """Give back what is free, where the C library (that of Linux) can be told so."""
    with suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).malloc_trim(0)


def _limit(seconds: float, memory: int) -> None:
    """Take limits from the operating system, where it has them."""
    # What is loaded for a spreadsheet would otherwise take room for a thread on each processor.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        import resource
    except ImportError:  # Windows: the time limit alone
        return
    taken = Path("/proc/self/statm")
    pages = int(taken.read_text().split()[0]) if taken.exists() else 0
    whole = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (whole, whole))
    used = resource.getrusage(resource.RUSAGE_SELF)
    last = math.ceil(seconds + used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (last, last + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
