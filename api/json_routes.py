"""Everything under ``/api/v1``."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from api.access import endpoints as access_log
from api.actions import endpoints as actions
from api.actions import loop_endpoints as closing_the_loop
from api.agreement import endpoints as reports
from api.audit_tools import endpoints as audit_tools
from api.audits import endpoints as case_audits
from api.exports import endpoints as exports
from api.follow_ups import endpoints as follow_ups
from api.history import endpoints as history
from api.history import moment_endpoints as moments
from api.imports import endpoints as imports
from api.indicators import endpoints as indicators
from api.inspections import endpoints as inspections
from api.learning import endpoints as learning
from api.ledger import endpoints as ledger
from api.moderation import endpoints as moderations
from api.notifications import endpoints as reminders
from api.people import deputy_endpoints as deputies
from api.people import endpoints as people
from api.plans import action_endpoints as plan_actions
from api.plans import board_endpoints as boards
from api.plans import endpoints as plans
from api.plans import rag_scale_endpoints as rag_scales
from api.plans import report_endpoints as plan_reports
from api.practitioners import endpoints as own_cases
from api.publishing import endpoints as published
from api.safeguarding import endpoints as safeguarding
from api.supervision import check_endpoints as supervision_checks
from api.supervision import endpoints as supervision
from api.tasks import endpoints as work

DESCRIPTION = """The quality-assurance record of a council's children's services.

Every change is a fact: it names who made it, in which role, and what it was made from (`If-Match`).
Every reading can be asked for as known on a past day (`as_at`) or at a position of the log.
Errors are RFC 9457 problem documents."""

ROUTERS: tuple[APIRouter, ...] = (
    # Before the audits, whose ways of ending take any last part of an address.
    safeguarding.router,
    case_audits.router,
    follow_ups.router,
    own_cases.router,
    moderations.router,
    work.router,
    reminders.router,
    reminders.policy_router,
    history.router,
    moderations.policy_router,
    actions.router,
    actions.policy_router,
    supervision.router,
    supervision.policy_router,
    supervision_checks.router,
    audit_tools.router,
    audit_tools.scale_router,
    people.router,
    deputies.router,
    people.team_router,
    closing_the_loop.router,
    learning.router,
    learning.library_router,
    reports.router,
    published.router,
    imports.router,
    indicators.router,
    closing_the_loop.export_router,
    exports.router,
    access_log.router,
    inspections.router,
    ledger.router,
    moments.router,
    boards.router,
    plans.router,
    plan_reports.router,
    plan_actions.router,
    rag_scales.router,
    safeguarding.list_router,
    safeguarding.policy_router,
    follow_ups.list_router,
    follow_ups.policy_router,
    own_cases.list_router,
)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI description of every operation."""
    routes = [route for router in ROUTERS for route in router.routes]
    return get_openapi(title="Caseloop", version="1", description=DESCRIPTION, routes=routes)
