"""Who calls the API, what their token allows, and the preconditions a request carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypedDict

from fastapi import Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.engine import Connection

from api.json.callers import Caller, allowed_to, caller_of, secret_of
from api.json.routing import ApiRequest
from api.services import Services
from api.web import freshness
from api.web.access_notes import ServedLook
from api.web.moments import AsAt, as_at, looking
from qa.authorisation.context import Desk, Once
from qa.core.errors import CaseloopError, Refused
from qa.core.words import Actor
from qa.store.unit import Receipt


class PreconditionMissing(CaseloopError):
    """A change must say which version it was made from (428)."""

    status = 428
    code = "precondition-missing"
    title = "Say which version you are changing"


# Dependencies that wait for nothing are coroutines: a plain function would cost a thread each.


async def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Known = Annotated[Caller, Depends(caller_of)]


def _needs(scope: str) -> Callable[[Request, Caller], Awaitable[Actor]]:
    async def allowed(request: Request, caller: Known) -> Actor:
        # What a change must quote is in the head of what is read.
        heads = request.method == "HEAD" and "write" in caller.scopes
        return caller.actor if heads else allowed_to(caller, scope)

    return allowed


Reads = Annotated[Actor, Depends(_needs("read"))]
Writes = Annotated[Actor, Depends(_needs("write"))]
Exports = Annotated[Actor, Depends(_needs("export"))]
Served = Annotated[Services, Depends(services_of)]


@dataclass(frozen=True, slots=True)
class Looked:
    """A moment, and the connection through which the records are read as they were at it."""

    at: AsAt
    connection: Connection


def _looked(
    services: Served,
    caller: Known,
    response: Response,
    as_at_day: Annotated[
        date | None,
        Query(alias="as_at", description="As recorded up to the end of this London day."),
    ] = None,
    position: Annotated[
        int | None, Query(ge=0, description="As recorded up to this entry of the log.")
    ] = None,
    true_on: Annotated[
        date | None, Query(description="As it was on this London day, of what is recorded.")
    ] = None,
) -> Iterator[Looked]:
    with services.store.reading() as connection:
        at = as_at(services.store, connection, as_at_day, position, true_on, pin=caller.actor.pin)
        response.headers.update(at.headers)
        freshness.behind(services, connection, at)
        with looking(services, connection, at) as shown:
            yield Looked(at, shown)


_Look = Annotated[Looked, Depends(_looked)]


def _present(services: Served, caller: Known, response: Response) -> Iterator[Connection]:
    for looked in _looked(services, caller, response):
        yield looked.connection


Present = Annotated[Connection, Depends(_present)]
"""Reads what has no past to show, such as who the caller is; whoever asks for one is refused."""


async def _snapshot(looked: _Look) -> Connection:
    return looked.connection


async def _moment(looked: _Look) -> AsAt:
    return looked.at


Snapshot = Annotated[Connection, Depends(_snapshot)]
"""Reads the records as they were at the `Moment` of the same request."""
Moment = Annotated[AsAt, Depends(_moment)]


class OfAMoment(TypedDict):
    """What an answer says of the moment that it is of."""

    as_at: date
    position: int


class ReadCall(ServedLook):
    """A call that reads records: who makes it, what serves it, and the moment it asks about."""

    __slots__ = ()

    @property
    def moment(self) -> OfAMoment:
        return {"as_at": self.at.day, "position": self.at.shown}


async def _read_call(services: Served, actor: Reads, looked: _Look) -> ReadCall:
    return ReadCall(looked.connection, actor, looked.at, services)


async def _export_call(services: Served, actor: Exports, looked: _Look) -> ReadCall:
    return ReadCall(looked.connection, actor, looked.at, services)


Call = Annotated[ReadCall, Depends(_read_call)]
ExportCall = Annotated[ReadCall, Depends(_export_call)]
"""A call that takes records out as a file."""


def tag(response: Response, at: AsAt, version: int) -> None:
    """Tell the ETag that a change has to quote; what is past is not changed."""
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'


async def _seen(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(description='The ETag of the record that the change is made from, like `"7"`.'),
    ] = None,
) -> int:
    secret_of(request)
    if if_match is None:
        raise PreconditionMissing("Send If-Match with the ETag of the record you are changing.")
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdecimal() and len(tag) < 19):
        raise Refused("If-Match holds no version.", field="If-Match", code="etag-malformed")
    return int(tag)


Seen = Annotated[int, Depends(_seen)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Makes the request safe to repeat: the same key does the work once.",
    ),
]


class ReceiptOut(BaseModel):
    """What was recorded. `version` is the new ETag of the record."""

    position: int
    recorded_at: str
    version: int | None
    replayed: bool
    result: dict[str, object]


class Body(BaseModel):
    """A request body: unknown fields are refused, because a misspelt one would be lost."""

    model_config = ConfigDict(extra="forbid")


class ReasonIn(Body):
    reason: str


class MadeNew(TypedDict):
    by: Actor
    once: Once | None


class ChangeVersion(MadeNew):
    seen: int


@dataclass(slots=True)
class NewRecord(ApiRequest):
    """A request that makes something new: who asks, and the key that makes it safe to repeat.

    Who asks is looked up on the thread that does the work, after what was sent has been found to
    be in order: a thread of its own for that would cost a tenth of a save.
    """

    request: Request
    response: Response
    key: str | None
    actor: Actor = field(init=False)

    def admit(self) -> None:
        self.actor = allowed_to(caller_of(self.request), "write")

    @property
    def services(self) -> Services:
        services: Services = self.request.app.state.services
        return services

    @property
    def desk(self) -> Desk:
        return self.services.desk

    def once(self, body: BaseModel | None = None) -> Once | None:
        """The idempotency key with all that the request asks for."""
        if self.key is None:
            return None
        content = "" if body is None else body.model_dump_json()
        return Once(self.key, f"{self.request.method} {self.request.url.path}\n{content}")

    def made(self, body: BaseModel | None = None) -> MadeNew:
        """The arguments that say who and how often, for a command."""
        return {"by": self.actor, "once": self.once(body)}

    def receipt(
        self, done: Receipt, stream: str | None = None, *, location: str | None = None
    ) -> ReceiptOut:
        """The receipt as the API gives it, with its ETag and the place of what is new."""
        version = None if stream is None else done.versions.get(stream)
        if version is not None:
            self.response.headers["ETag"] = f'"{version}"'
        if location is not None:
            self.response.headers["Location"] = f"{self.request.url.path}/{location}"
        return ReceiptOut(
            position=done.position,
            recorded_at=done.recorded_at.isoformat(),
            version=version,
            replayed=done.replayed,
            result=done.response,
        )


@dataclass(slots=True)
class ChangeRecord(NewRecord):
    """A request that changes a record, made from the version `seen`."""

    seen: int = field(kw_only=True)

    def made(self, body: BaseModel | None = None) -> ChangeVersion:
        return {"by": self.actor, "once": self.once(body), "seen": self.seen}


async def _new(
    request: Request,
    response: Response,
    key: IdempotencyKey = None,
) -> NewRecord:
    secret_of(request)
    return NewRecord(request, response, key)


async def _change(
    request: Request,
    response: Response,
    seen: Seen,
    key: IdempotencyKey = None,
) -> ChangeRecord:
    return ChangeRecord(request, response, key, seen=seen)


New = Annotated[NewRecord, Depends(_new)]
Change = Annotated[ChangeRecord, Depends(_change)]

AuditId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the audit.")]
Limit = Annotated[int, Query(ge=1, le=200)]
