"""Actions: listing and reading them, and every step from finding to effect."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.actions import reading, schemas
from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, Limit, tag
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.records.narrowing import require_known_in
from api.web.policies import as_known
from projections.actions import queries
from projections.actions.queries import is_late
from projections.actions.tables import ActionRow, ActionStepRow
from projections.core.paging import behind
from qa.actions import handlers
from qa.actions.clocks import DEFAULT_ACTION_POLICY
from qa.actions.events import ActionPolicySet
from qa.authorisation.policy import require
from qa.core.words import Resource

router = ApiRouter(prefix="/actions", tags=["actions"])
policy_router = ApiRouter(prefix="/action-policy", tags=["actions"])

ActionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the action.")]


def _listed(row: ActionRow, day: date) -> dict[str, Any]:
    """What every answer says of an action."""
    return {
        **row._asdict(),
        "audit": row.audit or None,
        "child": row.child or None,
        "text": row.text or None,
        "discuss_in_supervision": bool(row.discuss),
        "overdue": is_late(row, day),
        "overdue_by_first_date": is_late(row, day, "first"),
        "version": row.stream_version,
    }


@router.get("", operation_id="listActions")
def list_actions(
    call: Call,
    query: Annotated[schemas.ActionQuery, Query()],
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> schemas.ActionsOut:
    """List the actions that the caller may see, newest first."""
    require(call.actor, "read-action", Resource(person=call.actor.person, somewhere=True))
    wanted = query.filter(call.at.on)
    require_known_in(call.connection, wanted)
    rows = reading.listed(call.connection, call.actor, wanted, call.at, behind(before, limit + 1))
    return schemas.ActionsOut(
        **call.moment,
        actions=[schemas.ActionOut(**_listed(row, call.at.on)) for row in rows[:limit]],
        next=rows[limit - 1].opened if len(rows) > limit else None,
    )


@router.record("/{action}", operation_id="readAction")
def read_action(call: Call, action: ActionId, response: Response) -> schemas.OpenedActionOut:
    """An action with its steps and the chain that it stands in."""
    found = reading.open_action(call, action)
    reading.note(call, found)
    tag(response, call.at, found.row.stream_version)
    return schemas.OpenedActionOut(
        **call.moment,
        action=schemas.ActionInFullOut(
            **_listed(found.row, call.at.on) | {"evidence_kinds": found.row.evidence_wanted},
            contributors=list(found.contributors),
            findings=[
                schemas.FindingOut(audit=audit, reference=reference, domain=domain)
                for audit, reference, domain in found.findings
            ],
        ),
        chain=[
            schemas.LinkOut(
                action=one.action,
                state=one.state,
                steps=[_step(step) for step in found.steps.get(one.action, ())],
            )
            for one in found.chain
        ],
        closed_to_you=found.closed,
        names=dict(found.names),
    )


def _step(step: ActionStepRow) -> schemas.ActionStepOut:
    values = step._asdict() | {"on": step.day, "reason": step.reason or ""}
    return schemas.ActionStepOut(**values, fields=step.fields)


command_endpoint(router, "POST", "/acceptance", handlers.accept_several, status=200)
command_endpoint(router, "POST", "", handlers.raise_action, located_by="action")
command_endpoint(router, "POST", "/{action}/acceptance", handlers.accept, status=200)
command_endpoint(router, "POST", "/{action}/corrections", handlers.correct)
command_endpoint(router, "POST", "/{action}/challenge", handlers.challenge, status=200)
command_endpoint(router, "POST", "/{action}/progress", handlers.progress)
command_endpoint(router, "PUT", "/{action}/contributors", handlers.name_contributors)
command_endpoint(router, "POST", "/{action}/findings", handlers.link_finding)
command_endpoint(router, "PUT", "/{action}/due-date", handlers.reschedule)
command_endpoint(router, "PUT", "/{action}/owner", handlers.transfer)
command_endpoint(
    router, "POST", "/{action}/end", handlers.drop, operation_id="endAction", status=200
)
command_endpoint(router, "POST", "/{action}/claim", handlers.claim_done, status=200)
command_endpoint(
    router, "POST", "/{action}/evidence/acceptance", handlers.accept_evidence, status=200
)
command_endpoint(router, "POST", "/{action}/evidence/return", handlers.return_evidence, status=200)
command_endpoint(router, "POST", "/{action}/supervision", handlers.ask_discussion, status=200)
command_endpoint(
    router, "POST", "/{action}/impact/confirmation", handlers.confirm_impact, status=200
)
command_endpoint(
    router, "POST", "/{action}/impact/too-early", handlers.impact_too_early, status=200
)
command_endpoint(
    router,
    "POST",
    "/{action}/impact/not-seen",
    handlers.impact_not_seen,
    operation_id="actionImpactNotSeen",
    status=200,
)
command_endpoint(router, "POST", "/{action}/reopening", handlers.reopen, status=200)


policy_endpoints(
    policy_router,
    handlers.set_policy,
    ActionPolicySet,
    as_known(queries.policy, DEFAULT_ACTION_POLICY),
    named="ActionPolicy",
    says="The time limits for actions in force. Version 0 are those that Caseloop starts with.",
)
