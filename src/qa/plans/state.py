"""An improvement plan as its facts leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.core.fact import Recorded
from qa.plans import events
from qa.plans.status_rules import StatusRules


def plan_stream(plan: str) -> str:
    return f"plan:{plan}"


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
    closed: bool = False

    def scale_on(self, day: date) -> str | None:
        """The key of the scale that actions are rated on as at `day`; None before the first."""
        return next((key for since, key in reversed(self.scales) if since <= day), None)


def evolve(state: ImprovementPlan, recorded: Recorded[Any]) -> ImprovementPlan:
    match recorded.fact:
        case events.ImprovementPlanOpened() as fact:
            return ImprovementPlan(
                id=fact.plan,
                since=fact.since,
                tiers=fact.tiers,
                scales=((fact.since, fact.scale),),
                rules=fact.rules,
            )
        case events.PlanScaleAdopted() as fact:
            return replace(state, scales=(*state.scales, (fact.since, fact.new)))
        case events.PlanRulesAdopted() as fact:
            return replace(state, rules=fact.rules)
        case events.TaskGroupFormed() as fact:
            return replace(state, groups={**state.groups, fact.group: True})
        case events.TaskGroupDissolved() as fact:
            return replace(state, groups={**state.groups, fact.group: False})
        case events.BoardMeetingCalled() as fact:
            return _meeting(state, fact.meeting, MeetingState(fact.on))
        case events.BoardMeetingCancelled() as fact:
            return _meeting(
                state, fact.meeting, replace(state.meetings[fact.meeting], state="cancelled")
            )
        case events.BoardMeetingHeld() as fact:
            return _meeting(
                state, fact.meeting, replace(state.meetings[fact.meeting], state="held")
            )
        case events.ImprovementPlanClosed():
            return replace(state, closed=True)
        case fact:
            return _part(state, fact)


def _part(state: ImprovementPlan, fact: Any) -> ImprovementPlan:
    match fact:
        case events.PlanPartAdded():
            part = PlanPartState(fact.tier, fact.reference, fact.title, fact.under, fact.leads)
        case events.PlanPartReworded():
            part = replace(state.parts[fact.part], title=fact.new)
        case events.PlanPartLedBy():
            part = replace(state.parts[fact.part], leads=fact.new)
        case events.PlanPartRouted() | events.PlanPartRemoved():
            part = replace(state.parts[fact.part], open=False)
        case _:
            return state
    return replace(state, parts={**state.parts, fact.part: part})


def _meeting(state: ImprovementPlan, meeting: str, now: MeetingState) -> ImprovementPlan:
    return replace(state, meetings={**state.meetings, meeting: now})
