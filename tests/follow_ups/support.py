"""An inadequate audit, and the audit that comes after it."""

from __future__ import annotations

from typing import Any

from qa.audits.commands import case_audits, endings
from tests.support.council import Council, content


def inadequate(council: Council, **values: Any) -> tuple[str, str]:
    """An inadequate audit that raised an action: (audit, action)."""
    planned = council.action()
    audit = council.submitted("inadequate", actions=(planned,), no_action_reason="", **values)
    return audit, planned.action


def re_audit(council: Council, audit: str, overall: str, auditor: str = "auditor2") -> str:
    """Another auditor's judgement of the same file, made final."""
    child = council.view(audit).row["child"]
    again = council.allocated(auditor, child=child, re_audit_of=audit)
    case_audits.submit(
        council.services.desk,
        audit=again,
        content=content(council.tool, council.today, overall),
        by=council.actor(auditor),
    )
    if council.view(again).row["moderation"] is None:
        endings.finalise(council.services.desk, audit=again, by=council.actor("lead"))
    else:
        council.moderate(again, overall)
    return again
