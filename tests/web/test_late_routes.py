"""Routes that are loaded once the first page is answered."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.web.late_routes import OtherAddresses, PageRouter

first, second = PageRouter(), PageRouter()


@first.get("/sign-in")
def sign_in() -> str:
    return "sign in"


@second.get("/audits/{audit}")
def audit(audit: str) -> str:
    return audit


@second.post("/audits")
def allocate() -> str:
    return "allocated"


def _served() -> tuple[TestClient, list[str]]:
    loaded: list[str] = []
    app, monitored = FastAPI(openapi_url=None), APIRouter()
    monitored.get("/healthz")(lambda: "ok")
    app.router.routes.extend(monitored.routes)

    def others() -> list[object]:
        loaded.append("all")
        return [*second.routes, *first.routes]

    OtherAddresses(app, first.routes, others)  # type: ignore[arg-type]
    return TestClient(app), loaded


def test_the_first_pages_and_health_are_answered_before_the_others_are_loaded() -> None:
    client, loaded = _served()
    assert client.get("/sign-in").json() == "sign in"
    assert client.get("/healthz").json() == "ok"
    assert loaded == []


def test_another_page_is_answered_once_all_are_loaded_and_they_are_loaded_once() -> None:
    client, loaded = _served()
    assert client.get("/audits/a").json() == "a"
    assert client.post("/audits").json() == "allocated"
    assert client.get("/sign-in").json() == "sign in"
    assert client.get("/healthz").json() == "ok"
    assert loaded == ["all"]


def test_what_is_no_address_is_told_as_it_is_when_all_are_loaded() -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/audits", 405),
        ("POST", "/sign-in", 405),
    ):
        client, loaded = _served()
        assert client.request(method, path).status_code == status
        assert client.request(method, path).status_code == status
        assert loaded == ["all"]


def test_a_load_that_fails_is_tried_again() -> None:
    app = FastAPI()
    tries: list[str] = []

    def others() -> list[object]:
        tries.append("one")
        if len(tries) == 1:
            raise OSError("the disk is away")
        return list(second.routes)

    OtherAddresses(app, first.routes, others)  # type: ignore[arg-type]
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/audits/a").status_code == 500
    assert client.get("/audits/a").json() == "a"
