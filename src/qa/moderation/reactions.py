"""What a submission or correction of an audit means for its moderation."""

from __future__ import annotations

from typing import ClassVar

from qa.audit_tools.loading import tool_version
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import AuditContent
from qa.audits.loading import save_audit
from qa.audits.moderation_events import ModerationNotSelected
from qa.audits.reacting import AuditReactions
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.core.event import Event, last_said
from qa.moderation import decisions
from qa.moderation.events import DEFAULT_POLICY, POLICY_STREAM, ModerationPolicySet
from qa.working_days.events import WORKING_DAYS_STREAM
from qa.working_days.loading import load_calendar


def load_policy(work: Work) -> ModerationPolicySet:
    return work.unit.load(POLICY_STREAM, last_said, DEFAULT_POLICY)


class ModerationReactions(AuditReactions):
    order: ClassVar[int] = 0
    """First: its events stand on the audit's own stream, next to what they answer."""

    def streams(self, audit: str) -> tuple[str, ...]:
        return (POLICY_STREAM, WORKING_DAYS_STREAM)

    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        save_audit(work, audit, _picked(work, audit, content))

    def regraded(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        """The right grade may be one that the policy picks; what was picked stays so."""
        if audit.current_moderation is None:
            decided = _picked(work, audit, content)
            picked = [one for one in decided if not isinstance(one, ModerationNotSelected)]
            save_audit(work, audit, picked)

    def superseded(self, work: Work, audit: CaseAudit) -> None:
        decided = decisions.select(
            audit,
            load_policy(work),
            moderation=work.new_id(),
            today=work.today,
            calendar=load_calendar(work),
            again=True,
        )
        save_audit(work, audit, decided)


def _picked(work: Work, audit: CaseAudit, content: AuditContent) -> list[Event]:
    policy = load_policy(work)
    tool = tool_version(work, audit.tool, audit.tool_version)
    submitted_before = work.desk.lookups.audits_submitted_by(
        work.unit.connection, audit.auditor, policy.first_audits_of_new_auditor
    )
    return decisions.after_submission(
        audit,
        policy,
        grades=GradesGiven.of(content.overall, content.judgements),
        tool=tool,
        submitted_before=submitted_before,
        moderation=work.new_id(),
        today=work.today,
        calendar=load_calendar(work),
    )


REACTIONS = ModerationReactions()
