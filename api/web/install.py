"""Puts the page kit on an app: state, static files, error answers, security headers, middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gate.middleware import HttpMiddleware
from api.settings import Settings
from api.web import problems
from api.web.assets import Assets
from api.web.request import ActorFor
from api.web.template_engine import Pages
from api.web.text_gate import TextGate
from qa.core.clock import Clock, SystemClock
from qa.store.store import Store

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
"""No nonce is needed: no page holds a script or a style of its own."""


class SecurityHeaders(HttpMiddleware):
    """ASGI middleware. Pages are not to be stored by anyone unless they say otherwise."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        super().__init__(app)
        self._https = https

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
                headers.setdefault("Cache-Control", "no-store")
                if self._https:
                    headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
            await send(message)

        await self.app(scope, receive, with_headers)


def install(
    app: FastAPI,
    *,
    settings: Settings,
    records: Store,
    actor_for: ActorFor,
    clock: Clock | None = None,
    navigation: Callable[[Request], Any] | None = None,
) -> None:
    """Make `app` able to serve pages. Call once, before the first request.

    `navigation` gives the sections and pages that one can go to from a request.
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
    app.add_middleware(TextGate, most_bytes=settings.max_body_bytes)
    app.add_middleware(problems.Unexpected)
    app.add_middleware(SecurityHeaders, https=settings.https)
