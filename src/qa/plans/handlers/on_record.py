"""What an import of a plan meets: the events as they were first recorded, and who brought them.

The decisions on a plan work with what stands now. An import asks other things: whether a row is
already on record in the words it came in, and which events a batch brought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qa.authorisation.context import Work
from qa.core.event import Event, RecordedEvent, Source
from qa.plans import action_events, events
from qa.plans.action_events import plan_action_stream
from qa.plans.events import plan_stream


@dataclass(frozen=True, slots=True)
class ActionOnRecord:
    """An action in the words it was agreed in, its standing reviews and measures, and what was
    reported. `brought` is the batch that brought each of them, by id."""

    agreed: action_events.PlanActionAgreed | None = None
    assessments: Mapping[str, action_events.PlanActionAssessed] = field(default_factory=dict)
    measures: Mapping[str, action_events.SuccessMeasureSet] = field(default_factory=dict)
    reports: tuple[action_events.SuccessMeasureReported, ...] = ()
    brought: Mapping[str, str] = field(default_factory=dict)


def action_on_record(work: Work, action: str) -> ActionOnRecord:
    return work.unit.load(plan_action_stream(action), _evolve_action, ActionOnRecord())


def _evolve_action(state: ActionOnRecord, recorded: RecordedEvent[Any]) -> ActionOnRecord:
    match recorded.event:
        case action_events.PlanActionAgreed() as event:
            return replace(_brought(state, recorded, event.action), agreed=event)
        case action_events.PlanActionAssessed() as event:
            assessments = {**state.assessments, event.assessment: event}
            return replace(_brought(state, recorded, event.assessment), assessments=assessments)
        case action_events.PlanActionAssessmentWithdrawn() as event:
            return replace(state, assessments=_without(state.assessments, event.assessment))
        case action_events.SuccessMeasureSet() as event:
            set_ = {**state.measures, event.measure: event}
            return replace(_brought(state, recorded, event.measure), measures=set_)
        case action_events.SuccessMeasureWithdrawn() as event:
            return replace(state, measures=_without(state.measures, event.measure))
        case action_events.SuccessMeasureReported() as event:
            return replace(_brought(state, recorded, event.report), reports=(*state.reports, event))
        case action_events.SuccessMeasureReportWithdrawn() as event:
            left = tuple(one for one in state.reports if one.report != event.report)
            return replace(state, reports=left)
        case _:
            return state


def _brought(state: ActionOnRecord, recorded: RecordedEvent[Any], what: str) -> ActionOnRecord:
    source = recorded.meta.source
    if source is None:
        return state
    return replace(state, brought={**state.brought, what: source.batch})


def _without(entries: Mapping[str, Any], gone: str) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if key != gone}


@dataclass(frozen=True, slots=True)
class PlanOnRecord:
    """The titles that each part of a plan ever had, and the batch that brought each part, each
    published figure and, as "", the plan itself."""

    titles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    brought: Mapping[str, str] = field(default_factory=dict)


def plan_on_record(work: Work, plan: str) -> PlanOnRecord:
    return work.unit.load(plan_stream(plan), _evolve_plan, PlanOnRecord())


def _evolve_plan(state: PlanOnRecord, recorded: RecordedEvent[Any]) -> PlanOnRecord:
    source = recorded.meta.source
    match recorded.event:
        case events.ImprovementPlanOpened():
            return state if source is None else PlanOnRecord(brought={"": source.batch})
        case events.PlanPartAdded() as event:
            titles = {**state.titles, event.part: frozenset({event.title})}
            brought = {} if source is None else {event.part: source.batch}
            return PlanOnRecord(titles, {**state.brought, **brought})
        case events.PlanClaimRecorded() as event:
            claimed = {} if source is None else {event.claim: source.batch}
            return replace(state, brought={**_without(state.brought, event.claim), **claimed})
        case events.PlanPartReworded() as event:
            known = state.titles.get(event.part, frozenset()) | {event.new}
            return replace(state, titles={**state.titles, event.part: known})
        case _:
            return state


Slot = tuple[type[Event], str]
"""What can stand once: a review of a day, a success measure, a published figure."""


@dataclass(frozen=True, slots=True)
class BatchBefore:
    """What one batch changed on a stream of a plan: the events by which it corrected. And the
    reviews, measures and published figures that stand, and those that batches withdrew for others,
    by batch and slot, each with the file that it is from."""

    batch: str
    changed: tuple[Event, ...] = ()
    stood: Mapping[str, RecordedEvent[Any]] = field(default_factory=dict)
    before: Mapping[tuple[str, Slot], RecordedEvent[Any]] = field(default_factory=dict)

    def taken_up_again(
        self, undone: Iterable[Event], is_undone: Callable[[Source | None], bool]
    ) -> Iterator[RecordedEvent[Any]]:
        """What stands again once the batch's own are `undone`: what it took the place of, but never
        what is from a batch that was undone too."""
        ids = (getattr(event, _ENDS[type(event)], "") for event in undone if type(event) in _ENDS)
        gone = {_slot(self.stood[one].event) for one in ids if one in self.stood}
        for (by, slot), was in self.before.items():
            again: RecordedEvent[Any] | None = was if by == self.batch and slot in gone else None
            while again is not None and is_undone(source := again.meta.source):
                assert source is not None
                earlier = self.before.get((source.batch, slot))
                again = earlier if earlier and earlier.position < again.position else None
            if again is not None:
                yield again


_KEYS: Mapping[type[Event], str] = {
    action_events.PlanActionAssessed: "assessment",
    action_events.SuccessMeasureSet: "measure",
    events.PlanClaimRecorded: "claim",
}
_ENDS: Mapping[type[Event], str] = {
    action_events.PlanActionAssessmentWithdrawn: "assessment",
    action_events.SuccessMeasureWithdrawn: "measure",
    events.PlanClaimWithdrawn: "claim",
}


def _slot(event: Event) -> Slot:
    name = "as_at" if isinstance(event, action_events.PlanActionAssessed) else _KEYS[type(event)]
    return type(event), str(getattr(event, name))


def evolve_before(state: BatchBefore, recorded: RecordedEvent[Any]) -> BatchBefore:
    event, source = recorded.event, recorded.meta.source
    ours = source is not None and source.batch == state.batch
    kind = type(event)
    if kind in _KEYS:
        stood = {**state.stood, getattr(event, _KEYS[kind]): recorded}
        return replace(state, stood=stood)
    if kind in _ENDS:
        gone, before = getattr(event, _ENDS[kind]), state.before
        if source is not None and gone in state.stood:
            before = {(source.batch, _slot(state.stood[gone].event)): state.stood[gone], **before}
        return replace(state, stood=_without(state.stood, gone), before=before)
    return replace(state, changed=(*state.changed, event)) if ours else state
