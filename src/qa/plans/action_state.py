"""An action of an improvement plan as its events leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.core.carry import carry
from qa.core.due_dates import Stage
from qa.core.errors import NotFound, NotNow
from qa.core.event import RecordedEvent
from qa.plans import action_events

Ended = Literal["", "split", "merged", "routed", "removed"]
_HOW = {
    "split": "It was split into other actions.",
    "merged": "It goes on in another action.",
    "routed": "Another board answers for it.",
    "removed": "It left the plan.",
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """One review. `by` recorded it; `board` is what a meeting said of it."""

    as_at: date
    level: str | None
    by: str
    withdrawn: bool = False
    board: Literal["", "accepted", "challenged"] = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A rescheduling that was asked for."""

    by: str
    new: tuple[Stage, ...]
    open: bool = True


@dataclass(frozen=True, slots=True)
class PlanAction:
    """What the action stands at. `stages` are the dates in force; the first agreed ones are kept
    in `first`. `evidence` says of each piece whether it is of delivery or of impact."""

    id: str = ""
    plan: str = ""
    part: str = ""
    title: str = ""
    since: date = date.min
    leads: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    first: tuple[Stage, ...] = ()
    stages: tuple[Stage, ...] = ()
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)
    measures: Mapping[str, action_events.SuccessMeasureSet] = field(default_factory=dict)
    links: frozenset[tuple[str, str]] = frozenset()
    ended: Ended = ""


def evolve(state: PlanAction, recorded: RecordedEvent[Any]) -> PlanAction:
    match recorded.event:
        case action_events.PlanActionAgreed() as event:
            return carry(PlanAction, event, id=event.action, first=event.stages)
        case action_events.PlanActionReworded() as event:
            return replace(state, title=event.new)
        case action_events.PlanActionLedBy() as event:
            return replace(state, leads=event.new_leads, responsible=event.new_responsible)
        case action_events.PlanActionEvidenceAdded() as event:
            return replace(state, evidence={**state.evidence, event.evidence: event.of})
        case action_events.PlanActionLinked() as event:
            return replace(state, links=state.links | {(event.kind, event.to)})
        case action_events.PlanActionUnlinked() as event:
            return replace(state, links=state.links - {(event.kind, event.to)})
        case action_events.PlanActionSplit():
            return replace(state, ended="split")
        case action_events.PlanActionMerged():
            return replace(state, ended="merged")
        case action_events.PlanActionRouted():
            return replace(state, ended="routed")
        case action_events.PlanActionRemoved():
            return replace(state, ended="removed")
        case action_events.SuccessMeasureSet() as event:
            return replace(state, measures={**state.measures, event.measure: event})
        case action_events.SuccessMeasureWithdrawn() as event:
            measures = {key: value for key, value in state.measures.items() if key != event.measure}
            return replace(state, measures=measures)
        case _:
            return _dates(_assessed(state, recorded), recorded)


def _assessed(state: PlanAction, recorded: RecordedEvent[Any]) -> PlanAction:
    match recorded.event:
        case action_events.PlanActionAssessed() as event:
            now = Assessment(event.as_at, event.level, recorded.meta.by)
        case action_events.PlanActionAssessmentWithdrawn() as event:
            now = replace(state.assessments[event.assessment], withdrawn=True)
        case action_events.PlanActionAssessmentAccepted() as event:
            now = replace(state.assessments[event.assessment], board="accepted")
        case action_events.PlanActionAssessmentChallenged() as event:
            now = replace(state.assessments[event.assessment], board="challenged")
        case _:
            return state
    return replace(state, assessments={**state.assessments, event.assessment: now})


def _dates(state: PlanAction, recorded: RecordedEvent[Any]) -> PlanAction:
    match recorded.event:
        case action_events.PlanActionRescheduleAsked() as event:
            now, stages = Request(recorded.meta.by, event.new), state.stages
        case action_events.PlanActionRescheduled() as event:
            now, stages = replace(state.requests[event.request], open=False), event.new
        case action_events.PlanActionRescheduleRefused() as event:
            now, stages = replace(state.requests[event.request], open=False), state.stages
        case _:
            return state
    return replace(state, stages=stages, requests={**state.requests, event.request: now})


def known(action: PlanAction) -> None:
    """Raises `NotFound` for an action that was never agreed."""
    if not action.id:
        raise NotFound("There is no such action of an improvement plan.")


def goes_on(action: PlanAction) -> None:
    """Raises `NotNow` for an action that has ended, in words that say how."""
    if action.ended:
        raise NotNow(f"This action has ended. {_HOW[action.ended]}", code="action-ended")
