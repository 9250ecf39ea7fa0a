"""What each event of a plan, an action and a RAG scale changes in their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.typed_rows import json_list
from projections.plans import tables
from qa.core.event import RecordedEvent, events_of
from qa.plans import action_events, events
from qa.plans.status_rules import StatusRules


class ImprovementPlans:
    """Projects plans, their actions and the scales they are rated on."""

    name = "improvement_plans"
    version = 1
    tables = tuple(
        each.table
        for each in (
            tables.SCALES,
            tables.MAPPINGS,
            tables.PLANS,
            tables.SCALES_ADOPTED,
            tables.RULES,
            tables.PARTS,
            tables.GROUPS,
            tables.MEETINGS,
            tables.CLAIMS,
            tables.ACTIONS,
            tables.VERSIONS,
            tables.WORDINGS,
            tables.ASSESSMENTS,
            tables.EVIDENCE,
            tables.RESCHEDULES,
            tables.MEASURES,
            tables.REPORTS,
            tables.LINKS,
        )
    )
    by_stream = True
    handles = events_of(events, action_events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        kind, _, owner = recorded.stream.partition(":")
        if kind == "rag-scale" and isinstance(recorded.event, events.RagScaleWithdrawn):
            reached = recorded.version
            return [
                tables.SCALES.close(owner, recorded.event.version),
                tables.SCALES.amend(
                    (owner,), lambda row: row._replace(stream_version=reached), missing_ok=True
                ),
            ]
        if kind == "rag-scale":
            return [_scale(owner, recorded)]
        if kind == "plan":
            return _plan(owner, recorded)
        version = tables.PlanActionVersionRow(owner, recorded.version)
        return [*_action(owner, recorded), tables.VERSIONS.put(version)]


def _scale(scale: str, recorded: RecordedEvent[Any]) -> RowChange:
    match recorded.event:
        case events.RagScalePublished() as event:
            return tables.SCALES.put(
                tables.RagScaleRow(
                    scale=scale,
                    version=event.scale.version,
                    content=event.scale.model_dump_json(),
                    published_on=recorded.meta.effective_on.isoformat(),
                    stream_version=recorded.version,
                )
            )
        case event:
            return tables.MAPPINGS.begin(recorded)


def _plan(plan: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    event, day = recorded.event, recorded.meta.effective_on.isoformat()
    moved: dict[str, Any] = {"stream_version": recorded.version}
    changed: list[RowChange] = []
    match event:
        case events.ImprovementPlanOpened():
            return _opened(plan, recorded, event)
        case events.ImprovementPlanClosed():
            moved |= {"closed_on": day, "closed_because": recorded.meta.reason}
        case events.PlanScaleAdopted():
            adopted = tables.PlanScaleRow(plan, event.since.isoformat(), event.new)
            changed = [tables.SCALES_ADOPTED.put(adopted)]
        case events.PlanRulesAdopted():
            changed = [_rules(plan, day, event.rules)]
        case events.PlanClaimRecorded():
            changed = [tables.CLAIMS.begin(recorded)]
        case events.PlanClaimWithdrawn():
            changed = [tables.CLAIMS.close(plan, event.claim)]
        case _:
            changed = [_part(plan, recorded)]
    return [*changed, tables.PLANS.amend((plan,), lambda row: row._replace(**moved))]


def _opened(
    plan: str, recorded: RecordedEvent[Any], event: events.ImprovementPlanOpened
) -> list[RowChange]:
    since = event.since.isoformat()
    return [
        tables.PLANS.begin(recorded),
        _rules(plan, recorded.meta.effective_on.isoformat(), event.rules),
        tables.SCALES_ADOPTED.put(tables.PlanScaleRow(plan, since, event.scale)),
    ]


def _rules(plan: str, day: str, rules: StatusRules) -> RowChange:
    row = tables.PlanRulesRow(plan, rules.version, day, rules.model_dump_json())
    return tables.RULES.put(row)


def _part(plan: str, recorded: RecordedEvent[Any]) -> RowChange:
    """The row of the part, group or meeting that an event is about."""
    event = recorded.event
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason
    values: dict[str, Any]
    match event:
        case events.PlanPartAdded():
            return tables.PARTS.begin(recorded, number=recorded.version, first_title=event.title)
        case events.PlanPartReworded():
            values = {"title": event.new}
        case events.PlanPartLedBy():
            values = {"leads": json_list(event.new)}
        case events.PlanPartRouted():
            values = {"ended": "routed", "board": event.board}
            values |= {"ended_on": day, "ended_because": because}
        case events.PlanPartRemoved():
            values = {"ended": "removed", "ended_on": day, "ended_because": because}
        case events.TaskGroupFormed():
            return tables.GROUPS.begin(recorded, formed_on=day)
        case events.TaskGroupDissolved():
            return tables.GROUPS.amend(
                (plan, event.group), lambda row: row._replace(dissolved_on=day)
            )
        case events.BoardMeetingCalled():
            return tables.MEETINGS.begin(recorded, held_on=event.on.isoformat())
        case _:
            return _met(plan, event, because)
    return tables.PARTS.amend((plan, event.part), lambda row: row._replace(**values))


def _met(
    plan: str, event: events.BoardMeetingCancelled | events.BoardMeetingHeld, because: str | None
) -> RowChange:
    values: dict[str, Any] = {"state": "cancelled", "cancelled_because": because}
    if isinstance(event, events.BoardMeetingHeld):
        values = {"state": "held", "position": event.position, "decisions": event.decisions}
    return tables.MEETINGS.amend((plan, event.meeting), lambda row: row._replace(**values))


def _action(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    meta, number, event = recorded.meta, recorded.version, recorded.event
    day = meta.effective_on.isoformat()
    match event:
        case action_events.PlanActionAgreed():
            return [tables.ACTIONS.put(_agreed(recorded))]
        case action_events.PlanActionReworded():
            wording = tables.WORDINGS.begin(recorded, number=number, on=day, because=meta.reason)
            return [
                tables.ACTIONS.amend((action,), lambda row: row._replace(title=event.new)),
                wording,
            ]
        case action_events.PlanActionLedBy():
            leads, responsible = json_list(event.new_leads), json_list(event.new_responsible)
            return [
                tables.ACTIONS.amend(
                    (action,), lambda row: row._replace(leads=leads, responsible=responsible)
                )
            ]
        case action_events.PlanActionEvidenceAdded():
            return [tables.EVIDENCE.begin(recorded, number=number)]
        case action_events.PlanActionLinked():
            return [tables.LINKS.begin(recorded)]
        case action_events.PlanActionUnlinked():
            return [tables.LINKS.close(action, event.kind, event.to)]
        case _:
            return [
                *_ended(action, recorded),
                *_assessed(action, recorded),
                *_dated(action, recorded),
                *_measured(action, recorded),
            ]


def _agreed(recorded: RecordedEvent[action_events.PlanActionAgreed]) -> tables.PlanActionRow:
    first = {"first_title": recorded.event.title, "first_stages": json_list(recorded.event.stages)}
    return tables.ACTIONS.row_of(recorded, **first, reschedulings=0)


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
    values: dict[str, Any] = {
        "ended": ended,
        "ended_on": recorded.meta.effective_on.isoformat(),
        "ended_because": recorded.meta.reason,
        "ended_into": json_list(where),
    }
    return [tables.ACTIONS.amend((action,), lambda row: row._replace(**values))]


def _assessed(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    event, reason = recorded.event, recorded.meta.reason
    values: dict[str, Any]
    match event:
        case action_events.PlanActionAssessed():
            return [tables.ASSESSMENTS.begin(recorded, number=recorded.version)]
        case action_events.PlanActionAssessmentWithdrawn():
            values = {"withdrawn_because": reason or ""}
        case action_events.PlanActionAssessmentAccepted():
            values = {"board": "accepted", "board_meeting": event.meeting, "board_because": reason}
        case action_events.PlanActionAssessmentChallenged():
            values = {"board": "challenged", "board_meeting": event.meeting}
            values["board_because"] = reason
        case _:
            return []
    key = (action, event.assessment)
    return [tables.ASSESSMENTS.amend(key, lambda row: row._replace(**values))]


def _dated(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    event, meta = recorded.event, recorded.meta
    day = meta.effective_on.isoformat()
    values: dict[str, Any] = {
        "decided_by": meta.by, "decided_on": day, "decided_because": meta.reason
    }  # fmt: skip
    moved: list[RowChange] = []
    match event:
        case action_events.PlanActionRescheduleAsked():
            return [
                tables.RESCHEDULES.begin(
                    recorded,
                    number=recorded.version,
                    state="asked",
                    asked_by=meta.by,
                    asked_on=day,
                    because=meta.reason,
                )
            ]
        case action_events.PlanActionRescheduled():
            values["state"], stages = "approved", json_list(event.new)
            moved = [
                tables.ACTIONS.amend(
                    (action,),
                    lambda row: row._replace(stages=stages, reschedulings=row.reschedulings + 1),
                )
            ]
        case action_events.PlanActionRescheduleRefused():
            values["state"] = "refused"
        case _:
            return []
    key = (action, event.request)
    return [tables.RESCHEDULES.amend(key, lambda row: row._replace(**values)), *moved]


def _measured(action: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    event, number = recorded.event, recorded.version
    day, because = recorded.meta.effective_on.isoformat(), recorded.meta.reason or ""
    match event:
        case action_events.SuccessMeasureSet():
            return [tables.MEASURES.begin(recorded, number=number, set_on=day)]
        case action_events.SuccessMeasureWithdrawn():
            return [
                tables.MEASURES.amend(
                    (action, event.measure),
                    lambda row: row._replace(withdrawn_on=day, withdrawn_because=because),
                )
            ]
        case action_events.SuccessMeasureReported():
            content = event.model_dump_json()
            return [tables.REPORTS.begin(recorded, number=number, content=content, on=day)]
        case action_events.SuccessMeasureReportWithdrawn() as event:
            return [tables.REPORTS.close(action, event.report)]
        case _:
            return []


PROJECTORS = (ImprovementPlans,)
