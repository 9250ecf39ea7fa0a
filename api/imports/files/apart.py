"""Work on what somebody sent, in a process apart: with a limit on its time and on its memory.

Whatever a file makes a reader do, it costs that process and not the service. Where it takes too
long it is killed; where it wants too much memory it ends by itself.
"""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from qa.core.errors import CaseloopError, Refused

T = TypeVar("T")

SECONDS = 60.0
MEMORY = 1_000_000_000
"""Bytes, beyond what Python has taken when it begins."""


def run_apart(
    work: Callable[..., T], *given: Any, seconds: float = SECONDS, memory: int = MEMORY
) -> T:
    """What `work` (a function of a module) makes of what it is given.

    Raises:
        Refused: it took too long, or too much memory; and every error of ours that it raises.
    """
    order = pickle.dumps((math.ceil(seconds), memory, work, given), pickle.HIGHEST_PROTOCOL)
    # A process of `multiprocessing` would first load all that this one was started with.
    with subprocess.Popen(  # noqa: S603 - this very module
        [sys.executable, "-P", "-c", f"from {__name__} import answer; answer()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        try:
            answered, _ = process.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Refused(
                f"Reading the file took more than {seconds:.0f} seconds, so it was stopped. "
                "Save a copy that holds the table alone, and send that.",
                field="file",
                code="file-too-slow",
            ) from None
        finally:
            process.kill()
    if not answered:
        # It ended without an answer: by a limit of the operating system.
        raise _too_much()
    outcome, found = pickle.loads(answered)  # noqa: S301 - from `answer`
    if outcome == "refused":
        kind, said, held = found
        error: CaseloopError = kind.__new__(kind, *said)
        vars(error).update(held)
        raise error
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


def answer() -> None:
    """What the process apart does: carry out what stands on its input, and answer on its output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What the work itself may print is no answer.
    seconds, memory, work, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from us
    _limit(seconds, memory)
    give_way()
    try:
        outcome = pickle.dumps(("done", work(*given)), pickle.HIGHEST_PROTOCOL)
    except CaseloopError as error:
        outcome = pickle.dumps(("refused", (type(error), error.args, vars(error))))
    except MemoryError:
        outcome = pickle.dumps(("memory", None))
    except Exception as error:  # noqa: BLE001 - told by its type: its words may quote the file
        outcome = pickle.dumps(("broken", type(error).__name__))
    with answers:
        answers.write(outcome)


def give_way() -> None:
    """Let those who serve pages go before, where there are too few processors for all."""
    if hasattr(os, "nice"):
        os.nice(5)


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
