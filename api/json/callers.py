"""Who calls the API by which token, and what it may be used for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from sqlalchemy.engine import Connection

from api.gate import access_middleware
from api.gate.current_actor import acting, standing, who_acts
from api.services import Services
from api.web.request import address_hash
from qa.core.asking import ask, ask_all
from qa.core.clock import Clock, civil_day
from qa.core.errors import Forbidden, NotSignedIn, Unavailable
from qa.core.words import Actor
from qa.security.accounts import tokens


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind the token, and what the token may be used for."""

    actor: Actor
    scopes: frozenset[str]


def secret_of(request: Request) -> str:
    secret = tokens.secret_in(request.headers.get("authorization", ""))
    if secret is None:
        raise NotSignedIn("Send an API token in the Authorization header.")
    return secret


def caller_of(request: Request) -> Caller:
    services: Services = request.app.state.services
    secret = secret_of(request)
    today = civil_day(services.clock.now())
    with services.store.asking() as connection:
        token, actor = _found(connection, services.clock, secret, today)
    if token is None or actor is None:
        raise NotSignedIn("This token opens nothing: it is wrong, expired or revoked.")
    if tokens.needs_touch(token, services.clock):
        # What is asked is answered all the same while somebody else saves for long.
        with suppress(Unavailable), services.store.writing() as connection:
            tokens.touch(connection, services.clock, token)
    access_middleware.came(actor, address_hash=address_hash(request))
    return Caller(actor, token.scopes)


_OWNERS: dict[str, str] = {}
"""Whose a token is never changes, so that all else is asked together with it the next time."""


def _found(
    connection: Connection, clock: Clock, secret: str, today: date
) -> tuple[tokens.Token | None, Actor | None]:
    """The token of this secret as it is now, and its owner as they may act."""
    wanted, digest = tokens.live(clock, secret), tokens.digest(secret)
    owner = _OWNERS.get(digest)
    if owner is None:
        token = ask(connection, wanted)
        if token is None:
            return None, None
        if len(_OWNERS) > 1000:
            _OWNERS.clear()
        _OWNERS[digest] = token.person
        return token, acting(connection, token.person, today)
    token, *known = ask_all(connection, wanted, *who_acts(owner, today))
    if token is None or token.person != owner:
        _OWNERS.pop(digest, None)
        return None, None
    return token, standing(connection, known, today)


def allowed_to(caller: Caller, scope: str) -> Actor:
    if scope not in caller.scopes:
        raise Forbidden(f"This token may not be used to {scope}.", rule=f"scope-{scope}")
    return caller.actor
