"""Everything under ``/api/v1``."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope

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

PREFIX = "/api/v1"


class ApiRouter(APIRouter):
    """Routes that are not gone through, one by one, for a page's address."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(PREFIX):
            return Match.NONE, {}
        return super().matches(scope)


router = ApiRouter(prefix=PREFIX)
for part in (
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
):
    router.include_router(part)
