"""What several tests of publishing begin with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qa.audits import handlers as audit_handlers
from qa.audits.commands import WithdrawAudit
from qa.publishing import events
from qa.publishing.events import ReportAsked
from qa.publishing.state import PublishedReport, evolve
from tests.support.council import Council
from tests.support.given import recorded

ASKED = ReportAsked(report="agreement", start=date(2025, 4, 1), end=date(2026, 3, 31), by="quarter")


PUBLISHED = events.ReportPublished(
    published="r1",
    title="To the board, quarter 4",
    asked=ASKED,
    position=40,
    as_at=date(2026, 3, 31),
    sha256="ab" * 32,
    commentary="Agreement held.",
)


def report(*after: Any) -> PublishedReport:
    state = PublishedReport()
    for version, event in enumerate((PUBLISHED, *after), 1):
        state = evolve(state, recorded(event, version, "published-report:r1"))
    return state


def of_three(council: Council) -> Council:
    """The council with three audits that count, of which moderators agreed with two."""
    council.show_rates_of_few()
    for theirs in ("good", "good", "inadequate"):
        council.moderated("good", theirs)
    return council


def taken_back(council: Council, audit: str = "") -> str:
    """An audit that was counted is withdrawn; its reference."""
    audit = audit or council.first_audit()
    council.clock.advance(timedelta(minutes=5))
    audit_handlers.withdraw(
        council.services.desk,
        WithdrawAudit(audit=audit, reason="It was made on the wrong file."),
        by=council.actor("lead"),
    )
    return str(council.view(audit).row.reference)
