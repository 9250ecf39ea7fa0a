"""Everything under ``/api/v1``."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from api.access import endpoints as access_endpoints
from api.actions import endpoints as actions_endpoints
from api.actions import loop_endpoints
from api.agreement import endpoints as agreement_endpoints
from api.audit_tools import endpoints as tool_endpoints
from api.audits import endpoints as audit_endpoints
from api.exports import endpoints as export_endpoints
from api.follow_ups import endpoints as follow_up_endpoints
from api.history import endpoints as history_endpoints
from api.history import moment_endpoints
from api.imports import endpoints as import_endpoints
from api.indicators import endpoints as indicator_endpoints
from api.inspections import endpoints as inspection_endpoints
from api.learning import endpoints as learning_endpoints
from api.ledger import endpoints as ledger_endpoints
from api.moderation import endpoints as moderation_endpoints
from api.notifications import endpoints as notification_endpoints
from api.people import deputy_endpoints
from api.people import endpoints as people_endpoints
from api.plans import action_endpoints, board_endpoints, rag_scale_endpoints, report_endpoints
from api.plans import endpoints as plan_endpoints
from api.practitioners import endpoints as practitioner_endpoints
from api.publishing import endpoints as publishing_endpoints
from api.safeguarding import endpoints as safeguarding_endpoints
from api.supervision import check_endpoints
from api.supervision import endpoints as supervision_endpoints
from api.tasks import endpoints as task_endpoints

DESCRIPTION = """The quality-assurance record of a council's children's services.

Every change is a fact: it names who made it, in which role, and what it was made from (`If-Match`).
Every reading can be asked for as known on a past day (`as_at`) or at a position of the log.
Errors are RFC 9457 problem documents."""

ROUTERS: tuple[APIRouter, ...] = (
    # Before the audits, whose ways of ending take any last part of an address.
    safeguarding_endpoints.router,
    audit_endpoints.router,
    follow_up_endpoints.router,
    practitioner_endpoints.router,
    moderation_endpoints.router,
    task_endpoints.router,
    notification_endpoints.router,
    notification_endpoints.policy_router,
    history_endpoints.router,
    moderation_endpoints.policy_router,
    actions_endpoints.router,
    actions_endpoints.policy_router,
    supervision_endpoints.router,
    supervision_endpoints.policy_router,
    check_endpoints.router,
    tool_endpoints.router,
    tool_endpoints.scale_router,
    people_endpoints.router,
    deputy_endpoints.router,
    people_endpoints.team_router,
    loop_endpoints.router,
    learning_endpoints.router,
    learning_endpoints.library_router,
    agreement_endpoints.router,
    publishing_endpoints.router,
    import_endpoints.router,
    indicator_endpoints.router,
    loop_endpoints.export_router,
    export_endpoints.router,
    access_endpoints.router,
    inspection_endpoints.router,
    ledger_endpoints.router,
    moment_endpoints.router,
    board_endpoints.router,
    plan_endpoints.router,
    report_endpoints.router,
    action_endpoints.router,
    rag_scale_endpoints.router,
    safeguarding_endpoints.list_router,
    safeguarding_endpoints.policy_router,
    follow_up_endpoints.list_router,
    follow_up_endpoints.policy_router,
    practitioner_endpoints.list_router,
)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI description of every operation."""
    routes = [route for router in ROUTERS for route in router.routes]
    return get_openapi(title="Caseloop", version="1", description=DESCRIPTION, routes=routes)
