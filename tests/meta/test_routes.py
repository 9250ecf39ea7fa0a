"""Every address of the product is found by folder, and answered by the route that it belongs to."""

from __future__ import annotations

import re
from inspect import unwrap
from types import ModuleType

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match

from api.follow_ups import endpoints as follow_up_endpoints
from api.json.routing import PREFIX
from api.routes import OPERATIONS, PAGES, ROUTES, openness, routes_of

EXAMPLE = re.compile(r"{[^}]+}")


def answering(method: str, path: str) -> APIRoute:
    """The first route that takes this request in full."""
    asked = {"type": "http", "method": method, "path": path}
    return next(route for route in ROUTES if route.matches(asked)[0] is Match.FULL)


def test_pages_and_operations_are_all_there() -> None:
    assert min(len(OPERATIONS), len(PAGES)) > 200
    assert len(ROUTES) == len(OPERATIONS) + len(PAGES)
    assert all(route.path.startswith(PREFIX) for route in OPERATIONS)
    assert not any(route.path.startswith(PREFIX) for route in PAGES)
    assert len({route.operation_id for route in OPERATIONS}) == len(OPERATIONS)


def test_no_route_is_hidden_by_another() -> None:
    hidden = [
        (method, route.path, found.path)
        for route in ROUTES
        for method in sorted(route.methods)
        if (found := answering(method, EXAMPLE.sub("0" * 32, route.path))) is not route
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("/audits/new", "/audits/{audit}"),
        ("/audits/export.{kind}", "/audits/{audit}"),
        ("/reports/loops.{file}", "/reports/{name}.{kind}"),
        ("/children/{child}", "/children/{child:path}"),
        ("/audits/{audit}/concerns", "/audits/{audit}/{ending}"),
    ],
)
def test_what_takes_less_is_tried_first(first: str, then: str) -> None:
    assert openness(first) < openness(then)


def test_what_is_asked_for_most_is_tried_first() -> None:
    functions = [unwrap(route.endpoint) for route in ROUTES]
    assert max(functions.index(one) for one in follow_up_endpoints.BUSY) < 20


def test_a_module_without_routes_is_named() -> None:
    module = ModuleType("api.baths.pages")
    module.router = APIRouter()  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"api\.baths\.pages has no router with a route"):
        routes_of(module)
