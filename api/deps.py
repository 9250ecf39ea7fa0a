"""What a request brings with it: the database, the clock, and who is signed in.

`app.state` holds `settings`, `engine`, `clock`, `pages` and `actor_for` (see
`api.pages.kit.install`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Engine

from api.settings import Settings
from qa.accounts import sessions, tokens
from qa.accounts.sessions import Session
from qa.clock import Clock
from qa.errors import Forbidden, NotSignedIn


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with a live session. `actor` is what `actor_for(person)` made of them."""

    person: str
    session: Session
    actor: Any

    @property
    def role(self) -> str:
        return self.session.role or ""


ActorFor = Callable[[str], Any]
"""Made by the composition root: everything policy needs to know of a person, by id. Raises
Forbidden for a person who has left."""


def settings_of(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def engine_of(request: Request) -> Engine:
    found: Engine = request.app.state.engine
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
    engine, clock = engine_of(request), clock_of(request)
    with engine.connect() as connection:
        session = sessions.find(connection, clock, secret)
    if session is None:
        return None
    if sessions.needs_touch(session, clock):
        with engine.begin() as connection:
            sessions.touch(connection, clock, session)
    actor_for: ActorFor = request.app.state.actor_for
    signed = SignedIn(session.person, session, actor_for(session.person))
    request.state.signed_in = signed
    return signed


def signed_in(found: Annotated[SignedIn | None, Depends(maybe_signed_in)]) -> SignedIn:
    """Who is signed in. Raises NotSignedIn, which a page turns into the way to the sign-in page."""
    if found is None:
        raise NotSignedIn("Sign in to see this page.")
    return found


class TokenHolder:
    """Dependency of API routes: the person behind a token that has `scope`.

    Cookies are not looked at, so another site cannot borrow a browser's session.
    """

    def __init__(self, scope: str) -> None:
        self._scope = scope

    def __call__(self, request: Request) -> tokens.Token:
        secret = tokens.secret_in(request.headers.get("authorization", ""))
        token = None
        if secret:
            with engine_of(request).begin() as connection:
                token = tokens.use(connection, clock_of(request), secret)
        if token is None:
            raise NotSignedIn("Give a valid token as Bearer or as the password of HTTP Basic.")
        if self._scope not in token.scopes:
            raise Forbidden(f"This token does not have the scope {self._scope}.", rule="scope")
        return token


SomeoneSignedIn = Annotated[SignedIn, Depends(signed_in)]
PerhapsSignedIn = Annotated[SignedIn | None, Depends(maybe_signed_in)]
TheEngine = Annotated[Engine, Depends(engine_of)]
TheClock = Annotated[Clock, Depends(clock_of)]
TheSettings = Annotated[Settings, Depends(settings_of)]
