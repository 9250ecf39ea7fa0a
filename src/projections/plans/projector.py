"""What each fact of a plan, an action and a RAG scale changes in their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from projections.core.base import Amend, Change, Close, Put
from projections.plans import tables
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.plans import action_events as actions
from qa.plans import events as plans
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
        plans.RagScalePublished,
        plans.RagScaleMapped,
        plans.ImprovementPlanOpened,
        plans.PlanScaleAdopted,
        plans.PlanRulesAdopted,
        plans.PlanPartAdded,
        plans.PlanPartReworded,
        plans.PlanPartLedBy,
        plans.PlanPartRouted,
        plans.PlanPartRemoved,
        plans.TaskGroupFormed,
        plans.TaskGroupDissolved,
        plans.BoardMeetingCalled,
        plans.BoardMeetingCancelled,
        plans.BoardMeetingHeld,
        plans.ImprovementPlanClosed,
        actions.PlanActionAgreed,
        actions.PlanActionAssessed,
        actions.PlanActionAssessmentWithdrawn,
        actions.PlanActionAssessmentAccepted,
        actions.PlanActionAssessmentChallenged,
        actions.PlanActionEvidenceAdded,
        actions.PlanActionRescheduleAsked,
        actions.PlanActionRescheduled,
        actions.PlanActionRescheduleRefused,
        actions.PlanActionReworded,
        actions.PlanActionLedBy,
        actions.PlanActionSplit,
        actions.PlanActionMerged,
        actions.PlanActionRouted,
        actions.PlanActionRemoved,
        actions.SuccessMeasureSet,
        actions.SuccessMeasureWithdrawn,
        actions.SuccessMeasureReported,
        actions.PlanActionLinked,
        actions.PlanActionUnlinked,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        kind, _, owner = recorded.stream.partition(":")
        if kind == "rag-scale":
            return _scale(owner, recorded)
        if kind == "plan":
            changes = _plan(owner, recorded)
            if not isinstance(recorded.fact, plans.ImprovementPlanOpened):
                version = {"stream_version": recorded.version}
                changes.append(Amend(tables.plan_row, (owner,), version))
            return changes
        version_row = {"action": owner, "stream_version": recorded.version}
        return [*_action(owner, recorded), Put(tables.plan_action_version, version_row)]


def _scale(scale: str, recorded: Recorded[Any]) -> list[Change]:
    match recorded.fact:
        case plans.RagScalePublished() as fact:
            row = {
                "scale": scale,
                "version": fact.scale.version,
                "content": fact.scale.model_dump_json(),
                "published_on": recorded.meta.effective_on.isoformat(),
                "stream_version": recorded.version,
            }
            return [Put(tables.rag_scale_row, row)]
        case plans.RagScaleMapped() as fact:
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


def _plan(plan: str, recorded: Recorded[Any]) -> list[Change]:
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    match recorded.fact:
        case plans.ImprovementPlanOpened() as fact:
            return _opened(plan, recorded, fact)
        case plans.PlanScaleAdopted() as fact:
            adopted = {"plan": plan, "since": fact.since.isoformat(), "scale": fact.new}
            return [Put(tables.plan_scale, adopted)]
        case plans.PlanRulesAdopted() as fact:
            return [Put(tables.plan_rules, _rules(plan, recorded, fact.rules))]
        case plans.ImprovementPlanClosed():
            closed = {"closed_on": day, "closed_because": because}
            return [Amend(tables.plan_row, (plan,), closed)]
        case plans.TaskGroupFormed() as fact:
            group = {
                "plan": plan,
                "group": fact.group,
                "name": fact.name,
                "lead": fact.lead,
                "purpose": fact.purpose,
                "formed_on": day,
            }
            return [Put(tables.plan_group, group)]
        case plans.TaskGroupDissolved() as fact:
            return [Amend(tables.plan_group, (plan, fact.group), {"dissolved_on": day})]
        case plans.BoardMeetingCalled() as fact:
            meeting = {
                "plan": plan,
                "meeting": fact.meeting,
                "held_on": fact.on.isoformat(),
                "title": fact.title,
                "state": "called",
                "decisions": "",
            }
            return [Put(tables.plan_meeting, meeting)]
        case plans.BoardMeetingCancelled() as fact:
            values = {"state": "cancelled", "cancelled_because": because}
            return [Amend(tables.plan_meeting, (plan, fact.meeting), values)]
        case plans.BoardMeetingHeld() as fact:
            held = {"state": "held", "position": fact.position, "decisions": fact.decisions}
            return [Amend(tables.plan_meeting, (plan, fact.meeting), held)]
        case _:
            return _part(plan, recorded)


def _opened(plan: str, recorded: Recorded[Any], fact: plans.ImprovementPlanOpened) -> list[Change]:
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


def _part(plan: str, recorded: Recorded[Any]) -> list[Change]:
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    values: dict[str, Any]
    match recorded.fact:
        case plans.PlanPartAdded() as fact:
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
        case plans.PlanPartReworded() as fact:
            values = {"title": fact.new}
        case plans.PlanPartLedBy() as fact:
            values = {"leads": as_json(fact.new)}
        case plans.PlanPartRouted() as fact:
            values = {"ended": "routed", "board": fact.board}
            values |= {"ended_on": day, "ended_because": because}
        case plans.PlanPartRemoved() as fact:
            values = {"ended": "removed", "ended_on": day, "ended_because": because}
        case _:
            return []
    return [Amend(tables.plan_part, (plan, fact.part), values)]


def _action(action: str, recorded: Recorded[Any]) -> list[Change]:
    meta, number = recorded.meta, recorded.version
    match recorded.fact:
        case actions.PlanActionAgreed() as fact:
            return [Put(tables.plan_action_row, _agreed(action, recorded, fact))]
        case actions.PlanActionReworded() as fact:
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
        case actions.PlanActionLedBy() as fact:
            led = {"leads": as_json(fact.new_leads), "responsible": as_json(fact.new_responsible)}
            return [Amend(tables.plan_action_row, (action,), led)]
        case actions.PlanActionEvidenceAdded() as fact:
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
        case actions.PlanActionLinked() as fact:
            return [Put(tables.plan_link, {"action": action, "kind": fact.kind, "to": fact.to})]
        case actions.PlanActionUnlinked() as fact:
            return [Close(tables.plan_link, (action, fact.kind, fact.to))]
        case _:
            return [
                *_ended(action, recorded),
                *_assessed(action, recorded),
                *_dated(action, recorded),
                *_measured(action, recorded),
            ]


def _agreed(action: str, recorded: Recorded[Any], fact: actions.PlanActionAgreed) -> dict[str, Any]:
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


def _ended(action: str, recorded: Recorded[Any]) -> list[Change]:
    match recorded.fact:
        case actions.PlanActionSplit(into=into):
            ended, where = "split", list(into)
        case actions.PlanActionMerged(into=one):
            ended, where = "merged", [one]
        case actions.PlanActionRouted(board=board):
            ended, where = "routed", [board]
        case actions.PlanActionRemoved():
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


def _assessed(action: str, recorded: Recorded[Any]) -> list[Change]:
    reason = recorded.meta.reason
    values: dict[str, Any]
    match recorded.fact:
        case actions.PlanActionAssessed() as fact:
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
        case actions.PlanActionAssessmentWithdrawn() as fact:
            values = {"withdrawn_because": reason or ""}
        case actions.PlanActionAssessmentAccepted() as fact:
            values = {"board": "accepted", "board_meeting": fact.meeting, "board_because": reason}
        case actions.PlanActionAssessmentChallenged() as fact:
            values = {
                "board": "challenged",
                "board_meeting": fact.meeting,
                "board_because": reason,
            }
        case _:
            return []
    return [Amend(tables.plan_assessment, (action, fact.assessment), values)]


def _dated(action: str, recorded: Recorded[Any]) -> list[Change]:
    meta = recorded.meta
    decided = {
        "decided_by": meta.by,
        "decided_on": meta.effective_on.isoformat(),
        "decided_because": meta.reason,
    }
    match recorded.fact:
        case actions.PlanActionRescheduleAsked() as fact:
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
        case actions.PlanActionRescheduled() as fact:
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
        case actions.PlanActionRescheduleRefused() as fact:
            values = {"state": "refused", **decided}
            return [Amend(tables.plan_reschedule, (action, fact.request), values)]
        case _:
            return []


def _measured(action: str, recorded: Recorded[Any]) -> list[Change]:
    day = recorded.meta.effective_on.isoformat()
    match recorded.fact:
        case actions.SuccessMeasureSet() as fact:
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
        case actions.SuccessMeasureWithdrawn() as fact:
            values = {"withdrawn_on": day, "withdrawn_because": recorded.meta.reason or ""}
            return [Amend(tables.plan_measure, (action, fact.measure), values)]
        case actions.SuccessMeasureReported() as fact:
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
