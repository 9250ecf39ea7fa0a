"""A small app with the page kit and the account pages, for tests of the kit itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse

from api.navigation import Navigation
from api.people import account_pages
from api.services import registry
from api.settings import Settings
from api.web.csrf import Posted
from api.web.forms import Errors
from api.web.install import install
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from qa.core.clock import Clock, SetClock
from qa.core.errors import Forbidden, MovedOn, NotFound, Refused, Unavailable
from qa.core.words import Actor
from qa.security.accounts import credentials
from qa.store.store import Store

NOON = datetime(2026, 10, 12, 11, 3, tzinfo=UTC)
PASSWORD = "three plain words"


def records_at(folder: Path) -> Store:
    url = f"sqlite:///{folder / 'accounts.db'}"
    records = Store(url, clock=SetClock(NOON), projector=registry())
    records.initialise()
    return records


def with_person(records: Store, clock: Clock, person="p-ada", name="ada.l", password=PASSWORD):
    with records.writing() as connection:
        credentials.enrol(connection, person=person, name=name)
        credentials.store(
            connection, clock, person=person, password_hash=credentials.hashed(password)
        )


def create_shell(settings: Settings, records: Store, clock: Clock | None = None) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    clock = clock or SetClock(NOON)
    install(app, settings=settings, records=records, clock=clock, actor_for=Actor)
    app.include_router(account_pages.router)
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
            page.render(title="Draft", nav=Navigation(),
                        errors=Errors(), as_at=None, behind=(),
                        back=None, wide=False,
                        signed_in=signed, csrf=signed.session.csrf)
        )  # fmt: skip

    @app.post("/draft", status_code=204)
    def save(form: Posted):
        app.state.drafts.append(form)

    return app
