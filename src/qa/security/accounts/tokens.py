"""API tokens: shown once, kept as SHA-256 (they hold 256 random bits, so no slow hash is owed)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from qa.core.asking import Rows, Standing, Wanted
from qa.core.clock import Clock, from_microseconds, microseconds
from qa.core.errors import Fault, NotFound, refuse_any
from qa.security.accounts import tables

PREFIX = "clp_"
"""Lets a secret scanner know a leaked token for what it is."""
SCOPES = {
    "read": "Read what I may read",
    "export": "Download lists and figures",
    "write": "Record in my name",
}
LONGEST = timedelta(days=366)
TOUCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token after it was made; not the token itself."""

    id: int
    person: str
    label: str
    scopes: frozenset[str]
    made: datetime
    expires: datetime
    used: datetime | None
    revoked: datetime | None


def make(
    connection: Connection,
    clock: Clock,
    *,
    person: str,
    label: str,
    scopes: Iterable[str],
    lasts: timedelta,
) -> tuple[str, Token]:
    """A new token and its secret. Raises Refused naming every wrong field."""
    label, wanted = label.strip(), frozenset(scopes)
    faults = []
    if not 1 <= len(label) <= 100:
        faults.append(Fault("label", "label", "Say in up to 100 characters what it is for."))
    if not wanted or wanted - SCOPES.keys():
        faults.append(Fault("scopes", "scopes", "Choose what the token may do."))
    if not timedelta(0) < lasts <= LONGEST:
        faults.append(Fault("days", "days", "A token lasts between 1 and 366 days."))
    refuse_any(faults)
    secret = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    added = connection.execute(
        insert(tables.tokens).values(
            secret_sha256=digest(secret),
            person=person,
            label=label,
            scopes=" ".join(sorted(wanted)),
            made_us=microseconds(now),
            expires_us=microseconds(now + lasts),
        )
    )
    number = int(added.inserted_primary_key[0])  # type: ignore[index]
    return secret, Token(number, person, label, wanted, now, now + lasts, None, None)


def secret_in(authorization: str) -> str | None:
    """The token in an Authorization header: Bearer, or the password of HTTP Basic (which is what
    Excel and Power BI can send). None where there is none."""
    kind, _, value = authorization.strip().partition(" ")
    value = value.strip()
    if kind.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:
            # Neither base64 nor ASCII: header values may hold any byte.
            return None
    elif kind.lower() != "bearer":
        return None
    return value if value.startswith(PREFIX) and value.isascii() else None


_BY_SECRET = Standing(
    select(tables.tokens).where(tables.tokens.c.secret_sha256 == bindparam("secret"))
)
_COLUMNS = tuple(column.name for column in tables.tokens.columns)


def live(clock: Clock, secret: str) -> Wanted[Token | None]:
    """The live token of this secret; None where it opens nothing."""
    now = microseconds(clock.now())

    def token(rows: Rows) -> Token | None:
        for each in rows:
            row = dict(zip(_COLUMNS, each, strict=True))
            if row["revoked_us"] is None and row["expires_us"] > now:
                return _token(row)
        return None

    return Wanted(_BY_SECRET, {"secret": digest(secret)}, token)


def needs_touch(token: Token, clock: Clock) -> bool:
    """Whether its last use is worth writing down again; a write per request would cost too much."""
    return token.used is None or clock.now() - token.used > TOUCHED_EVERY


def touch(connection: Connection, clock: Clock, token: Token) -> None:
    """Write down that the token was used just now."""
    table = tables.tokens
    used = microseconds(clock.now())
    connection.execute(update(table).where(table.c.id == token.id).values(used_us=used))


def of(connection: Connection, person: str) -> list[Token]:
    """A person's tokens that were not revoked, the latest first."""
    table = tables.tokens
    rows = connection.execute(
        select(table)
        .where(table.c.person == person, table.c.revoked_us.is_(None))
        .order_by(table.c.id.desc())
    )
    return [_token(row._asdict()) for row in rows]


def revoke(connection: Connection, clock: Clock, *, person: str, token: int) -> None:
    """Stop one of a person's own tokens. Raises NotFound."""
    table = tables.tokens
    done = connection.execute(
        update(table)
        .where(table.c.id == token, table.c.person == person, table.c.revoked_us.is_(None))
        .values(revoked_us=microseconds(clock.now()))
    )
    if done.rowcount != 1:
        raise NotFound("You have no such token.")


def revoke_all(connection: Connection, clock: Clock, person: str) -> None:
    """Stop every token of a person."""
    table = tables.tokens
    connection.execute(
        update(table)
        .where(table.c.person == person, table.c.revoked_us.is_(None))
        .values(revoked_us=microseconds(clock.now()))
    )


def _token(row: Mapping[str, Any]) -> Token:
    used, revoked = (
        None if us is None else from_microseconds(us) for us in (row["used_us"], row["revoked_us"])
    )
    return Token(
        row["id"],
        row["person"],
        row["label"],
        frozenset(row["scopes"].split()),
        from_microseconds(row["made_us"]),
        from_microseconds(row["expires_us"]),
        used,
        revoked,
    )


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
