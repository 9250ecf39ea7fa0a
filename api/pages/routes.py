"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import about, audits, case_audit, history, search, work

ROUTERS: tuple[APIRouter, ...] = (
    work.router,
    audits.router,
    history.router,
    search.router,
    about.router,
    case_audit.router,
)
