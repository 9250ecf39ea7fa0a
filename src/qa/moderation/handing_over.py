"""Hands an audit over with other work: to its auditor's, its moderator's or its decider's
successor, as it stands."""

from __future__ import annotations

from qa.audits import handlers as audit_handlers
from qa.audits.commands import ReassignAudit
from qa.audits.loading import load_audit
from qa.authorisation.context import PartDesk
from qa.core.words import Actor, ModerationStatus
from qa.moderation import handlers
from qa.moderation.commands import AssignDispute, AssignModeration
from qa.tasks.parts import HandingOver


class AuditHandedOver(HandingOver):
    kind = "case-audit"

    def hand_over(self, desk: PartDesk, key: str, *, to: str, reason: str, by: Actor) -> str:
        state = load_audit(desk.whole, key)
        found = state.current_moderation
        if found is None or not state.submitted:
            audit_handlers.reassign(
                desk, ReassignAudit(audit=key, auditor=to, reason=reason), by=by
            )
            return state.auditor
        if found.status is ModerationStatus.DISPUTED:
            decider = AssignDispute(audit=key, moderation=found.id, decider=to)
            handlers.assign_dispute(desk, decider, by=by)
            return found.decider or ""
        moderator = AssignModeration(audit=key, moderation=found.id, moderator=to)
        handlers.assign(desk, moderator, by=by)
        return found.moderator or ""


HANDING_OVER = AuditHandedOver()
