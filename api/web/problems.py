"""Errors as answers: a plain page for people, an RFC 9457 problem document for machines.

Neither ever holds a stack trace, a request body or case text; an unexpected error is logged by
the names of its types and the lines it went through, under a reference the reader can quote.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from api.gate.access_middleware import PurposeMissing
from api.gate.middleware import HttpMiddleware
from api.web.moments import FIELDS
from api.web.template_engine import render
from api.web.typed_again import typed_again
from qa.core.errors import (
    CaseloopError,
    Fault,
    Forbidden,
    HeldOff,
    NotFound,
    NotSignedIn,
    Refused,
)

log = logging.getLogger("caseloop.problems")
API = "/api/"
PROBLEM = "application/problem+json"
TYPES = "/errors"
"""The page of each code is beneath this address."""

ADVICE: dict[int, str | tuple[str, ...]] = {
    401: "Sign in and try again.",
    403: (
        "If you need it for your work, ask a QA lead about records, or an administrator about your "
        "roles.",
        "If somebody else signed in on this computer before you, sign out and sign in as yourself.",
    ),
    404: (
        "If you typed the address, check that it is right. If you pasted it, check that all of it "
        "is there.",
        "If you followed a link, the record may be one that you may not see. Ask the person who "
        "sent you the link, or a QA lead.",
    ),
    405: "Go back and use the buttons on the page.",
    409: "Go back and reload the page to see how things stand now, then decide again.",
    413: "Send less at once, or a smaller file.",
    422: "Go back and put right what is named above.",
    429: "Wait as long as it says, then try again.",
    500: "Nothing was saved unless a page said so. Try again later.",
    503: "Nothing was saved. Try again in a few minutes.",
}
BY_CODE = {
    "rebuild-needed": "Trying again does not help before that is done.",
    "store-full": "Tell the person who looks after this service: it needs room on its disk.",
    "store-read-only": "Tell the person who looks after this service.",
}
"""Advice on trouble that does not end by waiting."""
FORM_REFUSED = "This form was not sent"
FORM_ADVICE = "Nothing was saved. If it happens again, sign out, sign in and fill it in once more."
RETRY_SECONDS = 5
_TITLES = {405: "This page cannot be used that way", 413: "That is too large"}


class HttpError(CaseloopError):
    """A refusal by the web framework, in our words."""

    def __init__(
        self, status: int, headers: Mapping[str, str] | None = None, most_bytes: int = 0
    ) -> None:
        super().__init__("This address does not answer that kind of request.")
        self.status = status
        self.headers = headers or {}
        self.code = f"http-{status}"
        self.title = _TITLES.get(status, "The request could not be answered")
        if status == 413:
            most = f" The most is {most_bytes / 2**20:g} MB." if most_bytes else ""
            self.sentence = f"More was sent than this service takes at once.{most}"


def problem(error: CaseloopError, instance: str, reference: str | None = None) -> JSONResponse:
    """The problem document of an error."""
    faults: Sequence[Fault] = error.faults if isinstance(error, Refused) else ()
    document: dict[str, Any] = {
        "type": f"{TYPES}/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.sentence,
        "instance": instance,
        "code": error.code,
        "errors": [
            {"field": f.field, "code": f.code, "sentence": f.sentence}
            | ({"row": f.row} if f.row is not None else {})
            | ({"column": f.column} if f.column is not None else {})
            for f in faults
        ],
    }
    if reference:
        document["reference"] = reference
    return JSONResponse(
        document, status_code=error.status, media_type=PROBLEM, headers=_headers(error)
    )


def for_a_person(request: Request) -> bool:
    """Whether to answer with a page."""
    accepts = request.headers.get("accept", "*/*")
    wants_page = "text/html" in accepts or "*/*" in accepts
    return wants_page and not request.url.path.startswith(API)


def answer(request: Request, error: CaseloopError, reference: str | None = None) -> Response:
    """The page or problem document of an error."""
    if not for_a_person(request):
        return problem(error, request.url.path, reference)
    if isinstance(error, NotSignedIn) and request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?next={quote(_whole(request), safe='')}", status_code=303)
    if isinstance(error, PurposeMissing) and request.method in ("GET", "HEAD"):
        of, onward = quote(error.subject, safe=""), quote(_whole(request), safe="")
        return RedirectResponse(f"/purpose?of={of}&next={onward}", status_code=303)
    faults = [f.sentence for f in error.faults] if isinstance(error, Refused) else []
    advice = BY_CODE.get(error.code) or ADVICE.get(error.status, ADVICE[500])
    untrusted = isinstance(error, Forbidden) and error.rule.startswith("csrf")
    if untrusted:
        advice = FORM_ADVICE
    # An address that asks for more than a moment may name a record that is closed to the reader.
    names = {name for name, value in request.query_params.items() if value}
    then = error.status == 404 and bool(names) and names <= {*FIELDS}
    page = render(
        request,
        "error.html",
        title=FORM_REFUSED if untrusted else error.title,
        sentence=error.sentence,
        faults=faults if len(faults) > 1 else [],
        advice=(advice,) if isinstance(advice, str) else advice,
        may_look=error.status in (403, 404) and not untrusted,
        reference=reference,
        now=_now(request) if then or error.code == "present-only" else "",
        was_then=then,
    )
    return as_refusal(page, error)


def _now(request: Request) -> str:
    """The address that was asked for, without the moment."""
    return str(request.url.remove_query_params(FIELDS).replace(scheme="", netloc=""))


def as_refusal(page: Response, error: CaseloopError) -> Response:
    """The page with the status and the head of an error."""
    page.status_code = error.status
    page.headers.update(_headers(error))
    return page


def _headers(error: CaseloopError) -> Mapping[str, str]:
    """What the head of the answer says: who may ask, how, and when it is worth asking again."""
    if isinstance(error, HttpError):
        return error.headers
    if isinstance(error, HeldOff):
        return {"Retry-After": str(error.seconds)}
    if error.status == 401:
        return {"WWW-Authenticate": 'Bearer, Basic realm="Caseloop"'}
    waits = error.status == 503 and error.code not in BY_CODE
    return {"Retry-After": str(RETRY_SECONDS)} if waits else {}


def _whole(request: Request) -> str:
    """The address that was asked for, with its query."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def _caseloop(request: Request, error: Exception) -> Response:
    assert isinstance(error, CaseloopError)
    reference = None
    if for_a_person(request):
        given_back = await typed_again(request, error)
        if given_back is not None:
            return given_back
    if error.status >= 500:
        reference = _logged(error)
    elif isinstance(error, Forbidden):
        log.info("refused by rule %s", error.rule)
    return answer(request, error, reference)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return answer(request, NotFound("There is no page at this address."))
    headers = {"Allow": ", ".join(_methods(request))} if error.status_code == 405 else None
    return answer(request, HttpError(error.status_code, headers))


