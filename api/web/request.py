"""What a request brings with it: the database, the clock, and who is signed in.

`app.state` holds `settings`, `records`, `clock`, `pages` and `actor_for` (see
`api.web.install`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.gate import access_middleware
from api.settings import Settings
from qa.core.clock import Clock
from qa.core.errors import NotSignedIn, Unavailable
from qa.core.words import Actor
from qa.security.accounts import sessions
from qa.security.accounts.sessions import Session
from qa.store.store import Store


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with a live session. `actor` is what `actor_for(person)` made of them."""

    person: str
    session: Session
    actor: Actor

    @property
    def role(self) -> str:
        return self.session.role or ""


ActorFor = Callable[[str], Actor]
"""Made by the composition root: everything policy needs to know of a person, by id. Raises
Forbidden for a person who has left."""


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def own_address(request: Request) -> str:
    """The address of this service, for links and to know its own forms by. What a request says of
    its host is believed only where it says what we listen on, or this very machine."""
    if base := settings_of(request).base_url:
        return base
    host, port = request.scope.get("server") or ("127.0.0.1", None)
    if request.url.hostname in {*LOOPBACK, host}:
        return str(request.base_url).rstrip("/")
    return f"{request.url.scheme}://{host}:{port}"


def settings_of(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def records_of(request: Request) -> Store:
    found: Store = request.app.state.records
    return found


def clock_of(request: Request) -> Clock:
    found: Clock = request.app.state.clock
    return found


def address_of(request: Request) -> str:
    """The client's address as the server saw it. Behind a proxy, uvicorn's own
    ``--forwarded-allow-ips`` decides whose word is taken; no header is read here."""
    return request.client.host if request.client else "unknown"


def address_hash(request: Request) -> str:
    """For the access log: tells addresses apart without listing them."""
    return hashlib.sha256(address_of(request).encode()).hexdigest()[:32]


def maybe_signed_in(request: Request) -> SignedIn | None:
    """Who is signed in with a cookie, or None. Also where `render` finds them."""
    secret = request.cookies.get(settings_of(request).cookie_name)
    if not secret:
        return None
    records, clock = records_of(request), clock_of(request)
    with records.reading() as connection:
        session = sessions.find(connection, clock, secret)
    if session is None:
        return None
    if sessions.needs_touch(session, clock):
        # A page is read all the same while somebody else saves for long.
        with suppress(Unavailable), records.writing() as connection:
            sessions.touch(connection, clock, session)
    actor_for: ActorFor = request.app.state.actor_for
    signed = SignedIn(session.person, session, actor_for(session.person))
    request.state.signed_in = signed
    access_middleware.came(signed.actor, session.handle, address_hash(request))
    return signed


def signed_in(found: Annotated[SignedIn | None, Depends(maybe_signed_in)]) -> SignedIn:
    """Who is signed in. Raises NotSignedIn, which a page turns into the way to the sign-in page."""
    if found is None:
        raise NotSignedIn("Sign in to see this page.")
    return found


SomeoneSignedIn = Annotated[SignedIn, Depends(signed_in)]
PerhapsSignedIn = Annotated[SignedIn | None, Depends(maybe_signed_in)]
TheRecords = Annotated[Store, Depends(records_of)]
TheClock = Annotated[Clock, Depends(clock_of)]
