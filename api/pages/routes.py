"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    about,
    access,
    allocation,
    audit_changes,
    audits,
    case_audit,
    domain_builder,
    history,
    imports,
    installation,
    ledger,
    moderation_lists,
    moderation_policy,
    moderations,
    people,
    person,
    reports,
    scales,
    search,
    submitting,
    teams,
    tool_builder,
    tools,
    work,
    writing,
)

# /audits/new and /audits/export.csv come before /audits/{audit}.
ROUTERS: tuple[APIRouter, ...] = (
    work.router,
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
    imports.router,
    reports.router,
    people.router,
    person.router,
    teams.router,
    access.router,
    ledger.router,
    installation.router,
)
