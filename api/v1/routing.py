"""How the API's addresses are kept and answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Scope

PREFIX = "/api/v1"


class Asking:
    """What a request asks for, where something waits for the thread that does the work."""

    def admit(self) -> None:
        """Do what waits, before the work begins. Whatever it raises is the answer."""


class ApiRoute(APIRoute):
    """A route whose work is done by one thread, which costs as much as a page of a book of rows.

    What is `Asking` is admitted there, on its way to the work. And the answer of a plain function
    would be sent to one more thread to be checked against its model: ours is that model already.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _on_a_thread(endpoint)
        super().__init__(path, endpoint, **options)


def _on_a_thread(work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    async def done(**given: Any) -> Any:
        return await run_in_threadpool(_admitted, work, given)

    return done


def _admitted(work: Callable[..., Any], given: dict[str, Any]) -> Any:
    for one in given.values():
        if isinstance(one, Asking):
            one.admit()
    return work(**given)


ApiRouter = partial(APIRouter, route_class=ApiRoute)
"""A part of the API: one resource and what is done with it."""


class Api(APIRouter):
    """All parts of the API as one list of routes, tried only for addresses of the API.

    Nested routers would be gone through twice at every level, for every request.
    """

    def add(self, part: APIRouter) -> None:
        """Take the part's routes in, to be tried after those that are here."""
        self.routes.extend(part.routes)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(PREFIX):
            return Match.NONE, {}
        return super().matches(scope)
