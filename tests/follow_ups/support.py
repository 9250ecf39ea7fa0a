"""An inadequate audit, and the audit that comes after it."""

from __future__ import annotations

from typing import Any

from qa.audits import handlers as audit_handlers
from qa.audits.commands import FinaliseAudit, SubmitAudit
from tests.support.council import Council, content


def inadequate(council: Council, **values: Any) -> tuple[str, str]:
    """An inadequate audit that raised an action: (audit, action)."""
    planned = council.action()
    audit = council.submitted("inadequate", actions=(planned,), no_action_reason="", **values)
    return audit, planned.action


def re_audit(council: Council, audit: str, overall: str, auditor: str = "auditor2") -> str:
    """Another auditor's judgement of the same file, made final."""
    child = council.view(audit).row.child
    again = council.allocated(auditor, child=child, re_audit_of=audit)
    audit_handlers.submit(
        council.services.desk,
        SubmitAudit(audit=again, content=content(council.tool, council.today, overall)),
        by=council.actor(auditor),
    )
    if council.view(again).row.moderation is None:
        audit_handlers.finalise(
            council.services.desk, FinaliseAudit(audit=again), by=council.actor("lead")
        )
    else:
        council.moderate(again, overall)
    return again
