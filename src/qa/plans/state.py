"""An improvement plan as its events leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.core.carry import carry
from qa.core.event import RecordedEvent
from qa.plans import events
from qa.plans.status_rules import StatusRules


@dataclass(frozen=True, slots=True)
class PlanPartState:
    tier: str
    reference: str
    title: str
    under: str | None
    leads: tuple[str, ...]
    open: bool = True


@dataclass(frozen=True, slots=True)
class MeetingState:
    on: date
    state: Literal["called", "held", "cancelled"] = "called"


@dataclass(frozen=True, slots=True)
class ImprovementPlan:
    """What the plan stands at. `scales` are those adopted, each with its day, the earliest first;
    `groups` holds whether a task and finish group still works."""

    id: str = ""
    since: date = date.min
    tiers: tuple[str, ...] = ()
    scales: tuple[tuple[date, str], ...] = ()
    rules: StatusRules | None = None
    parts: Mapping[str, PlanPartState] = field(default_factory=dict)
    groups: Mapping[str, bool] = field(default_factory=dict)
    meetings: Mapping[str, MeetingState] = field(default_factory=dict)
    claims: Mapping[str, events.PlanClaimRecorded] = field(default_factory=dict)
    closed: bool = False

    def scale_on(self, day: date) -> str | None:
        """The key of the scale that actions are rated on as at `day`; None before the first."""
        return next((key for since, key in reversed(self.scales) if since <= day), None)


def evolve(state: ImprovementPlan, recorded: RecordedEvent[Any]) -> ImprovementPlan:
    match recorded.event:
        case events.ImprovementPlanOpened() as event:
            return carry(
                ImprovementPlan, event, id=event.plan, scales=((event.since, event.scale),)
            )
        case events.PlanScaleAdopted() as event:
            return replace(state, scales=(*state.scales, (event.since, event.new)))
        case events.PlanRulesAdopted() as event:
            return replace(state, rules=event.rules)
        case events.TaskGroupFormed() as event:
            return replace(state, groups={**state.groups, event.group: True})
        case events.TaskGroupDissolved() as event:
            return replace(state, groups={**state.groups, event.group: False})
        case events.BoardMeetingCalled() as event:
            return _meeting(state, event.meeting, MeetingState(event.on))
        case events.BoardMeetingCancelled() as event:
            return _meeting(
                state, event.meeting, replace(state.meetings[event.meeting], state="cancelled")
            )
        case events.BoardMeetingHeld() as event:
            return _meeting(
                state, event.meeting, replace(state.meetings[event.meeting], state="held")
            )
        case events.PlanClaimRecorded() as event:
            return replace(state, claims={**state.claims, event.claim: event})
        case events.PlanClaimWithdrawn() as event:
            left = {key: one for key, one in state.claims.items() if key != event.claim}
            return replace(state, claims=left)
        case events.ImprovementPlanClosed():
            return replace(state, closed=True)
        case event:
            return _part(state, event)


def _part(state: ImprovementPlan, event: Any) -> ImprovementPlan:
    match event:
        case events.PlanPartAdded():
            part = PlanPartState(event.tier, event.reference, event.title, event.under, event.leads)
        case events.PlanPartReworded():
            part = replace(state.parts[event.part], title=event.new)
        case events.PlanPartLedBy():
            part = replace(state.parts[event.part], leads=event.new)
        case events.PlanPartRouted() | events.PlanPartRemoved():
            part = replace(state.parts[event.part], open=False)
        case _:
            return state
    return replace(state, parts={**state.parts, event.part: part})


def _meeting(state: ImprovementPlan, meeting: str, now: MeetingState) -> ImprovementPlan:
    return replace(state, meetings={**state.meetings, meeting: now})
