"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import moderations

ROUTERS: tuple[APIRouter, ...] = (moderations.router,)
