"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.access import pages as access_pages
from api.access import purpose_pages
from api.actions import clock_pages as action_clock_pages
from api.actions import list_pages as action_list_pages
from api.actions import loop_pages, loop_report_pages
from api.actions import pages as actions_pages
from api.agreement import pages as agreement_pages
from api.agreement import provenance_pages
from api.audit_tools import builder_pages, domain_builder_pages, scale_pages
from api.audit_tools import pages as tool_pages
from api.audits import allocation_pages, submitting_pages, writing_pages
from api.audits import change_pages as audit_change_pages
from api.audits import list_pages as audit_list_pages
from api.audits import pages as audit_pages
from api.evidence_packs import pages as pack_pages
from api.follow_ups import clock_pages as follow_up_clock_pages
from api.follow_ups import pages as follow_up_pages
from api.history import comparison_pages, late_events_pages
from api.history import pages as history_pages
from api.imports import pages as import_pages
from api.imports import sending_pages
from api.indicators import change_pages as indicator_change_pages
from api.indicators import pages as indicator_pages
from api.inspections import pages as inspection_pages
from api.inspections import room_pages
from api.installation import about_pages, health_pages
from api.installation import pages as installation_pages
from api.learning import pages as learning_pages
from api.ledger import pages as ledger_pages
from api.moderation import list_pages as moderation_list_pages
from api.moderation import pages as moderation_pages
from api.moderation import policy_pages
from api.notifications import address_pages, calendar_pages, step_pages
from api.notifications import pages as notification_pages
from api.people import deputy_pages
from api.people import list_pages as people_list_pages
from api.people import pages as people_pages
from api.people import team_pages as people_team_pages
from api.plans import action_pages, board_pages, figure_pages, rag_scale_pages
from api.plans import pages as plan_pages
from api.practitioners import pages as practitioner_pages
from api.publishing import pages as publishing_pages
from api.safeguarding import clock_pages as safeguarding_clock_pages
from api.safeguarding import pages as safeguarding_pages
from api.search import pages as search_pages
from api.supervision import check_pages, prompt_pages, report_pages
from api.supervision import clock_pages as supervision_clock_pages
from api.supervision import pages as supervision_pages
from api.tasks import pages as task_pages
from api.tasks import team_pages as task_team_pages

# /audits/new and /audits/export.csv come before /audits/{audit}, /imports/new before
# /imports/{batch}, /people/{person}/deputies before /people/{person}/{change},
# /reports/closing-the-loop before /reports/{name}, /actions/{action}/loop before
# /actions/{action}/{step}.
ROUTERS: tuple[APIRouter, ...] = (
    task_pages.router,
    task_team_pages.router,
    notification_pages.router,
    address_pages.router,
    calendar_pages.router,
    audit_list_pages.router,
    allocation_pages.router,
    history_pages.router,
    search_pages.router,
    about_pages.router,
    writing_pages.router,
    submitting_pages.router,
    moderation_pages.router,
    audit_pages.router,
    audit_change_pages.router,
    moderation_list_pages.router,
    policy_pages.router,
    builder_pages.router,
    domain_builder_pages.router,
    tool_pages.router,
    scale_pages.router,
    board_pages.router,
    action_list_pages.router,
    loop_pages.router,
    actions_pages.router,
    action_clock_pages.router,
    supervision_pages.router,
    check_pages.router,
    supervision_clock_pages.router,
    prompt_pages.router,
    report_pages.router,
    safeguarding_pages.router,
    safeguarding_clock_pages.router,
    follow_up_pages.router,
    follow_up_clock_pages.router,
    practitioner_pages.router,
    figure_pages.router,
    plan_pages.router,
    action_pages.router,
    rag_scale_pages.router,
    step_pages.router,
    sending_pages.router,
    import_pages.router,
    indicator_change_pages.router,
    indicator_pages.router,
    loop_report_pages.router,
    learning_pages.router,
    agreement_pages.router,
    comparison_pages.router,
    late_events_pages.router,
    provenance_pages.router,
    publishing_pages.router,
    people_list_pages.router,
    deputy_pages.router,
    people_pages.router,
    people_team_pages.router,
    access_pages.router,
    health_pages.router,
    purpose_pages.router,
    ledger_pages.router,
    inspection_pages.router,
    room_pages.router,
    pack_pages.router,
    installation_pages.router,
)
