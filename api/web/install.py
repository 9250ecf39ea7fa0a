"""Puts the page kit on an app: state, static files, error answers and middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from api.settings import Settings
from api.web import problems
from api.web.assets import Assets
from api.web.headers import SecurityHeaders
from api.web.request import ActorFor
from api.web.template_engine import Pages
from qa.core.clock import Clock, SystemClock
from qa.store.store import Store

Navigation = Callable[[Request], list[dict[str, Any]]]


def install(
    app: FastAPI,
    *,
    settings: Settings,
    records: Store,
    clock: Clock | None = None,
    actor_for: ActorFor = lambda person: None,
    navigation: Navigation | None = None,
) -> None:
    """Make `app` able to serve pages. Call once, before the first request.

    `navigation` gives the items of the service navigation (text, href, current) for a request.
    """
    assets = Assets(settings.council_colour)
    app.state.settings = settings
    app.state.records = records
    app.state.clock = clock or SystemClock()
    app.state.actor_for = actor_for
    app.state.pages = Pages(settings, assets)
    app.state.navigation = navigation
    app.router.routes.append(assets.route())
    problems.install(app)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.max_body_bytes)
    app.add_middleware(problems.Unexpected)
    app.add_middleware(SecurityHeaders, https=settings.https)
