"""What `caseloop run-due` does: a capability names its part under ``JOBS`` in its ``jobs``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum


class DueOrder(IntEnum):
    """When a job comes: records change before people are told, and are told before that is sent."""

    CHANGE = 1
    TELL = 2
    REMIND = 3
    SEND = 4


@dataclass(frozen=True, slots=True)
class DueJob:
    """One thing to do when it is due. `run` is called with the services and `dry_run`, may be
    called again at once, and answers how much there was; `counts` names what it counts."""

    name: str
    counts: str
    order: DueOrder
    run: Callable[..., int]
