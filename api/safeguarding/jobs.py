"""What is due of safeguarding concerns: the next rung, where nobody acknowledged in time."""

from __future__ import annotations

from api.jobs.due_job import DueJob, DueOrder
from api.services import Services
from projections.safeguarding import queries
from qa.people.commands import OPERATOR
from qa.safeguarding import handlers
from qa.safeguarding.commands import EscalateConcerns


def escalate_concerns(services: Services, *, dry_run: bool) -> int:
    """Take every concern that nobody acknowledged in time a rung higher; how many there were."""
    with services.store.reading() as connection:
        due = queries.due(connection, services.clock.now())
    if dry_run:
        return len(due)
    before = services.store.head()
    for audit in due:
        handlers.escalate(services.desk, EscalateConcerns(audit=audit), by=OPERATOR)
    return services.store.head() - before


JOBS = DueJob(
    "escalate",
    "safeguarding concerns passed to the next manager",
    DueOrder.CHANGE,
    escalate_concerns,
)
