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
    history,
    installation,
    people,
    person,
    reports,
    search,
    submitting,
    teams,
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
    case_audit.router,
    reports.router,
    people.router,
    person.router,
    teams.router,
    access.router,
    installation.router,
    audit_changes.router,
)
