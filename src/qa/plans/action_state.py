"""An action of an improvement plan as its facts leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.core.due_dates import Stage
from qa.core.errors import NotFound, NotNow
from qa.core.fact import Recorded
from qa.plans import action_events

Ended = Literal["", "split", "merged", "routed", "removed"]
_HOW = {
    "split": "It was split into other actions.",
    "merged": "It goes on in another action.",
    "routed": "Another board answers for it.",
    "removed": "It left the plan.",
}


def plan_action_stream(action: str) -> str:
    return f"plan-action:{action}"


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


def evolve(state: PlanAction, recorded: Recorded[Any]) -> PlanAction:
    match recorded.fact:
        case action_events.PlanActionAgreed() as fact:
            return PlanAction(
                id=fact.action,
                plan=fact.plan,
                part=fact.part,
                title=fact.title,
                since=fact.since,
                leads=fact.leads,
                responsible=fact.responsible,
                first=fact.stages,
                stages=fact.stages,
            )
        case action_events.PlanActionReworded() as fact:
            return replace(state, title=fact.new)
        case action_events.PlanActionLedBy() as fact:
            return replace(state, leads=fact.new_leads, responsible=fact.new_responsible)
        case action_events.PlanActionEvidenceAdded() as fact:
            return replace(state, evidence={**state.evidence, fact.evidence: fact.of})
        case action_events.PlanActionLinked() as fact:
            return replace(state, links=state.links | {(fact.kind, fact.to)})
        case action_events.PlanActionUnlinked() as fact:
            return replace(state, links=state.links - {(fact.kind, fact.to)})
        case action_events.PlanActionSplit():
            return replace(state, ended="split")
        case action_events.PlanActionMerged():
            return replace(state, ended="merged")
        case action_events.PlanActionRouted():
            return replace(state, ended="routed")
        case action_events.PlanActionRemoved():
            return replace(state, ended="removed")
        case action_events.SuccessMeasureSet() as fact:
            return replace(state, measures={**state.measures, fact.measure: fact})
        case action_events.SuccessMeasureWithdrawn() as fact:
            held = {key: value for key, value in state.measures.items() if key != fact.measure}
            return replace(state, measures=held)
        case _:
            return _dates(_assessed(state, recorded), recorded)


def _assessed(state: PlanAction, recorded: Recorded[Any]) -> PlanAction:
    match recorded.fact:
        case action_events.PlanActionAssessed() as fact:
            now = Assessment(fact.as_at, fact.level, recorded.meta.by)
        case action_events.PlanActionAssessmentWithdrawn() as fact:
            now = replace(state.assessments[fact.assessment], withdrawn=True)
        case action_events.PlanActionAssessmentAccepted() as fact:
            now = replace(state.assessments[fact.assessment], board="accepted")
        case action_events.PlanActionAssessmentChallenged() as fact:
            now = replace(state.assessments[fact.assessment], board="challenged")
        case _:
            return state
    return replace(state, assessments={**state.assessments, fact.assessment: now})


def _dates(state: PlanAction, recorded: Recorded[Any]) -> PlanAction:
    match recorded.fact:
        case action_events.PlanActionRescheduleAsked() as fact:
            now, stages = Request(recorded.meta.by, fact.new), state.stages
        case action_events.PlanActionRescheduled() as fact:
            now, stages = replace(state.requests[fact.request], open=False), fact.new
        case action_events.PlanActionRescheduleRefused() as fact:
            now, stages = replace(state.requests[fact.request], open=False), state.stages
        case _:
            return state
    return replace(state, stages=stages, requests={**state.requests, fact.request: now})


def known(action: PlanAction) -> None:
    """Raises `NotFound` for an action that was never agreed."""
    if not action.id:
        raise NotFound("There is no such action of an improvement plan.")


def goes_on(action: PlanAction) -> None:
    """Raises `NotNow` for an action that has ended, in words that say how."""
    if action.ended:
        raise NotNow(f"This action has ended. {_HOW[action.ended]}", code="action-ended")
