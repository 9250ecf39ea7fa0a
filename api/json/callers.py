"""Who calls the API by which token, and what it may be used for."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from api.gate import access_middleware
from api.gate.current_actor import acting
from api.services import Services
from api.web.request import address_hash
from qa.core.clock import civil_day
from qa.core.errors import Forbidden, NotSignedIn
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
    with services.store.asking() as connection:
        token = tokens.find(connection, services.clock, secret)
        today = civil_day(services.clock.now())
        actor = None if token is None else acting(connection, token.person, today)
    if token is None or actor is None:
        raise NotSignedIn("This token opens nothing: it is wrong, expired or revoked.")
    if tokens.needs_touch(token, services.clock):
        with services.store.writing() as connection:
            tokens.touch(connection, services.clock, token)
    access_middleware.came(actor, address_hash=address_hash(request))
    return Caller(actor, token.scopes)


def allowed_to(caller: Caller, scope: str) -> Actor:
    if scope not in caller.scopes:
        raise Forbidden(f"This token may not be used to {scope}.", rule=f"scope-{scope}")
    return caller.actor
