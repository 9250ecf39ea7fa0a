"""How a part of the API is declared, and how its requests are answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Cookie, Header, Path
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse

from api.json.callers import allowed_to, caller_of
from api.json.query import FormFields, QueryModel
from api.lists.files import TYPES
from api.web.late_routes import LateRoute
from api.web.moments import FIELDS, present_only_fault
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.texts import faults_in
from qa.security.accounts import tokens

PREFIX = "/api/v1"
ELSEWHERE = (Path, Header, Cookie)
"""Parameters that stand in no query."""
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class HeadAlone(JSONResponse):
    """The head of an answer whose content is not sent."""

    media_type = None  # type: ignore[assignment]

    def render(self, content: Any) -> bytes:
        return b""


class ApiRequest:
    """What a request asks for, where something waits for the thread that does the work."""

    def admit(self) -> None:
        """Do what waits, before the work begins. Whatever it raises is the answer."""


class ApiRoute(LateRoute):
    """A route whose work is done by one thread; each costs as much as writing all read rows.

    What is `Asking` is admitted there, on its way to the work. And the answer of a plain function
    would be sent to one more thread to be checked against its model: ours is that model already.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _on_a_thread(endpoint)
        super().__init__(path, endpoint, **options)

    @cached_property
    def known(self) -> list[str]:
        """What the query of an address may hold."""
        taken = get_flat_params(self.dependant)
        return [one.alias for one in taken if not isinstance(one.field_info, ELSEWHERE)]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            # Who sends no token is told that first.
            if request.query_params and tokens.secret_in(request.headers.get("authorization", "")):
                self._refuse_unknown(request)
            try:
                return await handle(request)
            except RequestValidationError as wrong:
                # Whoever may not ask at all learns that, and nothing of what they sent.
                await run_in_threadpool(self._ask_first, request, wrong)
                raise

        return handled

    def _ask_first(self, request: Request, wrong: RequestValidationError) -> None:
        """Who calls, whether they may write, and whether they may do this to that record."""
        caller = caller_of(request)
        if request.method in ("GET", "HEAD"):
            return
        actor = allowed_to(caller, "write")
        ask_first = getattr(self.endpoint, "ask_first", None)
        if ask_first is not None and all(one["loc"][0] != "path" for one in wrong.errors()):
            ask_first(request, actor)

    def _refuse_unknown(self, request: Request) -> None:
        """A misspelt parameter would be lost, and the answer be about more than was asked."""
        faults = [
            _unknown(name, self.known) for name in request.query_params if name not in self.known
        ]
        if faults:
            raise Refused(faults, code=faults[0].code)


def _unknown(name: str, known: list[str]) -> Fault:
    if name in FIELDS:
        return present_only_fault(name)
    sentence = f"Known are: {', '.join(known)}." if known else "There are none here."
    return Fault(name, "parameter-unknown", f"“{name}” is not a known parameter. {sentence}")


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
    named: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, QueryModel | FormFields):
            named |= dict(value)
        else:
            named[name] = value.filename or "" if isinstance(value, UploadFile) else value
    faults = list(faults_in(named))
    refuse_any(faults)


class ApiRouter(APIRouter):
    """A part of the API: one resource and what is done with it, under the API's address."""

    def __init__(self, *, tags: list[str], prefix: str = "") -> None:
        super().__init__(prefix=PREFIX + prefix, tags=[*tags], route_class=ApiRoute)

    def record(self, path: str, *, operation_id: str) -> Callable[[Endpoint], Endpoint]:
        """Declare how a record is read, whose ETag a change of it has to quote: with GET, and with
        HEAD the head alone, which a token for writing may read too."""

        def declared(endpoint: Endpoint) -> Endpoint:
            self.head(
                path,
                operation_id=f"{operation_id}Head",
                description=f"The head of what `{operation_id}` answers: the ETag of the record.",
                response_class=HeadAlone,
                response_model=None,
            )(endpoint)
            return self.get(path, operation_id=operation_id)(endpoint)

        return declared

    def file(
        self, path: str, endings: Sequence[str], *, operation_id: str
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare how something is taken out as a file, of the kinds that end in `endings`."""
        return self.get(
            path,
            operation_id=operation_id,
            response_class=Response,
            responses={200: {"content": {TYPES[each]: {} for each in endings}}},
        )
