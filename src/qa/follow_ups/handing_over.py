"""Hands a follow-up over with other work of its head of service."""

from __future__ import annotations

from qa.authorisation.context import PartDesk
from qa.core.words import Actor
from qa.follow_ups.commands import EscalateFollowUp
from qa.follow_ups.handlers import escalate
from qa.follow_ups.reactions import load_follow_up
from qa.tasks.parts import HandingOver


class FollowUpHandedOver(HandingOver):
    kind = "follow-up"

    def hand_over(self, desk: PartDesk, key: str, *, to: str, reason: str, by: Actor) -> str:
        state = load_follow_up(desk.whole, key)
        escalate(desk, EscalateFollowUp(audit=key, owner=to), by=by)
        return state.owner


HANDING_OVER = FollowUpHandedOver()
