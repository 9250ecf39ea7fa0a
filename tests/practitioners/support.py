"""A praised audit, released to whoever it is about."""

from __future__ import annotations

from qa.audits import handlers as audit_handlers
from qa.audits.commands import FinaliseAudit
from qa.audits.judgements import Strength
from tests.support.council import Council

PRAISE = "The child’s own words run through the plan."


def released(council: Council) -> str:
    """A final audit of the worker's case that names a strength."""
    audit = council.submitted("good", strengths=(Strength(text=PRAISE),))
    if council.view(audit).row.moderation is None:
        audit_handlers.finalise(
            council.services.desk, FinaliseAudit(audit=audit), by=council.actor("lead")
        )
    else:
        council.moderate(audit, "good")
    return audit
