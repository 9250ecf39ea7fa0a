"""What each fact of a plan, an action and a RAG scale changes in their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from projections.core.base import Amend, Close, Put, RowChange
from projections.plans import tables
from qa.core.clock import microseconds
from qa.core.fact import Recorded
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

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        kind, _, owner = recorded.stream.partition(":")
        if kind == "rag-scale":
            return _scale(owner, recorded)
        if kind == "plan":
            changes = _plan(owner, recorded)
            if not isinstance(recorded.fact, events.ImprovementPlanOpened):
                version = {"stream_version": recorded.version}
                changes.append(Amend(tables.plan_row, (owner,), version))
            return changes
        version_row = {"action": owner, "stream_version": recorded.version}
        return [*_action(owner, recorded), Put(tables.plan_action_version, version_row)]


def _scale(scale: str, recorded: Recorded[Any]) -> list[RowChange]:
    match recorded.fact:
        case events.RagScalePublished() as fact:
            row = {
                "scale": scale,
                "version": fact.scale.version,
                "content": fact.scale.model_dump_json(),
                "published_on": recorded.meta.effective_on.isoformat(),
                "stream_version": recorded.version,
            }
            return [Put(tables.rag_scale_row, row)]
        case events.RagScaleMapped() as fact:
            row = {
                "scale": scale,
                "old": fact.old,
                "new": fact.new,
                "since": fact.since.isoformat(),
                "levels": as_json(fact.levels),
                "stream_version": recorded.version,
            }
            return [Put(tables.rag_mapping, row)]
        case _:
            return []


def _plan(plan: str, recorded: Recorded[Any]) -> list[RowChange]:
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    match recorded.fact:
        case events.ImprovementPlanOpened() as fact:
            return _opened(plan, recorded, fact)
        case events.PlanScaleAdopted() as fact:
            adopted = {"plan": plan, "since": fact.since.isoformat(), "scale": fact.new}
            return [Put(tables.plan_scale, adopted)]
        case events.PlanRulesAdopted() as fact:
            return [Put(tables.plan_rules, _rules(plan, recorded, fact.rules))]
        case events.ImprovementPlanClosed():
            closed = {"closed_on": day, "closed_because": because}
            return [Amend(tables.plan_row, (plan,), closed)]
        case events.TaskGroupFormed() as fact:
            group = {
                "plan": plan,
                "group": fact.group,
                "name": fact.name,
                "lead": fact.lead,
                "purpose": fact.purpose,
                "formed_on": day,
            }
            return [Put(tables.plan_group, group)]
        case events.TaskGroupDissolved() as fact:
            return [Amend(tables.plan_group, (plan, fact.group), {"dissolved_on": day})]
        case events.BoardMeetingCalled() as fact:
            meeting = {
                "plan": plan,
                "meeting": fact.meeting,
                "held_on": fact.on.isoformat(),
                "title": fact.title,
                "state": "called",
                "decisions": "",
            }
            return [Put(tables.plan_meeting, meeting)]
        case events.BoardMeetingCancelled() as fact:
            values = {"state": "cancelled", "cancelled_because": because}
            return [Amend(tables.plan_meeting, (plan, fact.meeting), values)]
        case events.BoardMeetingHeld() as fact:
            held = {"state": "held", "position": fact.position, "decisions": fact.decisions}
            return [Amend(tables.plan_meeting, (plan, fact.meeting), held)]
        case _:
            return _part(plan, recorded)


def _opened(
    plan: str, recorded: Recorded[Any], fact: events.ImprovementPlanOpened
) -> list[RowChange]:
    since = fact.since.isoformat()
    row = {
        "plan": plan,
        "opened": recorded.position,
        "stream_version": recorded.version,
        "title": fact.title,
        "board": fact.board,
        "tiers": as_json(fact.tiers),
        "since": since,
    }
    return [
        Put(tables.plan_row, row),
        Put(tables.plan_rules, _rules(plan, recorded, fact.rules)),
        Put(tables.plan_scale, {"plan": plan, "since": since, "scale": fact.scale}),
    ]


def _rules(plan: str, recorded: Recorded[Any], rules: StatusRules) -> dict[str, Any]:
    return {
        "plan": plan,
        "version": rules.version,
        "since": recorded.meta.effective_on.isoformat(),
        "rules": rules.model_dump_json(),
    }


def _part(plan: str, recorded: Recorded[Any]) -> list[RowChange]:
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    values: dict[str, Any]
    match recorded.fact:
        case events.PlanPartAdded() as fact:
            row = {
                "plan": plan,
                "part": fact.part,
                "number": recorded.version,
                "tier": fact.tier,
                "reference": fact.reference,
                "title": fact.title,
                "first_title": fact.title,
                "under": fact.under,
                "leads": as_json(fact.leads),
                "sources": as_json(fact.sources),
            }
            return [Put(tables.plan_part, row)]
        case events.PlanPartReworded() as fact:
            values = {"title": fact.new}
        case events.PlanPartLedBy() as fact:
            values = {"leads": as_json(fact.new)}
        case events.PlanPartRouted() as fact:
            values = {"ended": "routed", "board": fact.board}
            values |= {"ended_on": day, "ended_because": because}
        case events.PlanPartRemoved() as fact:
            values = {"ended": "removed", "ended_on": day, "ended_because": because}
        case _:
            return []
    return [Amend(tables.plan_part, (plan, fact.part), values)]


def _action(action: str, recorded: Recorded[Any]) -> list[RowChange]:
    meta, number = recorded.meta, recorded.version
    match recorded.fact:
        case action_events.PlanActionAgreed() as fact:
            return [Put(tables.plan_action_row, _agreed(action, recorded, fact))]
        case action_events.PlanActionReworded() as fact:
            wording = {
                "action": action,
                "number": number,
                "old": fact.old,
                "new": fact.new,
                "by": meta.by,
                "on": meta.effective_on.isoformat(),
                "because": meta.reason,
            }
            return [
                Amend(tables.plan_action_row, (action,), {"title": fact.new}),
                Put(tables.plan_wording, wording),
            ]
        case action_events.PlanActionLedBy() as fact:
            led = {"leads": as_json(fact.new_leads), "responsible": as_json(fact.new_responsible)}
            return [Amend(tables.plan_action_row, (action,), led)]
        case action_events.PlanActionEvidenceAdded() as fact:
            evidence = {
                "action": action,
                "evidence": fact.evidence,
                "number": number,
                "of": fact.of,
                "what": fact.what,
                "where": fact.where,
                "on": fact.on.isoformat(),
                "by": meta.by,
            }
            return [Put(tables.plan_evidence, evidence)]
        case action_events.PlanActionLinked() as fact:
            return [Put(tables.plan_link, {"action": action, "kind": fact.kind, "to": fact.to})]
        case action_events.PlanActionUnlinked() as fact:
            return [Close(tables.plan_link, (action, fact.kind, fact.to))]
        case _:
            return [
                *_ended(action, recorded),
                *_assessed(action, recorded),
                *_dated(action, recorded),
                *_measured(action, recorded),
            ]


def _agreed(
    action: str, recorded: Recorded[Any], fact: action_events.PlanActionAgreed
) -> dict[str, Any]:
    return {
        "action": action,
        "opened": recorded.position,
        "plan": fact.plan,
        "part": fact.part,
        "reference": fact.reference,
        "title": fact.title,
        "first_title": fact.title,
        "since": fact.since.isoformat(),
        "leads": as_json(fact.leads),
        "responsible": as_json(fact.responsible),
        "group": fact.group,
        "first_stages": as_json(fact.stages),
        "stages": as_json(fact.stages),
        "reschedulings": 0,
        "sources": as_json(fact.sources),
        "lineage": as_json(fact.lineage),
        "implied": int(fact.implied),
    }


def _ended(action: str, recorded: Recorded[Any]) -> list[RowChange]:
    match recorded.fact:
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


def _assessed(action: str, recorded: Recorded[Any]) -> list[RowChange]:
    reason = recorded.meta.reason
    values: dict[str, Any]
    match recorded.fact:
        case action_events.PlanActionAssessed() as fact:
            row = {
                "action": action,
                "assessment": fact.assessment,
                "number": recorded.version,
                "as_at": fact.as_at.isoformat(),
                "scale": fact.scale,
                "level": fact.level,
                "percent_complete": fact.percent_complete,
                "difference": fact.difference,
                "commentary": fact.commentary,
                "evidence": as_json(fact.evidence),
                "assessed_by": fact.assessed_by,
                "said": fact.said,
                "by": recorded.meta.by,
                "recorded_us": microseconds(recorded.recorded_at),
            }
            return [Put(tables.plan_assessment, row)]
        case action_events.PlanActionAssessmentWithdrawn() as fact:
            values = {"withdrawn_because": reason or ""}
        case action_events.PlanActionAssessmentAccepted() as fact:
            values = {"board": "accepted", "board_meeting": fact.meeting, "board_because": reason}
        case action_events.PlanActionAssessmentChallenged() as fact:
            values = {
                "board": "challenged",
                "board_meeting": fact.meeting,
                "board_because": reason,
            }
        case _:
            return []
    return [Amend(tables.plan_assessment, (action, fact.assessment), values)]


def _dated(action: str, recorded: Recorded[Any]) -> list[RowChange]:
    meta = recorded.meta
    decided = {
        "decided_by": meta.by,
        "decided_on": meta.effective_on.isoformat(),
        "decided_because": meta.reason,
    }
    match recorded.fact:
        case action_events.PlanActionRescheduleAsked() as fact:
            row = {
                "action": action,
                "request": fact.request,
                "number": recorded.version,
                "state": "asked",
                "old": as_json(fact.old),
                "new": as_json(fact.new),
                "asked_by": meta.by,
                "asked_on": meta.effective_on.isoformat(),
                "because": meta.reason,
            }
            return [Put(tables.plan_reschedule, row)]
        case action_events.PlanActionRescheduled() as fact:
            stages = as_json(fact.new)
            return [
                Amend(
                    tables.plan_reschedule,
                    (action, fact.request),
                    {"state": "approved", **decided},
                ),
                Amend(
                    tables.plan_action_row,
                    (action,),
                    lambda row: {"stages": stages, "reschedulings": row["reschedulings"] + 1},
                ),
            ]
        case action_events.PlanActionRescheduleRefused() as fact:
            values = {"state": "refused", **decided}
            return [Amend(tables.plan_reschedule, (action, fact.request), values)]
        case _:
            return []


def _measured(action: str, recorded: Recorded[Any]) -> list[RowChange]:
    day = recorded.meta.effective_on.isoformat()
    match recorded.fact:
        case action_events.SuccessMeasureSet() as fact:
            row = {
                "action": action,
                "measure": fact.measure,
                "number": recorded.version,
                "text": fact.text,
                "comparator": fact.comparator,
                "target": None if fact.target is None else str(fact.target),
                "unit": fact.unit,
                "indicator": fact.indicator,
                "set_on": day,
            }
            return [Put(tables.plan_measure, row)]
        case action_events.SuccessMeasureWithdrawn() as fact:
            values = {"withdrawn_on": day, "withdrawn_because": recorded.meta.reason or ""}
            return [Amend(tables.plan_measure, (action, fact.measure), values)]
        case action_events.SuccessMeasureReported() as fact:
            row = {
                "action": action,
                "report": fact.report,
                "number": recorded.version,
                "content": fact.model_dump_json(),
                "on": day,
                "by": recorded.meta.by,
            }
            return [Put(tables.plan_measure_report, row)]
        case _:
            return []
