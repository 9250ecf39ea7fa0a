"""No audit is submitted while a concern raised from it has reached no manager."""

from __future__ import annotations

from qa.audits.reacting import AuditReactions
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.safeguarding import decisions
from qa.safeguarding.events import safeguarding_stream
from qa.safeguarding.state import Concerns, evolve


def load_concerns(work: Work, audit: str) -> Concerns:
    return work.unit.load(safeguarding_stream(audit), evolve, Concerns())


class SafeguardingReactions(AuditReactions):
    def streams(self, audit: str) -> tuple[str, ...]:
        return (safeguarding_stream(audit),)

    def before_submission(self, work: Work, audit: CaseAudit) -> None:
        decisions.nothing_untold(load_concerns(work, audit.id))


REACTIONS = SafeguardingReactions()
