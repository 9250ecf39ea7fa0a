"""Which route answers an address: looked for among those that begin alike.

FastAPI's included routers work every route out anew for each application (half a second), and go
through all of them in turn, twice. Ours are worked out once in a process, and few are tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, NoReturn

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from api.json.routing import PREFIX

_FOUND = "caseloop.route"


class Addresses(BaseRoute):
    """The routes of some routers, tried in their order."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._by_beginning: dict[str, list[APIRoute]] = {}
        for route in chain.from_iterable(router.routes for router in routers):
            if not isinstance(route, APIRoute) or "{" in _beginning(route.path):
                raise ValueError(f"{route} is not found by how its address begins")
            self._by_beginning.setdefault(_beginning(route.path), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        partly: tuple[APIRoute, Scope] | None = None
        if scope["type"] != "http":
            return Match.NONE, {}
        for route in self._by_beginning.get(_beginning(scope["path"]), ()):
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, {**found, _FOUND: route}
            if match is Match.PARTIAL and partly is None:
                partly = route, found
        if partly is None:
            return Match.NONE, {}
        return Match.PARTIAL, {**partly[1], _FOUND: partly[0]}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope[_FOUND].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> NoReturn:
        """Addresses are written out where they are needed."""
        raise NoMatchFound(name, path_params)


def _beginning(path: str) -> str:
    """The first part of an address, or the first one after what all of the API begin with."""
    start = len(PREFIX) + 1 if path.startswith(f"{PREFIX}/") else 1
    return path[: path.find("/", start) if "/" in path[start:] else None]
