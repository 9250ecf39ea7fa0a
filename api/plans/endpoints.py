"""Improvement plans: the plan itself, its parts, groups and meetings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Response

from api.json.deps import Body, Change, Moment, New, Reads, ReasonIn, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.plans.report import record_of
from api.plans.schemas import action_out, plan_out, rating_out
from api.web import access_notes
from projections.plans import queries, ratings
from qa.authorisation.policy import require
from qa.core.access import What
from qa.plans.commands import board_meetings, plans
from qa.plans.events import PlanSource, plan_stream
from qa.plans.status_rules import StatusRules

router = ApiRouter(prefix="/plans", tags=["improvement plans"])

PlanId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the plan.")]
PartId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the part.")]
GroupId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the group.")]
MeetingId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the meeting.")]


@router.get("", operation_id="listPlans")
def list_plans(actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """Every improvement plan, those that go on first."""
    require(actor, "read-plan")
    found = queries.plans(connection, position=at.position)
    return {"as_at": at.day, "position": at.shown, "plans": [plan_out(one) for one in found]}


@router.record("/{plan}", operation_id="readPlan")
def read_plan(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    response: Response,
) -> dict[str, Any]:
    """A plan with its parts and actions in order, each action with its rating of the day."""
    require(actor, "read-plan")
    record = record_of(connection, plan, at)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", at=at)
    if not at.is_past:
        response.headers["ETag"] = f'"{record.plan.version}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        **plan_out(record.plan),
        "scale": record.scales[record.plan.scale_on(at.on)].model_dump(),
        "parts": [asdict(part) for part in record.parts.values()],
        "groups": [asdict(group) for group in record.groups.values()],
        "meetings": [asdict(meeting) for meeting in record.meetings],
        "actions": [
            {
                **action_out(action),
                "rating": rating_out(ratings.rating(record, action.id, at.on)),
            }
            for action in record.actions.values()
        ],
    }


class ImprovementPlanIn(Body):
    title: str
    board: str
    tiers: list[str]
    scale: str
    since: date
    rules: StatusRules | None = None


@router.post("", status_code=201, operation_id="openPlan")
def open_plan(new: New, body: ImprovementPlanIn) -> ReceiptOut:
    """Open a plan that is rated on a published scale (``id@version``)."""
    done = plans.open_plan(
        new.desk,
        title=body.title,
        board=body.board,
        tiers=body.tiers,
        scale=body.scale,
        since=body.since,
        rules=body.rules,
        **new.made(body),
    )
    plan = str(done.response["plan"])
    return new.receipt(done, plan_stream(plan), location=plan)


class AdoptionIn(Body):
    scale: str
    since: date


@router.post("/{plan}/scale", operation_id="adoptPlanScale")
def adopt_scale(change: Change, plan: PlanId, body: AdoptionIn) -> ReceiptOut:
    """Rate actions on another scale from a day on; ratings given stay on theirs."""
    done = plans.adopt_scale(
        change.desk, plan=plan, scale=body.scale, since=body.since, **change.made(body)
    )
    return change.receipt(done, plan_stream(plan))


@router.post("/{plan}/rules", operation_id="adoptPlanRules")
def adopt_rules(change: Change, plan: PlanId, body: StatusRules) -> ReceiptOut:
    """Compute the status by the next version of the rules."""
    done = plans.adopt_rules(change.desk, plan=plan, rules=body, **change.made(body))
    return change.receipt(done, plan_stream(plan))


@router.post("/{plan}/closure", operation_id="closePlan")
def close(change: Change, plan: PlanId, body: ReasonIn) -> ReceiptOut:
    """Bring a plan to its end; everything stays readable."""
    done = plans.close(change.desk, plan=plan, reason=body.reason, **change.made(body))
    return change.receipt(done, plan_stream(plan))


class PartIn(Body):
    tier: str
    reference: str
    title: str
    under: str | None = None
    leads: list[str] = []
    sources: list[PlanSource] = []


@router.post("/{plan}/parts", status_code=201, operation_id="addPlanPart")
def add_part(change: Change, plan: PlanId, body: PartIn) -> ReceiptOut:
    """Add a part on one of the plan's tiers."""
    done = plans.add_part(
        change.desk,
        plan=plan,
        tier=body.tier,
        reference=body.reference,
        title=body.title,
        under=body.under,
        leads=body.leads,
        sources=body.sources,
        **change.made(body),
    )
    return change.receipt(done, plan_stream(plan))