def _methods(request: Request) -> list[str]:
    """How an address may be asked, by all routes that it fits."""
    fit = [route for route in request.app.routes if route.matches(request.scope)[0] != Match.NONE]
    return sorted({method for route in fit for method in route.methods or ()})


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    person = for_a_person(request)
    if person and any(one["loc"][0] == "path" for one in error.errors()):
        return answer(request, NotFound("There is no page at this address."))
    faults = []
    for one in error.errors():
        field, sentence = ".".join(str(p) for p in one["loc"][1:]), one["msg"] + "."
        if person and one["loc"][0] == "query":
            lacks = "is missing from" if one["type"] == "missing" else "cannot be read in"
            sentence = f"“{field}” {lacks} the address."
        faults.append(Fault(field, one["type"], sentence))
    return answer(request, Refused(faults))


def _logged(error: BaseException) -> str:
    """Write the error down without its message, which could hold what somebody typed."""
    reference = secrets.token_hex(4)
    chain: list[str] = []
    at: BaseException | None = error
    while at is not None and len(chain) < 5:
        lines = traceback.extract_tb(at.__traceback__)[-12:]
        where = " > ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in lines)
        if isinstance(at, CaseloopError):
            where = f"({at.code}) {where}"
        chain.append(f"{type(at).__module__}.{type(at).__qualname__} at {where}")
        at = at.__cause__ or at.__context__
    log.error("reference %s: %s", reference, " | from ".join(chain))
    return reference


class Unexpected(HttpMiddleware):
    """ASGI middleware: whatever nobody foresaw becomes a 500 with a reference."""

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last place an error can be caught
            reference = _logged(error)
            if begun:
                return
            if not isinstance(error, CaseloopError):
                error = CaseloopError("The service met an error it did not expect.")
            response = answer(Request(scope), error, reference)
            await response(scope, receive, send)


def install(app: FastAPI) -> None:
    """Put the handlers on the app."""
    app.add_exception_handler(CaseloopError, _caseloop)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
