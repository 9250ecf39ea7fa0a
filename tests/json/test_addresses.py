"""Routes are found by how an address begins, and answered as FastAPI's own would be."""

from __future__ import annotations

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.routing import NoMatchFound

from api.json.addresses import Addresses
from api.json.routing import ApiRouter

pages = APIRouter()
things = ApiRouter(prefix="/things", tags=["things"])


@pages.get("/")
def start() -> str:
    return "start"


@pages.get("/things/new")
def new() -> str:
    return "an empty form"


@pages.get("/things/{thing}")
def one(thing: str) -> str:
    return f"page of {thing}"


@pages.post("/things/{thing}")
def change(thing: str) -> str:
    return f"changed {thing}"


@things.get("/{thing}")
def told(thing: str) -> dict[str, str]:
    return {"thing": thing}


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.router.routes.append(Addresses((pages, things)))
    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", "start"),
        ("/things/new", "an empty form"),
        ("/things/kettle", "page of kettle"),
        ("/things/kettle/", "page of kettle"),
        ("/api/v1/things/kettle", {"thing": "kettle"}),
    ],
)
def test_the_first_route_that_fits_answers(
    client: TestClient, path: str, answer: str | dict[str, str]
) -> None:
    assert client.get(path).json() == answer


@pytest.mark.parametrize("path", ["/thing", "/things", "/api/v1", "/api/v1/thing/x", "//things/x"])
def test_an_address_that_nothing_fits_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_another_method_is_told_which_there_are(client: TestClient) -> None:
    assert client.post("/things/kettle").json() == "changed kettle"
    answer = client.delete("/things/kettle")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_route_that_could_be_anywhere_is_refused() -> None:
    anywhere = APIRouter()
    anywhere.get("/{anything}")(start)
    with pytest.raises(ValueError, match="how its address begins"):
        Addresses((anywhere,))
    with pytest.raises(NoMatchFound):
        Addresses((pages,)).url_path_for("start")
