"""Improvement plans: the plan itself, its parts, groups and meetings."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Moment, Reads, Served, Snapshot, tag
from api.json.routing import ApiRouter
from api.plans.reports import record_of
from api.plans.schemas import OpenedPlanOut, PlanOut, PlansOut, PublishedClaimOut, rated_out
from api.web import access_notes
from projections.plans import queries
from projections.plans.published import claims_beside
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import require
from qa.core.access import What
from qa.plans.handlers import board_meetings, claims, plans

router = ApiRouter(prefix="/plans", tags=["improvement plans"])

PlanId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the plan.")]
MeetingId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the meeting.")]


@router.get("", operation_id="listPlans")
def list_plans(actor: Reads, connection: Snapshot, at: Moment) -> PlansOut:
    """Every improvement plan, those that go on first."""
    require(actor, "read-plan")
    found = queries.plans(connection, position=at.position)
    return PlansOut(as_at=at.day, position=at.shown, plans=[*map(PlanOut.of, found)])


@router.record("/{plan}", operation_id="readPlan")
def read_plan(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    plan: PlanId,
    response: Response,
) -> OpenedPlanOut:
    """A plan with its parts and actions in order, each action with its rating of the day."""
    require(actor, "read-plan")
    record = record_of(connection, plan, at)
    access_notes.note(services, actor, What.VIEW, f"plan:{plan}", at=at)
    tag(response, at, record.plan.version)
    return OpenedPlanOut.of(
        record.plan,
        as_at=at.day,
        position=at.shown,
        scale=record.scales[record.plan.scale_on(at.on)],
        parts=[*record.parts.values()],
        groups=[*record.groups.values()],
        meetings=[*record.meetings],
        claims=[PublishedClaimOut.of(one) for one in claims_beside(record)],
        actions=[rated_out(record, action, at.on) for action in record.actions.values()],
    )


_ONE, _PART, _MEETING = "/{plan}", "/{plan}/parts/{part}", "/{plan}/meetings/{meeting}"
_COMMANDS: tuple[tuple[str, CommandHandler[Any], str, int], ...] = (
    (_ONE + "/scale", plans.adopt_scale, "adoptPlanScale", 200),
    (_ONE + "/rules", plans.adopt_rules, "adoptPlanRules", 200),
    (_ONE + "/closure", plans.close, "closePlan", 200),
    (_ONE + "/parts", plans.add_part, "addPlanPart", 201),
    (_PART + "/wording", plans.reword_part, "rewordPlanPart", 200),
    (_PART + "/routing", plans.route_part, "routePlanPart", 200),
    (_PART + "/removal", plans.remove_part, "removePlanPart", 200),
    (_ONE + "/claims", claims.record_claim, "recordPlanClaim", 201),
    (_ONE + "/claims/{claim}/withdrawal", claims.withdraw_claim, "withdrawPlanClaim", 200),
    (_ONE + "/groups", plans.form_group, "formTaskGroup", 201),
    (_ONE + "/groups/{group}/dissolution", plans.dissolve_group, "dissolveTaskGroup", 200),
    (_ONE + "/meetings", board_meetings.call, "callBoardMeeting", 201),
    (_MEETING + "/cancellation", board_meetings.cancel, "cancelBoardMeeting", 200),
    (_MEETING + "/holding", board_meetings.hold, "holdBoardMeeting", 200),
)
command_endpoint(
    router, "POST", "", plans.open_plan, operation_id="openPlan", status=201, located_by="plan"
)
command_endpoint(router, "PUT", _PART + "/leads", plans.lead_part, operation_id="leadPlanPart")
for _path, _handler, _name, _status in _COMMANDS:
    command_endpoint(router, "POST", _path, _handler, operation_id=_name, status=_status)
