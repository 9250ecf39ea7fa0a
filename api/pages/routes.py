"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import moderation_lists, moderation_policy, moderations

ROUTERS: tuple[APIRouter, ...] = (
    moderations.router,
    moderation_lists.router,
    moderation_policy.router,
)
