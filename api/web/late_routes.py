"""Routes that FastAPI works out when they are first asked for, and not all of them at the start:
that took a second and a half, for hundreds of routes of which a day asks for some. And routes that
are loaded once the first page is answered.

A wrong declaration is found by the OpenAPI description, for which every operation is worked out,
and by the tests, for which every page is.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from inspect import Parameter, Signature, signature, unwrap
from threading import Lock
from typing import Any, cast

from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_parameterless_sub_dependant
from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Receive, Scope, Send

from api.web.context import make_reading, present_only

logger = logging.getLogger("caseloop.pages")
_SAYS = "late_signature"


def taking(endpoint: Callable[..., Any], says: Callable[[], Signature]) -> None:
    """Have an endpoint take what `says` answers once its route is worked out."""
    setattr(endpoint, _SAYS, says)


def taking_as(
    endpoint: Callable[..., Any], other: Callable[..., Any], *more: Parameter, **otherwise: Any
) -> None:
    """Have an endpoint take what another function takes, by name, and `more`; what is named
    `otherwise` as said there."""

    def says() -> Signature:
        taken = signature(other, eval_str=True).parameters.values()
        given = [
            one.replace(
                kind=Parameter.KEYWORD_ONLY, annotation=otherwise.get(one.name, one.annotation)
            )
            for one in taken
        ]
        return Signature([*given, *more])

    taking(endpoint, says)


class LateRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._options = options
        self._begins = path.partition("{")[0]
        self.path, self.endpoint = path, endpoint
        methods = {one.upper() for one in options.get("methods") or ["GET"]}
        self.methods = methods
        self.operation_id = options.get("operation_id")
        self.include_in_schema = options.get("include_in_schema", True)
        self.tags = options.get("tags") or []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "app" in vars(self):
            raise AttributeError(name)
        inner = cast("Any", unwrap(self.endpoint))
        if says := vars(inner).get(_SAYS):
            inner.__signature__ = says()
        super().__init__(self.path, self.endpoint, **self._options)
        with warnings.catch_warnings():
            # As FastAPI does where it makes a field: what pydantic put off is built here.
            warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
            for field in (self.body_field, self.response_field, *self.response_fields.values()):
                if field is not None:
                    field.validate(None, loc=())
        self._worked_out()
        return getattr(self, name)

    def _worked_out(self) -> None:
        """What is added to a route once it is known what it takes."""

    @cached_property
    def _compiled(self) -> tuple[Any, str, dict[str, Any]]:
        return compile_path(self.path)

    @cached_property
    def path_regex(self) -> Any:  # type: ignore[override]
        return self._compiled[0]

    @cached_property
    def param_convertors(self) -> dict[str, Any]:  # type: ignore[override]
        return self._compiled[2]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope.get("root_path") and not scope["path"].startswith(self._begins):
            return Match.NONE, {}
        return super().matches(scope)


def takes(dependant: Dependant, call: Any) -> bool:
    """Whether a route takes something, itself or by what it takes."""
    return dependant.call is call or any(takes(one, call) for one in dependant.dependencies)


class PageRoute(LateRoute):
    """A page. One that takes no reading has no other moment to show, and refuses it."""

    def _worked_out(self) -> None:
        if "GET" in (self.methods or ()) and not takes(self.dependant, make_reading):
            dependant = get_parameterless_sub_dependant(
                depends=Depends(present_only), path=self.path
            )
            self.dependant.dependencies.insert(0, dependant)


class PageRouter(APIRouter):
    """A part of the pages."""

    def __init__(self, *, prefix: str = "", include_in_schema: bool = True) -> None:
        super().__init__(prefix=prefix, include_in_schema=include_in_schema, route_class=PageRoute)


class OtherAddresses(BaseRoute):
    """Stands behind the routes that a service answers first, for all others until they are loaded.

    Loading them takes as long as all else at a start. Whoever asks for one before they are there
    waits for all of them. `trouble` names what kept them from being loaded the last time.
    """

    trouble: str | None = None

    def __init__(
        self, app: FastAPI, first: Sequence[BaseRoute], others: Callable[[], Sequence[BaseRoute]]
    ) -> None:
        self._app, self._before, self._others = app, len(app.router.routes), others
        self._lock, self._waits = Lock(), True
        app.router.routes.extend((*first, self))

    def load(self) -> None:
        """Have all routes, the first ones among them, stand where the first ones stood."""
        with self._lock:
            if self._waits:
                try:
                    found = self._others()
                except Exception as error:
                    self.trouble = type(error).__name__
                    logger.exception("the pages could not be loaded")
                    raise
                self.trouble = None
                # In one step: no request goes through half of them.
                self._app.router.routes = [*self._app.router.routes[: self._before], *found]
                self._waits = False

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return Match.FULL, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await run_in_threadpool(self.load)
        await self._app.router.app(scope, receive, send)
