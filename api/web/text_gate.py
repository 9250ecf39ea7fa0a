"""The gate that everything sent to the service goes through: its size, and what its texts hold.

Looked at before anybody is looked up and before any work begins: the address, the query, the
headers that we keep something of, and what programs send. The fields of a page's form are looked at
when it is read (`api.web.csrf`), where what was typed can be given back, and the values of a form
sent to the API on their way to its work (`api.json.routing`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitResponder
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gate.middleware import HttpMiddleware
from api.web import problems
from qa.core.errors import CaseloopError, Fault, Refused
from qa.core.texts import DEEPEST, LONGEST, fault_of, faults_in

MOST_BYTES = 1024 * 1024
"""A body, but for files."""
UPLOADS = re.compile(r"/imports/new|/tools/[^/]+/import|/api/v1/imports/[^/]+")
"""The addresses that files are sent to."""
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
OUR_HEADERS = ("authorization", "caseloop-purpose", "idempotency-key", "if-match")
MUCH = 64 * 1024
"""A longer body is looked through on a thread of its own, so that nobody waits for it."""

_DOUBTFUL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]|\\[ubf]|\d{19}|\d[eE]\+?\d{3}|NaN|Infinity"
)
"""Without any of these, and short and flat as most bodies are, JSON need not be looked through."""

_NOT_UTF8 = "This is not text in UTF-8."


class TextGate(HttpMiddleware):
    """ASGI middleware. `most_bytes` is what a file may be."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        super().__init__(app)
        self.most_bytes = most_bytes

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        faults = [*_in_address(scope), *_in_headers(headers)]
        if faults:
            await _answer(scope, receive, send, Refused(faults))
            return
        upload = UPLOADS.fullmatch(scope["path"])
        limit = self.most_bytes if upload else min(MOST_BYTES, self.most_bytes)
        given = headers.get("content-length", "")
        if given.isdecimal() and (len(given) > 15 or int(given) > limit):
            await _answer(scope, receive, send, problems.HttpError(413, most_bytes=limit))
            return
        whole = scope["method"] not in ("GET", "HEAD") and not upload
        inside = self._looked_through if whole else self.app
        await RequestBodyLimitResponder(inside, limit)(scope, receive, send)

    async def _looked_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read what is sent as a whole, so that who sends slowly takes up nobody's turn, and let it
        pass if its texts can be kept."""
        try:
            body = await Request(scope, receive).body()
        except HTTPException as wrong:
            await _answer(scope, receive, send, problems.HttpError(wrong.status_code))
            return
        kind = Headers(scope=scope).get("content-type", "")
        if kind.startswith(FORMS):
            found = []
        elif len(body) > MUCH:
            found = await run_in_threadpool(_in_body, body, "yaml" not in kind)
        else:
            found = _in_body(body, "yaml" not in kind)
        if found:
            await _answer(scope, receive, send, Refused(found))
            return
        handed_on = False

        async def again() -> Message:
            nonlocal handed_on
            if handed_on:
                return await receive()
            handed_on = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)


async def _answer(scope: Scope, receive: Receive, send: Send, error: CaseloopError) -> None:
    await problems.answer(Request(scope), error)(scope, receive, send)


def _in_address(scope: Scope) -> Iterator[Fault]:
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
    yield from _in_bytes(path, "address")
    for pair in scope["query_string"].replace(b"+", b" ").split(b"&"):
        name, _, value = pair.partition(b"=")
        field = unquote_to_bytes(name)
        yield from _in_bytes(field, "query")
        yield from _in_bytes(unquote_to_bytes(value), field.decode("utf-8", "replace"))


def _in_bytes(data: bytes, field: str) -> Iterator[Fault]:
    try:
        found = fault_of(data.decode(), field)
    except UnicodeDecodeError:
        found = Fault(field, "not-utf-8", _NOT_UTF8)
    if found is not None:
        yield found


def _in_headers(headers: Headers) -> Iterator[Fault]:
    for name in OUR_HEADERS:
        for value in headers.getlist(name):
            found = fault_of(value, name)
            if found is not None:
                yield found


def _in_body(body: bytes, as_json: bool) -> list[Fault]:
    """What is wrong with a body of JSON. Of YAML only that it is text is looked at: the right to
    send it is asked before it is read (`qa.core.yaml_files`)."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Fault("", "not-utf-8", _NOT_UTF8)]
    if (
        len(text) <= LONGEST
        and text.count("[") + text.count("{") <= DEEPEST
        and _DOUBTFUL.search(text) is None
    ):
        return []
    try:
        value: Any = json.loads(text) if as_json else None
    except RecursionError:
        return [Fault("", "too-deep", "This is nested too deep.")]
    except ValueError:
        # Whoever reads the body says that it is no JSON.
        return []
    return list(faults_in(value))[:50]