class WordingIn(Body):
    title: str
    reason: str


@router.post("/{plan}/parts/{part}/wording", operation_id="rewordPlanPart")
def reword_part(change: Change, plan: PlanId, part: PartId, body: WordingIn) -> ReceiptOut:
    """Change the words of a part; the earlier ones stay readable."""
    done = plans.reword_part(
        change.desk,
        plan=plan,
        part=part,
        title=body.title,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, plan_stream(plan))


class LeadsIn(Body):
    leads: list[str]


@router.put("/{plan}/parts/{part}/leads", operation_id="leadPlanPart")
def lead_part(change: Change, plan: PlanId, part: PartId, body: LeadsIn) -> ReceiptOut:
    """Say who leads a part from now on."""
    done = plans.lead_part(change.desk, plan=plan, part=part, leads=body.leads, **change.made(body))
    return change.receipt(done, plan_stream(plan))


class RoutingIn(Body):
    board: str
    reason: str


@router.post("/{plan}/parts/{part}/routing", operation_id="routePlanPart")
def route_part(change: Change, plan: PlanId, part: PartId, body: RoutingIn) -> ReceiptOut:
    """Hand a part to another board; it stays in the plan to be seen."""
    done = plans.route_part(
        change.desk,
        plan=plan,
        part=part,
        board=body.board,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, plan_stream(plan))


@router.post("/{plan}/parts/{part}/removal", operation_id="removePlanPart")
def remove_part(change: Change, plan: PlanId, part: PartId, body: ReasonIn) -> ReceiptOut:
    """Take a part without open actions out of the plan."""
    done = plans.remove_part(
        change.desk, plan=plan, part=part, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_stream(plan))


class GroupIn(Body):
    name: str
    lead: str
    purpose: str = ""


@router.post("/{plan}/groups", status_code=201, operation_id="formTaskGroup")
def form_group(change: Change, plan: PlanId, body: GroupIn) -> ReceiptOut:
    """Set up a task and finish group."""
    done = plans.form_group(
        change.desk,
        plan=plan,
        name=body.name,
        lead=body.lead,
        purpose=body.purpose,
        **change.made(body),
    )
    return change.receipt(done, plan_stream(plan))


@router.post("/{plan}/groups/{group}/dissolution", operation_id="dissolveTaskGroup")
def dissolve_group(change: Change, plan: PlanId, group: GroupId) -> ReceiptOut:
    """End a task and finish group."""
    done = plans.dissolve_group(change.desk, plan=plan, group=group, **change.made())
    return change.receipt(done, plan_stream(plan))


class MeetingIn(Body):
    on: date
    title: str


@router.post("/{plan}/meetings", status_code=201, operation_id="callBoardMeeting")
def call_meeting(change: Change, plan: PlanId, body: MeetingIn) -> ReceiptOut:
    """Call a meeting of the board for a day."""
    done = board_meetings.call(
        change.desk, plan=plan, on=body.on, title=body.title, **change.made(body)
    )
    return change.receipt(done, plan_stream(plan))


@router.post("/{plan}/meetings/{meeting}/cancellation", operation_id="cancelBoardMeeting")
def cancel_meeting(change: Change, plan: PlanId, meeting: MeetingId, body: ReasonIn) -> ReceiptOut:
    """Cancel a meeting that was called."""
    done = board_meetings.cancel(
        change.desk, plan=plan, meeting=meeting, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_stream(plan))


class HoldingIn(Body):
    decisions: str = ""
    position: int | None = None


@router.post("/{plan}/meetings/{meeting}/holding", operation_id="holdBoardMeeting")
def hold_meeting(change: Change, plan: PlanId, meeting: MeetingId, body: HoldingIn) -> ReceiptOut:
    """Record that a meeting took place; it saw the log up to `position` (now, for null)."""
    done = board_meetings.hold(
        change.desk,
        plan=plan,
        meeting=meeting,
        decisions=body.decisions,
        position=body.position,
        **change.made(body),
    )
    return change.receipt(done, plan_stream(plan))
