"""Hands an audit over with other work: to its auditor's, its moderator's or its decider's
successor, as it stands."""

from __future__ import annotations

from qa.audits.commands import case_audits
from qa.audits.commands.loading import load_audit
from qa.authorisation.context import PartDesk
from qa.core.words import Actor, ModerationStatus
from qa.moderation import commands
from qa.tasks.parts import HandingOver


class AuditHandedOver(HandingOver):
    kind = "case-audit"

    def hand_over(self, desk: PartDesk, key: str, *, to: str, reason: str, by: Actor) -> str:
        state = load_audit(desk.whole, key)
        found = state.current_moderation
        if found is None or not state.submitted:
            case_audits.reassign(desk, audit=key, auditor=to, reason=reason, by=by)
            return state.auditor
        if found.status is ModerationStatus.DISPUTED:
            commands.assign_dispute(desk, audit=key, moderation_id=found.id, decider=to, by=by)
            return found.decider or ""
        commands.assign(desk, audit=key, moderation_id=found.id, moderator=to, by=by)
        return found.moderator or ""


HANDING_OVER = AuditHandedOver()
