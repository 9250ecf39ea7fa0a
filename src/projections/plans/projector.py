"""What each event of a plan, an action and a RAG scale changes in their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from projections.core.base import Amend, Close, Put, RowChange
from projections.plans import tables
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.plans import action_events, events
from qa.plans.status_rules import StatusRules


def as_json(values: Iterable[Any]) -> str:
    """A list of values (models or text) as the rows keep it."""
    return orjson.dumps(
        [each.model_dump(mode="json") if hasattr(each, "model_dump") else each for each in values]
    ).decode()


class ImprovementPlans:
    """Projects plans, their actions and the scales they are rated on."""

    name = "improvement_plans"
    version = 1
    tables = tables.TABLES
    by_stream = True
    handles = (
        events.RagScalePublished,
        events.RagScaleMapped,
        events.ImprovementPlanOpened,
        events.PlanScaleAdopted,
        events.PlanRulesAdopted,
        events.PlanPartAdded,
        events.PlanPartReworded,
        events.PlanPartLedBy,
        events.PlanPartRouted,
        events.PlanPartRemoved,
        events.TaskGroupFormed,
        events.TaskGroupDissolved,
        events.BoardMeetingCalled,
        events.BoardMeetingCancelled,
        events.BoardMeetingHeld,
        events.ImprovementPlanClosed,
        action_events.PlanActionAgreed,
        action_events.PlanActionAssessed,
        action_events.PlanActionAssessmentWithdrawn,
        action_events.PlanActionAssessmentAccepted,
        action_events.PlanActionAssessmentChallenged,
        action_events.PlanActionEvidenceAdded,
        action_events.PlanActionRescheduleAsked,
        action_events.PlanActionRescheduled,
        action_events.PlanActionRescheduleRefused,
        action_events.PlanActionReworded,
        action_events.PlanActionLedBy,
        action_events.PlanActionSplit,
        action_events.PlanActionMerged,
        action_events.PlanActionRouted,
        action_events.PlanActionRemoved,
        action_events.SuccessMeasureSet,
        action_events.SuccessMeasureWithdrawn,
        action_events.SuccessMeasureReported,
        action_events.PlanActionLinked,
        action_events.PlanActionUnlinked,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        kind, _, owner = recorded.stream.partition(":")
        if kind == "rag-scale":
            return _scale(owner, recorded)
        if kind == "plan":
            changes = _plan(owner, recorded)
            if not isinstance(recorded.event, events.ImprovementPlanOpened):
                version = {"stream_version": recorded.version}
                changes.append(Amend(tables.plan_row, (owner,), version))
            return changes
        version_row = {"action": owner, "stream_version": recorded.version}
        return [*_action(owner, recorded), Put(tables.plan_action_version, version_row)]


def _scale(scale: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    match recorded.event:
        case events.RagScalePublished() as event:
            row = {
                "scale": scale,
                "version": event.scale.version,
                "content": event.scale.model_dump_json(),
                "published_on": recorded.meta.effective_on.isoformat(),
                "stream_version": recorded.version,
            }
            return [Put(tables.rag_scale_row, row)]
        case events.RagScaleMapped() as event:
            row = {
                "scale": scale,
                "old": event.old,
                "new": event.new,
                "since": event.since.isoformat(),
                "levels": as_json(event.levels),
                "stream_version": recorded.version,
            }
            return [Put(tables.rag_mapping, row)]
        case _:
            return []


def _plan(plan: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    match recorded.event:
        case events.ImprovementPlanOpened() as event:
            return _opened(plan, recorded, event)
        case events.PlanScaleAdopted() as event:
            adopted = {"plan": plan, "since": event.since.isoformat(), "scale": event.new}
            return [Put(tables.plan_scale, adopted)]
        case events.PlanRulesAdopted() as event:
            return [Put(tables.plan_rules, _rules(plan, recorded, event.rules))]
        case events.ImprovementPlanClosed():
            closed = {"closed_on": day, "closed_because": because}
            return [Amend(tables.plan_row, (plan,), closed)]
        case events.TaskGroupFormed() as event:
            group = {
                "plan": plan,
                "group": event.group,
                "name": event.name,
                "lead": event.lead,
                "purpose": event.purpose,
                "formed_on": day,
            }
            return [Put(tables.plan_group, group)]
        case events.TaskGroupDissolved() as event:
            return [Amend(tables.plan_group, (plan, event.group), {"dissolved_on": day})]
        case events.BoardMeetingCalled() as event:
            meeting = {
                "plan": plan,
                "meeting": event.meeting,
                "held_on": event.on.isoformat(),
                "title": event.title,
                "state": "called",
                "decisions": "",
            }
            return [Put(tables.plan_meeting, meeting)]
        case events.BoardMeetingCancelled() as event:
            values = {"state": "cancelled", "cancelled_because": because}
            return [Amend(tables.plan_meeting, (plan, event.meeting), values)]
        case events.BoardMeetingHeld() as event:
            held = {"state": "held", "position": event.position, "decisions": event.decisions}
            return [Amend(tables.plan_meeting, (plan, event.meeting), held)]
        case _:
            return _part(plan, recorded)


def _opened(
    plan: str, recorded: RecordedEvent[Any], event: events.ImprovementPlanOpened
) -> list[RowChange]:
    since = event.since.isoformat()
    row = {
        "plan": plan,
        "opened": recorded.position,
        "stream_version": recorded.version,
        "title": event.title,
        "board": event.board,
        "tiers": as_json(event.tiers),
        "since": since,
    }
    return [
        Put(tables.plan_row, row),
        Put(tables.plan_rules, _rules(plan, recorded, event.rules)),
        Put(tables.plan_scale, {"plan": plan, "since": since, "scale": event.scale}),
    ]


def _rules(plan: str, recorded: RecordedEvent[Any], rules: StatusRules) -> dict[str, Any]:
    return {
        "plan": plan,
        "version": rules.version,
        "since": recorded.meta.effective_on.isoformat(),
        "rules": rules.model_dump_json(),
    }


def _part(plan: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    values: dict[str, Any]
    match recorded.event:
        case events.PlanPartAdded() as event:
            row = {
                "plan": plan,
                "part": event.part,
                "number": recorded.version,
                "tier": event.tier,
                "reference": event.reference,
                "title": event.title,
                "first_title": event.title,
                "under": event.under,
                "leads": as_json(event.leads),
                "sources": as_json(event.sources),
            }
            return [Put(tables.plan_part, row)]
        case events.PlanPartReworded() as event:
            values = {"title": event.new}
        case events.PlanPartLedBy() as event:
            values = {"leads": as_json(event.new)}
        case events.PlanPartRouted() as event:
            values = {"ended": "routed", "board": event.board}
            values |= {"ended_on": day, "ended_because": because}
        case events.PlanPartRemoved() as event:
            values = {"ended": "removed", "ended_on": day, "ended_because": because}
        case _:
            return []
    return [Amend(tables.plan_part, (plan, event.part), values)]


def _action(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    meta, number = recorded.meta, recorded.version
    match recorded.event:
        case action_events.PlanActionAgreed() as event:
            return [Put(tables.plan_action_row, _agreed(action, recorded, event))]
        case action_events.PlanActionReworded() as event:
            wording = {
                "action": action,
                "number": number,
                "old": event.old,
                "new": event.new,
                "by": meta.by,
                "on": meta.effective_on.isoformat(),
                "because": meta.reason,
            }
            return [
                Amend(tables.plan_action_row, (action,), {"title": event.new}),
                Put(tables.plan_wording, wording),
            ]
        case action_events.PlanActionLedBy() as event:
            led = {"leads": as_json(event.new_leads), "responsible": as_json(event.new_responsible)}
            return [Amend(tables.plan_action_row, (action,), led)]
        case action_events.PlanActionEvidenceAdded() as event:
            evidence = {
                "action": action,
                "evidence": event.evidence,
                "number": number,
                "of": event.of,
                "what": event.what,
                "where": event.where,
                "on": event.on.isoformat(),
                "by": meta.by,
            }
            return [Put(tables.plan_evidence, evidence)]
        case action_events.PlanActionLinked() as event:
            return [Put(tables.plan_link, {"action": action, "kind": event.kind, "to": event.to})]
        case action_events.PlanActionUnlinked() as event:
            return [Close(tables.plan_link, (action, event.kind, event.to))]
        case _:
            return [
                *_ended(action, recorded),
                *_assessed(action, recorded),
                *_dated(action, recorded),
                *_measured(action, recorded),
            ]


def _agreed(
    action: str, recorded: RecordedEvent[Any], event: action_events.PlanActionAgreed
) -> dict[str, Any]:
    return {
        "action": action,
        "opened": recorded.position,
        "plan": event.plan,
        "part": event.part,
        "reference": event.reference,
        "title": event.title,
        "first_title": event.title,
        "since": event.since.isoformat(),
        "leads": as_json(event.leads),
        "responsible": as_json(event.responsible),
        "group": event.group,
        "first_stages": as_json(event.stages),
        "stages": as_json(event.stages),
        "reschedulings": 0,
        "sources": as_json(event.sources),
        "lineage": as_json(event.lineage),
        "implied": int(event.implied),
    }


def _ended(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    match recorded.event:
        case action_events.PlanActionSplit(into=into):
            ended, where = "split", list(into)
        case action_events.PlanActionMerged(into=one):
            ended, where = "merged", [one]
        case action_events.PlanActionRouted(board=board):
            ended, where = "routed", [board]
        case action_events.PlanActionRemoved():
            ended, where = "removed", []
        case _:
            return []
    values = {
        "ended": ended,
        "ended_on": recorded.meta.effective_on.isoformat(),
        "ended_because": recorded.meta.reason,
        "ended_into": as_json(where),
    }
    return [Amend(tables.plan_action_row, (action,), values)]


def _assessed(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    reason = recorded.meta.reason
    values: dict[str, Any]
    match recorded.event:
        case action_events.PlanActionAssessed() as event:
            row = {
                "action": action,
                "assessment": event.assessment,
                "number": recorded.version,
                "as_at": event.as_at.isoformat(),
                "scale": event.scale,
                "level": event.level,
                "percent_complete": event.percent_complete,
                "difference": event.difference,
                "commentary": event.commentary,
                "evidence": as_json(event.evidence),
                "assessed_by": event.assessed_by,
                "said": event.said,
                "by": recorded.meta.by,
                "recorded_us": microseconds(recorded.recorded_at),
            }
            return [Put(tables.plan_assessment, row)]
        case action_events.PlanActionAssessmentWithdrawn() as event:
            values = {"withdrawn_because": reason or ""}
        case action_events.PlanActionAssessmentAccepted() as event:
            values = {"board": "accepted", "board_meeting": event.meeting, "board_because": reason}
        case action_events.PlanActionAssessmentChallenged() as event:
            values = {
                "board": "challenged",
                "board_meeting": event.meeting,
                "board_because": reason,
            }
        case _:
            return []
    return [Amend(tables.plan_assessment, (action, event.assessment), values)]


def _dated(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    meta = recorded.meta
    decided = {
        "decided_by": meta.by,
        "decided_on": meta.effective_on.isoformat(),
        "decided_because": meta.reason,
    }
    match recorded.event:
        case action_events.PlanActionRescheduleAsked() as event:
            row = {
                "action": action,
                "request": event.request,
                "number": recorded.version,
                "state": "asked",
                "old": as_json(event.old),
                "new": as_json(event.new),
                "asked_by": meta.by,
                "asked_on": meta.effective_on.isoformat(),
                "because": meta.reason,
            }
            return [Put(tables.plan_reschedule, row)]
        case action_events.PlanActionRescheduled() as event:
            stages = as_json(event.new)
            return [
                Amend(
                    tables.plan_reschedule,
                    (action, event.request),
                    {"state": "approved", **decided},
                ),
                Amend(
                    tables.plan_action_row,
                    (action,),
                    lambda row: {"stages": stages, "reschedulings": row["reschedulings"] + 1},
                ),
            ]
        case action_events.PlanActionRescheduleRefused() as event:
            values = {"state": "refused", **decided}
            return [Amend(tables.plan_reschedule, (action, event.request), values)]
        case _:
            return []


def _measured(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    day = recorded.meta.effective_on.isoformat()
    match recorded.event:
        case action_events.SuccessMeasureSet() as event:
            row = {
                "action": action,
                "measure": event.measure,
                "number": recorded.version,
                "text": event.text,
                "comparator": event.comparator,
                "target": None if event.target is None else str(event.target),
                "unit": event.unit,
                "indicator": event.indicator,
                "set_on": day,
            }
            return [Put(tables.plan_measure, row)]
        case action_events.SuccessMeasureWithdrawn() as event:
            values = {"withdrawn_on": day, "withdrawn_because": recorded.meta.reason or ""}
            return [Amend(tables.plan_measure, (action, event.measure), values)]
        case action_events.SuccessMeasureReported() as event:
            row = {
                "action": action,
                "report": event.report,
                "number": recorded.version,
                "content": event.model_dump_json(),
                "on": day,
                "by": recorded.meta.by,
            }
            return [Put(tables.plan_measure_report, row)]
        case _:
            return []


PROJECTORS = (ImprovementPlans,)
