"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.access import pages as access
from api.access import purpose_pages as purpose
from api.actions import clock_pages as action_policy
from api.actions import list_pages as actions
from api.actions import loop_pages as action_loop
from api.actions import loop_report_pages as closing_the_loop
from api.actions import pages as action
from api.agreement import pages as reports
from api.agreement import provenance_pages as why
from api.audit_tools import builder_pages as tool_builder
from api.audit_tools import domain_builder_pages as domain_builder
from api.audit_tools import pages as tools
from api.audit_tools import scale_pages as scales
from api.audits import allocation_pages as allocation
from api.audits import change_pages as audit_changes
from api.audits import list_pages as audits
from api.audits import pages as case_audit
from api.audits import submitting_pages as submitting
from api.audits import writing_pages as writing
from api.evidence_packs import pages as packs
from api.follow_ups import clock_pages as follow_up_policy
from api.follow_ups import pages as follow_ups
from api.history import comparison_pages as comparing
from api.history import late_events_pages as learnt
from api.history import pages as history
from api.imports import pages as imports
from api.imports import sending_pages as import_sending
from api.indicators import change_pages as indicator_changes
from api.indicators import pages as indicators
from api.inspections import pages as inspections
from api.inspections import room_pages as room
from api.installation import about_pages as about
from api.installation import health_pages as health
from api.installation import pages as installation
from api.learning import pages as learning
from api.ledger import pages as ledger
from api.moderation import list_pages as moderation_lists
from api.moderation import pages as moderations
from api.moderation import policy_pages as moderation_policy
from api.notifications import address_pages as address
from api.notifications import calendar_pages as calendar
from api.notifications import pages as notices
from api.notifications import step_pages as reminder_policy
from api.people import deputy_pages as deputies
from api.people import list_pages as people
from api.people import pages as person
from api.people import team_pages as teams
from api.plans import action_pages as plan_action
from api.plans import board_pages as board
from api.plans import figure_pages as plan_figures
from api.plans import pages as plans
from api.plans import rag_scale_pages as rag_scales
from api.practitioners import pages as own_cases
from api.publishing import pages as published
from api.safeguarding import clock_pages as concern_policy
from api.safeguarding import pages as concerns
from api.search import pages as search
from api.supervision import check_pages as supervision_checks
from api.supervision import clock_pages as supervision_policy
from api.supervision import pages as supervision
from api.supervision import prompt_pages as supervision_prompt
from api.supervision import report_pages as supervision_report
from api.tasks import pages as work
from api.tasks import team_pages as team_work

# /audits/new and /audits/export.csv come before /audits/{audit}, /imports/new before
# /imports/{batch}, /people/{person}/deputies before /people/{person}/{change},
# /reports/closing-the-loop before /reports/{name}, /actions/{action}/loop before
# /actions/{action}/{step}.
ROUTERS: tuple[APIRouter, ...] = (
    work.router,
    team_work.router,
    notices.router,
    address.router,
    calendar.router,
    audits.router,
    allocation.router,
    history.router,
    search.router,
    about.router,
    writing.router,
    submitting.router,
    moderations.router,
    case_audit.router,
    audit_changes.router,
    moderation_lists.router,
    moderation_policy.router,
    tool_builder.router,
    domain_builder.router,
    tools.router,
    scales.router,
    board.router,
    actions.router,
    action_loop.router,
    action.router,
    action_policy.router,
    supervision.router,
    supervision_checks.router,
    supervision_policy.router,
    supervision_prompt.router,
    supervision_report.router,
    concerns.router,
    concern_policy.router,
    follow_ups.router,
    follow_up_policy.router,
    own_cases.router,
    plan_figures.router,
    plans.router,
    plan_action.router,
    rag_scales.router,
    reminder_policy.router,
    import_sending.router,
    imports.router,
    indicator_changes.router,
    indicators.router,
    closing_the_loop.router,
    learning.router,
    reports.router,
    comparing.router,
    learnt.router,
    why.router,
    published.router,
    people.router,
    deputies.router,
    person.router,
    teams.router,
    access.router,
    health.router,
    purpose.router,
    ledger.router,
    inspections.router,
    room.router,
    packs.router,
    installation.router,
)
