"""Every address of the product: the routers of each capability's pages and endpoints.

A capability's pages are routers in its ``pages`` and ``*_pages`` modules, its part of the JSON API
routers in ``endpoints`` and ``*_endpoints``. They are found by folder and made into one list:
FastAPI's included routers would work every route out anew for each application (half a second),
and go through all of them twice.
"""

from __future__ import annotations

import re
from functools import cache
from inspect import unwrap
from types import FunctionType, ModuleType
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse

from api.json import meanings, refusals
from qa.core.capabilities import declared, modules

DESCRIPTION = """The quality-assurance record of a council's children's services.

Every change is a fact: it names who made it, in which role, and what it was made from (`If-Match`).
Every reading can be asked for as known on a past day (`as_at`) or at a position of the log.
Errors are RFC 9457 problem documents: the page at `type` says what the code means. A known address
that is asked in another way answers 405 and says in `Allow` which ways there are."""


def routes_of(module: ModuleType) -> list[APIRoute]:
    """The routes of every router that a module names.

    Raises:
        TypeError: there are none.
    """
    routers = [value for value in vars(module).values() if isinstance(value, APIRouter)]
    routes = [one for router in routers for one in router.routes if isinstance(one, APIRoute)]
    if not routes:
        raise TypeError(f"{module.__name__} has no router with a route: it needs one by its name")
    return routes


def openness(path: str) -> tuple[tuple[int, int], ...]:
    """How much each part of an address takes: 0 one word, 1 part of a word (the more is given, the
    less it takes), 2 any word, 3 several.

    In the order of this, no address is hidden behind another that takes it too: ``/audits/new``
    comes before ``/audits/{audit}``, whichever capability brings which.
    """
    return tuple(_openness(part) for part in path.split("/"))


def _openness(part: str) -> tuple[int, int]:
    given = len(re.sub(r"{.*?}", "", part))
    if "{" not in part:
        return 0, 0
    return (1, -given) if given else (3, 0) if part.endswith(":path}") else (2, 0)


_ENDPOINTS = modules("api", "endpoints", suffixed=True)
_PAGES = modules("api", "pages", suffixed=True)
_BUSY = {
    function
    for matter in ("endpoints", "pages")
    for function in declared("api", matter, "BUSY", FunctionType, suffixed=True)
}
"""What most requests of a day go to, as its modules say."""

OPERATIONS = tuple(route for module in _ENDPOINTS for route in routes_of(module))
"""The routes of the JSON API."""
PAGES = tuple(route for module in _PAGES for route in routes_of(module))
"""The routes of the pages, those without a session among them."""
ROUTES = tuple(
    sorted(
        (*OPERATIONS, *PAGES),
        key=lambda route: (unwrap(route.endpoint) not in _BUSY, openness(route.path)),
    )
)
"""All of them in the order in which they are tried, which takes a microsecond each: busy ones
first."""


@cache
def document() -> dict[str, Any]:
    """The OpenAPI description of every operation."""
    described = get_openapi(
        title="Caseloop",
        version="1",
        description=DESCRIPTION,
        routes=OPERATIONS,
        separate_input_output_schemas=False,
    )
    refusals.describe(described)
    meanings.explain(described)
    return described


def document_json() -> bytes:
    """The same as it is sent."""
    return bytes(JSONResponse(document()).body)
