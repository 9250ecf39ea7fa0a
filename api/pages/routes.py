"""Every router of pages, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    imports,
    moderation_lists,
    moderation_policy,
    moderations,
    scales,
    tool_builder,
    tools,
)

ROUTERS: tuple[APIRouter, ...] = (
    moderations.router,
    moderation_lists.router,
    moderation_policy.router,
    tool_builder.router,
    tools.router,
    scales.router,
    imports.router,
)
