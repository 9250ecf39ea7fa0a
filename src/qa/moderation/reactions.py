"""What a submission or correction of an audit means for its moderation."""

from __future__ import annotations

from typing import ClassVar

from qa.audit_tools.commands import tool_version
from qa.audits.commands.loading import save_audit
from qa.audits.commands.reacting import AuditReactions
from qa.audits.judgements import AuditContent
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.moderation import decisions
from qa.moderation.commands import load_policy
from qa.moderation.events import POLICY_STREAM


class ModerationReactions(AuditReactions):
    order: ClassVar[int] = 0
    """First: its events stand on the audit's own stream, next to what they answer."""

    def streams(self, audit: str) -> tuple[str, ...]:
        return (POLICY_STREAM,)

    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        policy = load_policy(work)
        tool = tool_version(work, audit.tool, audit.tool_version)
        submitted_before = work.desk.lookups.audits_submitted_by(
            work.unit.connection, work.by.person, policy.first_audits_of_new_auditor
        )
        decided = decisions.after_submission(
            audit,
            policy,
            overall=content.overall,
            scale=tool.overall_scale,
            submitted_before=submitted_before,
            moderation=work.new_id(),
            today=work.today,
        )
        save_audit(work, audit, decided)

    def superseded(self, work: Work, audit: CaseAudit) -> None:
        decided = decisions.select(
            audit, load_policy(work), moderation=work.new_id(), today=work.today, again=True
        )
        save_audit(work, audit, decided)


REACTIONS = ModerationReactions()
