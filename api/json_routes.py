"""Everything under ``/api/v1``."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from api.v1 import (
    access_log,
    actions,
    audit_tools,
    boards,
    case_audits,
    closing_the_loop,
    deputies,
    exports,
    follow_ups,
    history,
    imports,
    indicators,
    inspections,
    learning,
    ledger,
    moderations,
    moments,
    own_cases,
    people,
    plan_actions,
    plan_reports,
    plans,
    published,
    rag_scales,
    reminders,
    reports,
    safeguarding,
    supervision,
    supervision_checks,
    work,
)

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
