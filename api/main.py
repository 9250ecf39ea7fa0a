"""The composition root: builds the service from its settings and mounts every way in."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import cached_property
from threading import Timer
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from api.apart.kept import kept_processes
from api.apart.process import (
    EndedEarly,
    ProcessApart,
    TookTooLong,
    giving_memory_back,
    share_memory,
)
from api.charts.drawing import draw_nothing
from api.gate.access_middleware import NoteVisits
from api.gate.current_actor import acting
from api.gate.turns import TakeTurns
from api.installation import metrics
from api.navigation import navigation
from api.notifications.announcing import Announcer
from api.people import account_pages
from api.services import Services, build
from api.settings import Settings
from api.web.install import install
from api.web.late_routes import OtherAddresses
from projections.core.health import health
from qa.core.clock import today
from qa.core.errors import Forbidden, Unavailable
from qa.core.words import Actor
from qa.ledger.following import Follower
from qa.ledger.sealing import standing
from qa.outbox import tables
from qa.store.write_probe import WriteProbe


class Application(FastAPI):
    """FastAPI with an API description that is made once."""

    serves = False

    def openapi(self) -> dict[str, Any]:
        from api.routes import document

        return document()

    @cached_property
    def openapi_json(self) -> bytes:
        """The description as it is sent. Whoever serves has it made in another process: what it is
        made from takes 50 MB, which would stay."""
        if self.serves:
            from api.routes import document_json

            with suppress(TookTooLong, EndedEarly), ProcessApart() as process:
                return process.ask(document_json, seconds=DESCRIBING_SECONDS)
        return bytes(JSONResponse(self.openapi()).body)


DESCRIPTION = "/api/v1/openapi.json"
"""Where the API describes itself: behind all pages, which it is made from, and in a thread."""
DESCRIBING_SECONDS = 300.0
LOAD_SECONDS = 0.3
"""Whoever serves answers the first page before it loads the others."""


def create_app(services: Services, *, serves: bool = False) -> FastAPI:
    """The web application over one council's services. One that `serves` answers as soon as it can
    and loads most pages then, and has documents made beside this process, not in it."""
    follower = Follower(services.ledger)
    announcer = Announcer(services)

    @asynccontextmanager
    async def sealed(_: FastAPI) -> AsyncIterator[None]:
        """While the app is served, the ledger and the outbox follow the log."""
        follower.start()
        announcer.start()
        loading = Timer(LOAD_SECONDS, others.load)
        loading.daemon = True
        if serves:
            loading.start()
        try:
            with ExitStack() as beside:
                if serves:
                    beside.enter_context(kept_processes(draw_nothing))
                    beside.enter_context(giving_memory_back())
                yield
        finally:
            loading.cancel()
            await run_in_threadpool(announcer.stop)
            await run_in_threadpool(follower.stop)

    app = Application(
        title="Caseloop",
        lifespan=sealed,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.serves = serves

    def actor_for(person: str) -> Actor:
        with services.store.asking() as connection:
            found = acting(connection, person, today(services.clock))
        if found is None:
            raise Forbidden("Your account is closed.", rule="departed")
        return found

    requests = metrics.Requests()
    # Added first, so that it is innermost and its own trouble is answered like any other.
    app.add_middleware(NoteVisits, services=services)
    app.add_middleware(TakeTurns, connections=services.settings.connections)
    install(
        app,
        settings=services.settings,
        records=services.store,
        clock=services.clock,
        actor_for=actor_for,
        navigation=navigation,
    )
    app.add_middleware(metrics.CountRequests, requests=requests)
    app.state.services = services
    app.state.follower = follower

    probe = WriteProbe(services.store, services.clock)

    @app.get("/healthz", include_in_schema=False)
    def healthz(response: Response) -> dict[str, Any]:
        """Whether the records can be read and saved to, which read models are behind, how far the
        seal is, and whether the pages are there. 503 where nothing can be saved or shown."""
        try:
            services.store.check()
            services.check_key()
        except Unavailable as wrong:
            response.status_code = wrong.status
            return {"status": wrong.code, "detail": wrong.sentence}
        saving = probe.trouble()
        if others.trouble is not None:
            with suppress(Exception):  # nobody asks a server that is in trouble for its pages
                others.load()
        with services.store.reading() as connection:
            models = health(services.registry, connection, services.clock.now())
            seal = standing(services.store, connection)
            announced = tables.position(connection)
            doubt = services.store.clock_doubt(connection)
        late = {one.name: one.status for one in models if one.is_behind}
        stale = [name for name, status in late.items() if status == "stale"]
        failed = [name for name, status in late.items() if status == "failed"]
        if saving is not None or doubt is not None or others.trouble is not None:
            response.status_code = 503
        return {
            "status": "clock-doubted"
            if doubt is not None
            else "failed"
            if failed or saving or others.trouble
            else "stale"
            if stale
            else "ok",
            "saving": saving or "ok",
            "clock": doubt or "ok",
            "pages": others.trouble or "ok",
            "advice": "run caseloop rebuild" if stale or failed else "",
            "position": seal.head,
            "stale": stale,
            "failed": failed,
            "sealed": seal.sealed,
            "sealing": "ok" if follower.trouble is None else "in trouble",
            "checkpoints_to": [each.name.partition(" ")[0] for each in services.ledger.places],
            "announced": announced,
            "announcing": "ok" if announcer.trouble is None else "in trouble",
        }

    @app.get("/metrics", include_in_schema=False)
    def read_metrics(request: Request) -> Response:
        """Figures for a monitoring system."""
        metrics.may_read(request, services.settings.metrics_token)
        return Response(metrics.text_of(services, requests), media_type=metrics.CONTENT_TYPE)

    def description(_: Request) -> Response:
        return Response(app.openapi_json, media_type="application/json")

    def every_route() -> tuple[BaseRoute, ...]:
        from api.routes import ROUTES

        if serves:
            collect_seldom()
        return (*ROUTES, Route(DESCRIPTION, description))

    others = OtherAddresses(app, account_pages.router.routes, every_route)
    if not serves:
        others.load()
    return app


def collect_seldom() -> None:
    """The garbage collector leaves alone what is there, and looks less often at what is made: a
    tenth of a save, and a third of an import, was spent on it. Once more it is not gone through:
    nothing of it may go, and it takes a sixth of a second."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def settle() -> None:
    """Set this process up to serve, once everything that stays is made.

    Threads take turns more often, so that whoever holds the writers' queue waits less for the
    others.
    """
    collect_seldom()
    sys.setswitchinterval(0.0005)
    share_memory()


def from_environment() -> FastAPI:
    """What a server process starts: the app over the store that the environment names."""
    app = create_app(build(Settings.from_environment()), serves=True)
    settle()
    return app
