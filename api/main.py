"""The composition root: builds the service from its settings and mounts every way in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

from api.pages import account, routes
from api.pages.kit.install import install
from api.pages.navigation import navigation
from api.services import Services, build
from api.settings import Settings
from api.v1.router import router as v1
from api.visits import NoteVisits
from projections import people
from qa.clock import civil_day
from qa.errors import Forbidden
from qa.ledger.following import Follower
from qa.ledger.sealing import standing
from qa.words import Actor

DESCRIPTION = """The quality-assurance record of a council's children's services.

Every change is a fact: it names who made it, in which role, and what it was made from (`If-Match`).
Every reading can be asked for as known on a past day (`as_at`) or at a position of the log.
Errors are RFC 9457 problem documents."""


def create_app(services: Services) -> FastAPI:
    """The web application over one council's services."""
    follower = Follower(services.ledger)

    @asynccontextmanager
    async def sealed(_: FastAPI) -> AsyncIterator[None]:
        """While the app is served, the ledger follows the log."""
        follower.start()
        try:
            yield
        finally:
            await run_in_threadpool(follower.stop)

    app = FastAPI(
        title="Caseloop",
        lifespan=sealed,
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )

    def actor_for(person: str) -> Actor:
        today = civil_day(services.clock.now())
        with services.store.reading() as connection:
            found = people.actor(connection, person, today)
        if found is None:
            raise Forbidden("Your account is closed.", rule="departed")
        return found

    # Added first, so that it is innermost and its own trouble is answered like any other.
    app.add_middleware(NoteVisits, services=services)
    install(
        app,
        settings=services.settings,
        records=services.store,
        clock=services.clock,
        actor_for=actor_for,
        navigation=navigation,
    )
    app.state.services = services
    app.state.follower = follower
    app.include_router(account.router, include_in_schema=False)
    for router in routes.ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.include_router(v1)

    @app.get("/healthz", include_in_schema=False)
    def health(request: Request) -> dict[str, Any]:
        """Whether the records answer, which read models are behind, and how far the seal is."""
        with services.store.reading() as connection:
            stale = services.registry.stale(connection)
            seal = standing(services.store, connection)
        return {
            "status": "stale" if stale else "ok",
            "position": seal.head,
            "stale": stale,
            "sealed": seal.sealed,
            "sealing": "ok" if follower.trouble is None else "in trouble",
        }

    return app


def from_environment() -> FastAPI:
    """What a server process starts: the app over the store that the environment names."""
    return create_app(build(Settings.from_environment()))
