"""A follow-up as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qa.core.event import RecordedEvent
from qa.follow_ups import events
from qa.follow_ups.events import FollowUpStage


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as its events leave it; `round` counts from 1."""

    audit: str = ""
    child: str = ""
    stage: FollowUpStage = FollowUpStage.ENDED
    round: int = 0
    owner: str = ""
    team: str = ""
    service: str = ""

    @property
    def open(self) -> bool:
        return bool(self.audit) and not self.stage.over


def evolve(state: FollowUp, recorded: RecordedEvent[Any]) -> FollowUp:
    match recorded.event:
        case events.FollowUpOpened() as event:
            return FollowUp(
                event.audit,
                event.child,
                FollowUpStage.RECORDED,
                state.round + 1,
                team=event.team,
                service=event.service,
            )
        case events.FollowUpEscalated() as event:
            # A plan that was agreed stands, whoever answers for it.
            planned = state.stage is FollowUpStage.PLANNED
            stage = state.stage if planned else FollowUpStage.ESCALATED
            return replace(state, stage=stage, owner=event.owner)
        case events.FollowUpTeamChanged() as event:
            return replace(state, team=event.new_team, service=event.new_service)
        case events.FollowUpPlanAgreed():
            return replace(state, stage=FollowUpStage.PLANNED)
        case events.FollowUpReAudited() as event:
            if event.resolved:
                return replace(state, stage=FollowUpStage.RESOLVED)
            return replace(state, stage=FollowUpStage.RECORDED, round=state.round + 1, owner="")
        case events.FollowUpEnded():
            return replace(state, stage=FollowUpStage.ENDED)
        case _:
            return state
