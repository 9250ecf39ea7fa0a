"""Work on what somebody sent, in a process apart: with a limit on its time and on its memory.

Whatever a file makes a reader do, it costs that process and not the service. Where it takes too
long it is killed; where it wants too much memory it ends by itself.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from qa.core.errors import Refused

T = TypeVar("T")

SECONDS = 60.0
MEMORY = 1_000_000_000
"""Bytes, beyond what Python has taken when it begins."""


def run_apart(
    work: Callable[..., T], *given: Any, seconds: float = SECONDS, memory: int = MEMORY
) -> T:
    """What `work` (a function of a module) makes of what it is given.

    Raises:
        Refused: it took too long, or too much memory; and every refusal of its own.
    """
    if current_process().daemon:  # apart already, with no process to begin another
        return work(*given)
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_inside, args=(theirs, math.ceil(seconds), memory, work, given), daemon=True
    )
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise Refused(
                f"Reading the file took more than {seconds:.0f} seconds, so it was stopped. "
                "Save a copy that holds the table alone, and send that.",
                field="file",
                code="file-too-slow",
            )
        outcome, found = ours.recv()
    except EOFError:
        # It ended without an answer: by a limit of the operating system.
        raise _too_much() from None
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    if outcome == "refused":
        raise Refused(found)
    if outcome == "memory":
        raise _too_much()
    if outcome == "broken":
        raise RuntimeError(f"the work of another process raised {found}")
    made: T = found
    return made


def _too_much() -> Refused:
    return Refused(
        "Reading the file needs more memory than is allowed. "
        "Save a copy that holds the table alone, and send that.",
        field="file",
        code="file-too-large",
    )


def _inside(
    answers: Connection, seconds: int, memory: int, work: Callable[..., Any], given: tuple[Any, ...]
) -> None:
    _limit(seconds, memory)
    try:
        answers.send(("done", work(*given)))
    except Refused as refused:
        answers.send(("refused", refused.faults))
    except MemoryError:
        answers.send(("memory", None))
    except Exception as error:  # noqa: BLE001 - told by its type: its words may quote the file
        answers.send(("broken", type(error).__name__))


def _limit(seconds: int, memory: int) -> None:
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
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
