"""What is due now: escalated, told of new events, reminded, sent. For any scheduler, any number of
times: every job finds out for itself what is left to do.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from api.jobs.due_job import DueJob
from api.services import Services
from qa.core.capabilities import declared
from qa.core.errors import CaseloopError


@dataclass(frozen=True, slots=True)
class DueJobResult:
    """What a job did, or would do on a dry run; `trouble` says why it could not."""

    name: str
    said: str
    count: int
    trouble: str = ""


logger = logging.getLogger("caseloop.run_due")


def due_jobs() -> list[DueJob]:
    """The jobs of every capability, in the order in which they are done."""
    return sorted(declared("api", "jobs", "JOBS", DueJob), key=lambda job: job.order)


def run_due(services: Services, *, dry_run: bool = False) -> list[DueJobResult]:
    """Do everything that is due. Trouble with one job does not keep the others."""
    found = []
    for step in due_jobs():
        try:
            count, trouble = step.run(services, dry_run=dry_run), ""
        except CaseloopError as error:
            count, trouble = 0, error.sentence
        except Exception as error:
            logger.exception("%s met the unexpected", step.name)
            count, trouble = 0, f"{type(error).__name__} in {step.name}"
        found.append(DueJobResult(step.name, step.counts, count, trouble))
    return found
