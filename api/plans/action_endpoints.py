"""Actions of improvement plans: agreeing and reviewing them, their dates, evidence and measures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Moment, Reads, Served, Snapshot, tag
from api.json.routing import ApiRouter
from api.plans.reports import record_of
from api.plans.schemas import OpenedPlanActionOut, opened_action
from api.web import access_notes
from projections.plans import queries
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import NotFound
from qa.plans.handlers import actions, reviews

router = ApiRouter(prefix="/plan-actions", tags=["improvement plans"])

ActionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the action.")]


@router.record("/{action}", operation_id="readPlanAction")
def read_action(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    action: ActionId,
    response: Response,
) -> OpenedPlanActionOut:
    """An action with its strip of ratings, its time in each state, dates, evidence and measures."""
    require(actor, "read-plan")
    found = queries.action(connection, action, position=at.position)
    if found is None:
        raise NotFound("There is no such action of an improvement plan.")
    record = record_of(connection, found.plan, at)
    access_notes.note(services, actor, What.VIEW, f"plan-action:{action}", at=at)
    tag(response, at, found.version)
    return opened_action(record, record.actions[action], at)


_ONE = "/{action}"
_REVIEW, _DATES = _ONE + "/assessments/{review}", _ONE + "/reschedulings/{asked}"
_COMMANDS: tuple[tuple[str, CommandHandler[Any], str, int], ...] = (
    (_ONE + "/wording", actions.reword, "rewordPlanAction", 200),
    (_ONE + "/evidence", actions.add_evidence, "addPlanEvidence", 201),
    (_ONE + "/links", actions.link, "linkPlanAction", 201),
    (_ONE + "/links/removal", actions.unlink, "unlinkPlanAction", 200),
    (_ONE + "/split", actions.split, "splitPlanAction", 200),
    (_ONE + "/merger", actions.merge, "mergePlanAction", 200),
    (_ONE + "/routing", actions.route, "routePlanAction", 200),
    (_ONE + "/removal", actions.remove, "removePlanAction", 200),
    (_ONE + "/assessments", reviews.assess, "assessPlanAction", 201),
    (_REVIEW + "/withdrawal", reviews.withdraw, "withdrawPlanAssessment", 200),
    (_REVIEW + "/acceptance", reviews.accept, "acceptPlanAssessment", 200),
    (_REVIEW + "/challenge", reviews.challenge, "challengePlanAssessment", 200),
    (_ONE + "/reschedulings", reviews.ask_for_dates, "askPlanDates", 201),
    (_DATES + "/approval", reviews.approve_dates, "approvePlanDates", 200),
    (_DATES + "/refusal", reviews.refuse_dates, "refusePlanDates", 200),
    (_ONE + "/measures", reviews.set_measure, "setSuccessMeasure", 201),
    (
        _ONE + "/measures/{measure}/withdrawal",
        reviews.withdraw_measure,
        "withdrawSuccessMeasure",
        200,
    ),
    (_ONE + "/reports", reviews.report_measure, "reportSuccessMeasure", 201),
)
command_endpoint(
    router,
    "POST",
    "",
    actions.agree,
    operation_id="agreePlanAction",
    status=201,
    located_by="action",
)
command_endpoint(router, "PUT", _ONE + "/leads", actions.lead, operation_id="leadPlanAction")
for _path, _handler, _name, _status in _COMMANDS:
    command_endpoint(router, "POST", _path, _handler, operation_id=_name, status=_status)
