"""What other capabilities make of what happens to an audit, in the same unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from qa.audits.events import CaseAuditFinalised
from qa.audits.judgements import AuditContent
from qa.audits.state import CaseAudit
from qa.authorisation.context import Reaction, Work, reactions

Ended = Literal["audit-withdrawn", "audit-voided"]


class AuditReactions(Reaction):
    """A capability says in its `reactions.py` what it does at which of these moments.

    `audit` is the audit as it stood before the moment.
    """

    def streams(self, audit: str) -> tuple[str, ...]:
        """The streams it will load when the audit is submitted, to be read in one round trip."""
        return ()

    def before_re_audit(self, work: Work, *, of: CaseAudit, auditor: str) -> None:
        """Refuse `auditor` for an audit that repeats the audit `of`."""

    def before_submission(self, work: Work, audit: CaseAudit) -> None:
        """Refuse the submission."""

    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        """The audit was submitted, for the first time or again, with `content`."""

    def superseded(self, work: Work, audit: CaseAudit) -> None:
        """A correction superseded the moderation of the audit."""

    def regraded(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        """A grade of an audit that nobody had moderated was corrected, as in `content`: the overall
        one, or, where the tool has none, that of a domain."""

    def finalised(self, work: Work, audit: CaseAudit, final: CaseAuditFinalised) -> None:
        """The grade of the audit counts."""

    def ended(self, work: Work, audit: CaseAudit, why: Ended, actions: Sequence[str]) -> None:
        """The audit was withdrawn or voided; `actions` are those of it that go on."""


def tell_ended(work: Work, audit: CaseAudit, why: Ended) -> None:
    """Let every capability know that an audit was withdrawn or voided."""
    actions = work.desk.lookups.actions_of_audit(work.unit.connection, audit.id)
    for one in reactions(AuditReactions):
        one.ended(work, audit, why, actions)
