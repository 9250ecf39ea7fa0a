"""Hands an action over with other work of its owner."""

from __future__ import annotations

from qa.actions.commands import TransferAction
from qa.actions.events import action_stream
from qa.actions.handlers import transfer
from qa.actions.state import Action, evolve
from qa.authorisation.context import PartDesk
from qa.core.words import Actor
from qa.tasks.parts import HandingOver


class ActionHandedOver(HandingOver):
    kind = "action"

    def hand_over(self, desk: PartDesk, key: str, *, to: str, reason: str, by: Actor) -> str:
        state = desk.whole.unit.load(action_stream(key), evolve, Action())
        transfer(desk, TransferAction(action=key, owner=to, reason=reason), by=by)
        return state.owner


HANDING_OVER = ActionHandedOver()
