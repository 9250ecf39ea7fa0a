"""How a part of the API is declared, and how its requests are answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from qa.core.errors import Refused
from qa.core.texts import faults_in

PREFIX = "/api/v1"


class ApiRequest:
    """What a request asks for, where something waits for the thread that does the work."""

    def admit(self) -> None:
        """Do what waits, before the work begins. Whatever it raises is the answer."""


class ApiRoute(APIRoute):
    """A route whose work is done by one thread; each costs as much as writing all read rows.

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
    _refuse_unstorable(given)
    for one in given.values():
        if isinstance(one, ApiRequest):
            one.admit()
    return work(**given)


def _refuse_unstorable(given: Mapping[str, Any]) -> None:
    """Texts and numbers of the address, the query and a form, which no body model has looked at."""
    named = {
        name: value.filename or "" if isinstance(value, UploadFile) else value
        for name, value in given.items()
    }
    faults = list(faults_in(named))
    if faults:
        raise Refused(faults)


class ApiRouter(APIRouter):
    """A part of the API: one resource and what is done with it, under the API's address."""

    def __init__(self, *, tags: list[str], prefix: str = "") -> None:
        super().__init__(prefix=PREFIX + prefix, tags=[*tags], route_class=ApiRoute)
