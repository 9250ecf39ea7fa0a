"""Improvement plans: the plan itself, its parts, groups and meetings."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.plans.reports import record_of
from api.plans.schemas import OpenedPlanOut, PlanOut, PlansOut, PublishedClaimOut, rated_out
from projections.plans import queries
from projections.plans.published import claims_beside
from qa.authorisation.policy import require
from qa.plans.handlers import board_meetings, claims, plans

router = ApiRouter(prefix="/plans", tags=["improvement plans"])

PlanId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the plan.")]
MeetingId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the meeting.")]


@router.get("", operation_id="listPlans")
def list_plans(call: Call) -> PlansOut:
    """Every improvement plan, those that go on first."""
    require(call.actor, "read-plan")
    found = queries.plans(call.connection, position=call.at.position)
    return PlansOut(**call.moment, plans=[*map(PlanOut.of, found)])


@router.record("/{plan}", operation_id="readPlan")
def read_plan(call: Call, plan: PlanId, response: Response) -> OpenedPlanOut:
    """A plan with its parts and actions in order, each action with its rating of the day."""
    require(call.actor, "read-plan")
    record = record_of(call.connection, plan, call.at)
    call.note(f"plan:{plan}")
    tag(response, call.at, record.plan.version)
    return OpenedPlanOut.of(
        record.plan,
        **call.moment,
        scale=record.scales[record.plan.scale_on(call.at.on)],
        parts=[*record.parts.values()],
        groups=[*record.groups.values()],
        meetings=[*record.meetings],
        claims=[PublishedClaimOut.of(one) for one in claims_beside(record)],
        actions=[rated_out(record, action, call.at.on) for action in record.actions.values()],
    )


_ONE, _PART, _MEETING = "/{plan}", "/{plan}/parts/{part}", "/{plan}/meetings/{meeting}"
command_endpoint(router, "POST", "", plans.open_plan, located_by="plan")
command_endpoint(router, "PUT", _PART + "/leads", plans.lead_part)
command_endpoint(router, "POST", _ONE + "/scale", plans.adopt_scale, status=200)
command_endpoint(router, "POST", _ONE + "/rules", plans.adopt_rules, status=200)
command_endpoint(router, "POST", _ONE + "/closure", plans.close, status=200)
command_endpoint(router, "POST", _ONE + "/parts", plans.add_part)
command_endpoint(router, "POST", _PART + "/wording", plans.reword_part, status=200)
command_endpoint(router, "POST", _PART + "/routing", plans.route_part, status=200)
command_endpoint(router, "POST", _PART + "/removal", plans.remove_part, status=200)
command_endpoint(router, "POST", _ONE + "/claims", claims.record_claim)
command_endpoint(
    router, "POST", _ONE + "/claims/{claim}/withdrawal", claims.withdraw_claim, status=200
)
command_endpoint(router, "POST", _ONE + "/groups", plans.form_group)
command_endpoint(
    router, "POST", _ONE + "/groups/{group}/dissolution", plans.dissolve_group, status=200
)
command_endpoint(router, "POST", _ONE + "/meetings", board_meetings.call)
command_endpoint(router, "POST", _MEETING + "/cancellation", board_meetings.cancel, status=200)
command_endpoint(router, "POST", _MEETING + "/holding", board_meetings.hold, status=200)
