"""Actions of improvement plans: agreeing and reviewing them, their dates, evidence and measures."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.plans.reports import record_of
from api.plans.schemas import OpenedPlanActionOut, opened_action
from projections.plans import queries
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.plans.handlers import actions, reviews

router = ApiRouter(prefix="/plan-actions", tags=["improvement plans"])

ActionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the action.")]


@router.record("/{action}", operation_id="readPlanAction")
def read_action(call: Call, action: ActionId, response: Response) -> OpenedPlanActionOut:
    """An action with its strip of ratings, its time in each state, dates, evidence and measures."""
    require(call.actor, "read-plan")
    found = queries.action(call.connection, action, position=call.at.position)
    if found is None:
        raise NotFound("There is no such action of an improvement plan.")
    record = record_of(call.connection, found.plan, call.at)
    call.note(f"plan-action:{action}")
    tag(response, call.at, found.version)
    return opened_action(record, record.actions[action], call.at)


_ONE = "/{action}"
_REVIEW, _DATES = _ONE + "/assessments/{review}", _ONE + "/reschedulings/{asked}"
command_endpoint(router, "POST", "", actions.agree, located_by="action")
command_endpoint(router, "PUT", _ONE + "/leads", actions.lead)
command_endpoint(router, "POST", _ONE + "/wording", actions.reword, status=200)
command_endpoint(router, "POST", _ONE + "/evidence", actions.add_evidence)
command_endpoint(router, "POST", _ONE + "/links", actions.link)
command_endpoint(router, "POST", _ONE + "/links/removal", actions.unlink, status=200)
command_endpoint(router, "POST", _ONE + "/split", actions.split, status=200)
command_endpoint(router, "POST", _ONE + "/merger", actions.merge, status=200)
command_endpoint(router, "POST", _ONE + "/routing", actions.route, status=200)
command_endpoint(router, "POST", _ONE + "/removal", actions.remove, status=200)
command_endpoint(router, "POST", _ONE + "/assessments", reviews.assess)
command_endpoint(router, "POST", _REVIEW + "/withdrawal", reviews.withdraw, status=200)
command_endpoint(router, "POST", _REVIEW + "/acceptance", reviews.accept, status=200)
command_endpoint(router, "POST", _REVIEW + "/challenge", reviews.challenge, status=200)
command_endpoint(router, "POST", _ONE + "/reschedulings", reviews.ask_for_dates)
command_endpoint(router, "POST", _DATES + "/approval", reviews.approve_dates, status=200)
command_endpoint(router, "POST", _DATES + "/refusal", reviews.refuse_dates, status=200)
command_endpoint(router, "POST", _ONE + "/measures", reviews.set_measure)
command_endpoint(
    router, "POST", _ONE + "/measures/{measure}/withdrawal", reviews.withdraw_measure, status=200
)
command_endpoint(router, "POST", _ONE + "/reports", reviews.report_measure)
