"""A small app with the page kit and the account pages, for tests of the kit itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Engine, create_engine, event
from starlette.responses import HTMLResponse

from api.deps import SomeoneSignedIn, TokenHolder
from api.pages import account
from api.pages.kit.csrf import Posted
from api.pages.kit.forms import Errors
from api.pages.kit.install import install
from api.pages.kit.templates import render
from api.settings import Settings
from qa import access_log
from qa.accounts import credentials, tables
from qa.clock import Clock, SetClock
from qa.errors import Forbidden, MovedOn, NotFound, Refused, Unavailable

NOON = datetime(2026, 10, 12, 11, 3, tzinfo=UTC)
PASSWORD = "three plain words"


def engine_at(folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / 'accounts.db'}")

    @event.listens_for(engine, "connect")
    def _ready(connection, _record):
        connection.execute("PRAGMA busy_timeout=5000")

    tables.create(engine)
    access_log.create(engine)
    return engine


def with_person(engine: Engine, clock: Clock, person="p-ada", name="ada.l", password=PASSWORD):
    with engine.begin() as connection:
        credentials.enrol(connection, person=person, name=name)
        credentials.store(
            connection, clock, person=person, password_hash=credentials.hashed(password)
        )


def create_shell(settings: Settings, engine: Engine, clock: Clock | None = None) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    install(app, settings=settings, engine=engine, clock=clock or SetClock(NOON))
    app.include_router(account.router)
    errors = {
        "403": Forbidden("Only the lead may do this.", rule="lead"),
        "404": NotFound("No such audit."),
        "409": MovedOn("Somebody else changed it."),
        "422": Refused("Say why.", field="reason"),
        "503": Unavailable("The database is busy."),
    }

    @app.get("/")
    def home(request: Request, signed: SomeoneSignedIn):
        return render(request, "error.html", title="Start", sentence="You are signed in.",
                      faults=[], advice="", reference=None)  # fmt: skip

    @app.get("/fail/{code}")
    @app.get("/api/fail/{code}")
    def fail(code: str):
        if code == "500":
            raise ValueError("Secret case text about a child")
        raise errors[code]

    app.state.drafts = []

    @app.get("/draft")
    def draft(request: Request, signed: SomeoneSignedIn):
        page = request.app.state.pages.environment.from_string(
            '{% extends "base.html" %}{% block content %}<h1>Draft</h1>'
            '<form method="post" data-autosave="/draft">'
            '<input type="hidden" name="csrf" value="{{ csrf }}">'
            '<label for="why">Why</label><textarea id="why" name="voice.why"></textarea></form>'
            "{% endblock %}"
        )
        return HTMLResponse(
            page.render(title="Draft", nav=[], errors=Errors(), as_at=None, back=None, wide=False,
                        signed_in=signed, csrf=signed.session.csrf)
        )  # fmt: skip

    @app.post("/draft", status_code=204)
    def save(form: Posted):
        app.state.drafts.append(form)

    @app.get("/api/mine")
    def mine(token: TokenHolder = Depends(TokenHolder("read"))):  # noqa: B008
        return {"person": token.person}

    return app
