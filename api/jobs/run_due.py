"""What is due now: told of new events, reminded, escalated, sent. For any scheduler, any number of
times: every step finds out for itself what is left to do.

A further step is one function in `STEPS`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from api.jobs.announcing import announce
from api.jobs.reminding import remind
from api.jobs.sending import send
from api.safeguarding.reading import escalate_concerns
from api.services import Services
from qa.core.errors import CaseloopError


@dataclass(frozen=True, slots=True)
class DueJob:
    """One thing that `caseloop run-due` does. `run` answers how much there was of it."""

    name: str
    said: str
    run: Callable[..., int]


@dataclass(frozen=True, slots=True)
class DueJobResult:
    """What a step did, or would do on a dry run; `trouble` says why it could not."""

    name: str
    said: str
    count: int
    trouble: str = ""


STEPS: tuple[DueJob, ...] = (
    DueJob("escalate", "safeguarding concerns taken a rung higher", escalate_concerns),
    DueJob("announce", "notices of new facts", announce),
    DueJob("remind", "reminders and escalations", remind),
    DueJob("send", "messages sent", send),
)
"""In this order. Each is called with the services and `dry_run`, and may be run again at once."""

logger = logging.getLogger("caseloop.run_due")


def run_due(services: Services, *, dry_run: bool = False) -> list[DueJobResult]:
    """Do everything that is due. Trouble with one step does not keep the others."""
    found = []
    for step in STEPS:
        try:
            count, trouble = step.run(services, dry_run=dry_run), ""
        except CaseloopError as error:
            count, trouble = 0, error.sentence
        except Exception as error:
            logger.exception("%s met the unexpected", step.name)
            count, trouble = 0, f"{type(error).__name__} in {step.name}"
        found.append(DueJobResult(step.name, step.said, count, trouble))
    return found
