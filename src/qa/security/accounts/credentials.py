"""Sign-in names and passwords, hashed by Argon2id.

Cost: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, the minimum), so that a
small server can verify several at once. Hash and verify outside a transaction: `find`, then
`matches`; `hashed`, then `store`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from qa.core.clock import Clock, microseconds
from qa.core.errors import Fault, NotFound, Refused, Unavailable
from qa.security.accounts import tables

MIN_LENGTH = 12
MAX_LENGTH = 200
MIN_DIFFERENT = 5
PRODUCT = "caseloop"
SHORTEST_NAME = 4
"""Shorter parts of a name stand in too many words."""
COMMON_IN_NAMES = frozenset({"council", "your", "city", "county", "borough", "district", "with"})
"""Words of councils' names that alone give nothing away."""
AT_ONCE = 4
_WAIT_SECONDS = 10.0
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,38}[a-z0-9]")
_RUNS = "abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm"

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = BoundedSemaphore(AT_ONCE)
_DUMMY = (
    "$argon2id$v=19$m=19456,t=2,p=1$Y2FzZWxvb3AtZHVtbXktMQ$"
    "MJN5b0xyd0PqFJ2qpYcbI2y0Wm8u7Y3vQx0Qy3hD8lE"
)
"""Verified for an unknown name, so that it costs what a known one costs. No password fits it."""


@dataclass(frozen=True, slots=True)
class Credential:
    """How one person signs in. `password_hash` is None until they have set a password."""

    person: str
    name: str
    password_hash: str | None


def tidy_name(name: str) -> str:
    """Sign-in names are compared without regard to case or spaces round them."""
    return name.strip().lower()[:40]


def enrol(connection: Connection, *, person: str, name: str) -> Credential:
    """Give a person a sign-in name. Raises Refused for one that is malformed or taken."""
    name = tidy_name(name)
    if not _NAME.fullmatch(name):
        raise Refused(
            "A sign-in name is 3 to 40 lower-case letters, digits, dots and hyphens.",
            field="name",
        )
    try:
        with connection.begin_nested():
            connection.execute(insert(tables.credentials).values(person=person, name=name))
    except IntegrityError:
        raise Refused("This sign-in name or person has an account.", field="name") from None
    return Credential(person, name, None)


def find(connection: Connection, name: str) -> Credential | None:
    """The credential of a sign-in name."""
    return _one(connection, tables.credentials.c.name == tidy_name(name))


def of(connection: Connection, person: str) -> Credential:
    """The credential of a person. Raises NotFound where they have none."""
    found = _one(connection, tables.credentials.c.person == person)
    if found is None:
        raise NotFound("This person has no sign-in name.")
    return found


def people(connection: Connection) -> frozenset[str]:
    """Everybody who has a sign-in name."""
    return frozenset(connection.execute(select(tables.credentials.c.person)).scalars())


def without_password(connection: Connection) -> frozenset[str]:
    """Everybody who has a sign-in name and never set a password."""
    table = tables.credentials
    query = select(table.c.person).where(table.c.password_hash.is_(None))
    return frozenset(connection.execute(query).scalars())


def _one(connection: Connection, where: object) -> Credential | None:
    table = tables.credentials
    row = connection.execute(
        select(table.c.person, table.c.name, table.c.password_hash).where(where)  # type: ignore[arg-type]
    ).one_or_none()
    return None if row is None else Credential(*row)


@cache
def _made_of_common_words() -> re.Pattern[str]:
    """Matches letters that are nothing but one or two of the commonest passwords."""
    listed = resources.files(__package__).joinpath("common_passwords.txt").read_text("utf-8")
    words = [word for line in listed.splitlines() if line[:1] != "#" for word in line.split()]
    return re.compile(f"(?:{'|'.join(words)}){{1,2}}")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def check_strength(password: str, *, name: str, words: Iterable[str] = ()) -> None:
    """Raises Refused, naming everything that makes the password easy to guess.

    `words` are what anybody would try here first: the names of the council and of the person.
    """
    reasons: list[tuple[str, str]] = []
    plain = password.lower()
    if len(password) < MIN_LENGTH:
        reasons.append(
            ("too-short", f"Use {MIN_LENGTH} characters or more, for example three words.")
        )
    if len(password) > MAX_LENGTH:
        reasons.append(("too-long", f"Use {MAX_LENGTH} characters or fewer."))
    if name and name in plain:
        reasons.append(("holds-name", "Leave your sign-in name out of the password."))
    parts = {_letters(one) for given in (PRODUCT, *words) for one in (given, *given.split())}
    letters = _letters(password)
    if any(len(one) >= SHORTEST_NAME and one in letters for one in parts - COMMON_IN_NAMES):
        sentence = "Leave out your name, the council’s name and the name of this service."
        reasons.append(("holds-context", sentence))
    if len(set(plain)) < MIN_DIFFERENT or re.search(r"(.)\1{3}", plain):
        reasons.append(("repeats", "Use more different characters, not one again and again."))
    if any(plain[at : at + 6] in _RUNS for at in range(len(plain) - 5)):
        reasons.append(("run", "Leave out runs such as 123456, abcdef and qwerty."))
    common = not letters or _made_of_common_words().fullmatch(letters)
    if common or re.fullmatch(r"(.{1,12}?)\1+", plain) or "password" in plain:
        reasons.append(("common", "Choose something that others would not think of first."))
    if reasons:
        raise Refused(Fault("password", code, sentence) for code, sentence in reasons)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("Too many people are signing in at once. Try again in a moment.")
    try:
        yield
    finally:
        _slots.release()


def hashed(password: str) -> str:
    """The hash to store. Slow on purpose; never call it inside a transaction."""
    with _slot():
        return _hasher.hash(password)


def matches(credential: Credential | None, password: str) -> bool:
    """Whether the password is theirs; as slow for an unknown name as for a known one."""
    stored = credential.password_hash if credential else None
    with _slot():
        try:
            good = _hasher.verify(stored or _DUMMY, password[: MAX_LENGTH + 1])
        except (VerificationError, InvalidHashError):
            return False
    return good and stored is not None


def store(connection: Connection, clock: Clock, *, person: str, password_hash: str) -> None:
    """Set a person's password. Raises NotFound where they have no sign-in name."""
    done = connection.execute(
        update(tables.credentials)
        .where(tables.credentials.c.person == person)
        .values(password_hash=password_hash, set_at_us=microseconds(clock.now()))
    )
    if done.rowcount != 1:
        raise NotFound("This person has no sign-in name.")
