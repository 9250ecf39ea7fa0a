"""Which refusals each operation can be answered with, and how the API's description tells of them.

They follow from what an operation takes: whoever adds one declares nothing. A test sends whatever
the description allows, and anything else, and holds the answers against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field

from api.gate.access_middleware import Visit
from api.web.moments import FIELDS
from api.web.problems import PROBLEM

PAGING = {"limit", "before", "after"}


class ProblemError(BaseModel):
    """One thing that is wrong with one input; `row` and `column` where the input was a file."""

    field: str = Field(description="A dotted path; empty where it is of no field.")
    code: str
    sentence: str
    row: int | None = None
    column: str | None = None


class Problem(BaseModel):
    """A refusal: a problem document of RFC 9457."""

    type: str = Field(description="The address of the page that says what the code means.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The address that was asked.")
    code: str
    errors: list[ProblemError]
    reference: str | None = Field(None, description="To quote to whoever looks after the service.")


_RETRY = {"Retry-After": "Seconds after which it is worth asking again, where waiting can help."}
REFUSALS: Mapping[int, tuple[str, str, Mapping[str, str]]] = {
    400: ("BadRequest", "What was sent cannot be taken apart: it is no form.", {}),
    401: (
        "NotSignedIn",
        "No token was sent, or it opens nothing: it is wrong, expired or revoked.",
        {"WWW-Authenticate": "How to say who asks."},
    ),
    403: ("Forbidden", "The role, or the token's scope, does not allow it.", {}),
    404: ("NotFound", "It is not there, or not to be known by whoever asks.", {}),
    409: ("Conflict", "The record has moved on, or does not stand where this is done.", {}),
    413: ("TooLarge", "More was sent than the service takes at once.", {}),
    422: (
        "Refused",
        "What was sent breaks a rule, or holds what is not known: every fault at its field.",
        {},
    ),
    428: (
        "PreconditionMissing",
        "Send `If-Match` with the ETag of the record, or, where the council asks what records "
        "are opened for, `Caseloop-Purpose`.",
        {},
    ),
    503: ("Unavailable", "The records cannot be reached just now. Nothing was saved.", _RETRY),
}
"""Of each status: its name in the description, what it means, and the headers it comes with."""

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "An API token as the password, with any name.",
    },
}
"""How a program says who it is. A session's cookie opens pages only."""


def describe(document: dict[str, Any]) -> None:
    """Write into a description of the API who may ask, and every refusal by its status."""
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for model in (Problem, ProblemError):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        components["schemas"][model.__name__] = schema
    components["securitySchemes"] = SCHEMES
    components["responses"] = {
        name: {"description": meaning, "headers": _headers(headers), "content": _CONTENT}
        for name, meaning, headers in REFUSALS.values()
    }
    document["security"] = [{name: []} for name in SCHEMES]
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            for status in sorted({*_declared(operation), *_statuses(path, verb, operation)}):
                name = REFUSALS[status][0]
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}


_CONTENT = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _headers(named: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"description": meaning, "schema": {"type": "string"}}
        for name, meaning in named.items()
    }


def _declared(operation: Mapping[str, Any]) -> Iterator[int]:
    """What an operation says itself, beside what follows from what it takes."""
    return (int(status) for status in operation["responses"] if int(status) >= 400)


def _statuses(path: str, verb: str, operation: Mapping[str, Any]) -> Iterator[int]:
    yield from (401, 403, 422, 503)
    body = operation.get("requestBody", {}).get("content", {})
    taken = {one["name"] for one in operation.get("parameters", ()) if one["in"] != "header"}
    if body or taken - PAGING - set(FIELDS):
        yield 404
    if verb not in ("get", "head"):
        yield 409
    if body:
        yield 413
    if any(kind.startswith(("multipart/", "application/x-www-form")) for kind in body):
        yield 400
    must_match = any(one["name"].lower() == "if-match" for one in operation.get("parameters", ()))
    if must_match or (verb in ("get", "head") and not Visit(path).is_quiet):
        yield 428
