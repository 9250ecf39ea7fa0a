"""Keys per child and per person: personal free text stands in the log only under such a key.

A subject (``child:<reference>`` or ``person:<id>``) has one AES-256-GCM key, made in the
transaction that first needs it and kept wrapped by a master key that lives outside the database.
Destroying the key closes what it sealed in this log for good, and only that: read rows, search,
drafts, uploads and exports hold the same text in clear, and a backup made before holds the wrapped
key too. A destroyed key leaves its row behind, so that no second key takes its place unnoticed:
text about that subject recorded later gets a new generation of key.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    column,
    select,
    table,
    update,
)

from qa.core.asking import Standing, Wanted, ask, rows_of
from qa.core.clock import Clock, microseconds
from qa.core.one_of import one_of
from qa.schema.kept_tables import kept_tables
from qa.security.key_files import write_new

MASTER_KEY_ENV = "CASELOOP_MASTER_KEY"
FORGET_AFTER = timedelta(seconds=60)
"""How long a process may go on using a key it holds: another process may have destroyed it."""

_NONCE = 12
_GENERATION = 2

subject_key = Table(
    "subject_key",
    kept_tables,
    Column("subject", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=True),
    Column("made_us", BigInteger, nullable=False),
    Column("destroyed_us", BigInteger, nullable=True),
)


_NEWEST = Standing(
    select(subject_key.c.generation, subject_key.c.wrapped)
    .where(subject_key.c.subject == bindparam("subject"))
    .order_by(subject_key.c.generation.desc())
    .limit(1)
)
_WRAPPED = Standing(
    select(subject_key.c.wrapped).where(
        subject_key.c.subject == bindparam("subject"),
        subject_key.c.generation == bindparam("generation"),
    )
)


_CHECK_NAME = "key-check"
_CHECK = b"caseloop key check"
_meta = table("store_meta", column("name"), column("value"))
_KEY_CHECK = select(_meta.c.value).where(_meta.c.name == _CHECK_NAME)
_ANY_KEY = (
    select(subject_key.c.subject, subject_key.c.generation, subject_key.c.wrapped)
    .where(subject_key.c.wrapped.is_not(None))
    .limit(1)
)


def has_keys(connection: Connection) -> bool:
    """Whether a master key was ever used on this store."""
    return any(connection.execute(one).first() is not None for one in (_KEY_CHECK, _ANY_KEY))


Keys = Mapping[str, tuple[int, AESGCM]]
"""By subject, the key that seals now and its generation."""


@dataclass(frozen=True, slots=True)
class KeysAhead:
    """Keys that were found on a snapshot (subject and generation), or made to be kept later."""

    keys: Keys
    found: frozenset[tuple[str, int]]
    made: tuple[tuple[str, int, bytes], ...]

    def and_(self, other: KeysAhead) -> KeysAhead:
        """Both; of a subject in both, the key that was there first is the one that seals."""
        made = tuple(one for one in other.made if one[0] not in self.keys)
        return KeysAhead({**other.keys, **self.keys}, self.found | other.found, self.made + made)


class Vault(Protocol):
    """Seals and opens personal text inside the caller's transaction."""

    def seal(self, connection: Connection, subject: str, plaintext: bytes, aad: bytes) -> bytes:
        """Seal under the subject's key, making one where there is none. `aad` must be given
        again to open it."""
        ...

    def keys_of(self, connection: Connection, subjects: Collection[str]) -> Keys:
        """The keys that `seal` would take for these subjects, those that are missing made: for
        many at once, in this transaction alone."""
        ...

    def keys_ahead(self, connection: Connection, subjects: Collection[str]) -> KeysAhead:
        """The same on a snapshot that changes nothing; `keep_ahead` keeps the missing ones."""
        ...

    def keep_ahead(self, connection: Connection, ahead: KeysAhead) -> bool:
        """Keep those that were made, in the transaction that saves what they seal. False where one
        of all of them is not, or no longer, the key that `seal` would take."""
        ...

    def open(self, connection: Connection, subject: str, sealed: bytes, aad: bytes) -> bytes | None:
        """The text, or None once its key is destroyed. Raises `ValueError` if it was altered."""
        ...

    def destroy(self, connection: Connection, subject: str) -> bool:
        """Destroy the subject's keys. True if there was one."""
        ...


class SqlVault:
    """Keys in the store's own database, wrapped by `master` (32 bytes, from outside of it)."""

    def __init__(self, master: bytes, *, clock: Clock) -> None:
        if len(master) != 32:
            raise ValueError("the master key must be 32 bytes")
        self._master = master
        self._wrapping = AESGCM(master)
        self._clock = clock
        self._guard = Lock()
        self._cache: dict[tuple[str, int], tuple[datetime, AESGCM]] = {}

    def __reduce__(self) -> tuple[Callable[[bytes, Clock], SqlVault], tuple[bytes, Clock]]:
        return _opened_again, (self._master, self._clock)

    def seal(self, connection: Connection, subject: str, plaintext: bytes, aad: bytes) -> bytes:
        return sealed_with(self._current(connection, subject), plaintext, aad)

    def keys_of(self, connection: Connection, subjects: Collection[str]) -> Keys:
        ahead = self.keys_ahead(connection, subjects)
        there = self._keep(connection, ahead.made)
        # One that somebody else has just made is asked for when it is needed.
        others = {subject for subject, *_ in ahead.made} - set(there)
        return {subject: key for subject, key in ahead.keys.items() if subject not in others}

    def keys_ahead(self, connection: Connection, subjects: Collection[str]) -> KeysAhead:
        newest = self._newest(connection, subjects)
        keys: dict[str, tuple[int, AESGCM]] = {}
        found, made = [], []
        for subject in sorted(subjects):
            generation, wrapped = newest.get(subject, (0, None))
            if wrapped is not None:
                keys[subject] = (generation, self._unwrapped(subject, generation, wrapped))
                found.append((subject, generation))
            else:
                key, kept = self._new(subject, generation + 1)
                keys[subject] = (generation + 1, AESGCM(key))
                made.append((subject, generation + 1, kept))
        return KeysAhead(keys, frozenset(found), tuple(made))

    def keep_ahead(self, connection: Connection, ahead: KeysAhead) -> bool:
        newest = self._newest(connection, {subject for subject, _ in ahead.found})
        stand = {(s, generation) for s, (generation, key) in newest.items() if key is not None}
        return stand >= ahead.found and len(self._keep(connection, ahead.made)) == len(ahead.made)

    @staticmethod
    def _newest(
        connection: Connection, subjects: Collection[str]
    ) -> dict[str, tuple[int, bytes | None]]:
        """The newest key of each that has one, as it is kept; None once it is destroyed."""
        newest: dict[str, tuple[int, bytes | None]] = {}
        # Held until the transaction ends: none of them is destroyed before what it seals is saved.
        query = select(subject_key.c.subject, subject_key.c.generation, subject_key.c.wrapped)
        query = query.where(one_of(subject_key.c.subject, subjects))
        for subject, generation, wrapped in connection.execute(query.with_for_update(read=True)):
            if generation > newest.get(subject, (0, None))[0]:
                newest[subject] = (generation, wrapped)
        return newest

    def open(self, connection: Connection, subject: str, sealed: bytes, aad: bytes) -> bytes | None:
        generation = int.from_bytes(sealed[:_GENERATION], "big")
        key = self._key(connection, subject, generation)
        if key is None:
            return None
        nonce = sealed[_GENERATION : _GENERATION + _NONCE]
        try:
            return key.decrypt(nonce, sealed[_GENERATION + _NONCE :], aad)
        except InvalidTag:
            raise ValueError("sealed text was altered or moved") from None

    def destroy(self, connection: Connection, subject: str) -> bool:
        done = connection.execute(
            update(subject_key)
            .where(subject_key.c.subject == subject, subject_key.c.wrapped.is_not(None))
            .values(wrapped=None, destroyed_us=microseconds(self._clock.now()))
        )
        self.forget(subject)
        return done.rowcount > 0

    def fits(self, connection: Connection) -> bool:
        """Whether this is the master key of what is there: of the check value or, in a store that
        has none yet, of a subject's key. True where nothing was sealed."""
        kept = connection.execute(_KEY_CHECK).scalar()
        try:
            if kept is not None:
                sealed = b64decode(kept)
                self._wrapping.decrypt(sealed[:_NONCE], sealed[_NONCE:], _CHECK)
            elif (any_key := connection.execute(_ANY_KEY).first()) is not None:
                self._unwrapped(*any_key)
        except (InvalidTag, ValueError):
            return False
        return True

    def leave_check(self, connection: Connection) -> None:
        """Keep a check value, by which a wrong master key is known before anything is sealed."""
        nonce = secrets.token_bytes(_NONCE)
        value = b64encode(nonce + self._wrapping.encrypt(nonce, b"", _CHECK)).decode()
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        connection.exec_driver_sql(
            f"INSERT INTO store_meta (name, value) VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING",
            (_CHECK_NAME, value),
        )

    def forget(self, subject: str | None = None) -> None:
        """Drop the keys this process holds for `subject`, or for everyone."""
        with self._guard:
            for cache_key in [h for h in self._cache if subject in (None, h[0])]:
                del self._cache[cache_key]

    def _current(self, connection: Connection, subject: str) -> tuple[int, AESGCM]:
        """The newest key that is not destroyed, made now if there is none.

        Always asked of the database: sealing under a key destroyed a second ago would lose the
        text for good. And not held for later: the transaction that made it may yet be undone.
        """
        for _ in range(2):
            newest = Wanted(_NEWEST, {"subject": subject}, lambda rows: [*rows, (0, None)][0])
            generation, wrapped = ask(connection, newest)
            if wrapped is not None:
                return generation, self._unwrapped(subject, generation, wrapped)
            generation += 1
            made = self._make(connection, subject, generation)
            if made is not None:
                return generation, made
        raise ValueError(f"the key of {subject} is destroyed as fast as it is made")

    def _make(self, connection: Connection, subject: str, generation: int) -> AESGCM | None:
        """Make a key; None where somebody else has just made it."""
        key, wrapped = self._new(subject, generation)
        made = self._keep(connection, [(subject, generation, wrapped)])
        return AESGCM(key) if made else None

    def _new(self, subject: str, generation: int) -> tuple[bytes, bytes]:
        """A key, and as it is kept."""
        nonce = secrets.token_bytes(_NONCE)
        key = AESGCM.generate_key(256)
        return key, nonce + self._wrapping.encrypt(nonce, key, _bound(subject, generation))

    def _keep(
        self, connection: Connection, keys: Sequence[tuple[str, int, bytes]]
    ) -> Collection[str]:
        """Keep new keys; whose were kept. Two first events at once: the second waits here for the
        first, and then uses its key."""
        if not keys:
            return ()
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        now = microseconds(self._clock.now())
        made = rows_of(
            connection,
            "INSERT INTO subject_key (subject, generation, wrapped, made_us) VALUES "
            + ", ".join([f"({mark}, {mark}, {mark}, {mark})"] * len(keys))
            + " ON CONFLICT DO NOTHING RETURNING subject",
            [value for key in keys for value in (*key, now)],
        )
        return {subject for (subject,) in made}

    def _key(self, connection: Connection, subject: str, generation: int) -> AESGCM | None:
        now = self._clock.now()
        with self._guard:
            entry = self._cache.get((subject, generation))
        if entry is not None and entry[0] <= now < entry[0] + FORGET_AFTER:
            return entry[1]
        rows = ask(
            connection, Wanted(_WRAPPED, {"subject": subject, "generation": generation}, list)
        )
        wrapped = rows[0][0] if rows else None
        if wrapped is None:
            self.forget(subject)
            return None
        key = self._unwrapped(subject, generation, wrapped)
        with self._guard:
            self._cache[subject, generation] = (now, key)
        return key

    def _unwrapped(self, subject: str, generation: int, wrapped: bytes) -> AESGCM:
        try:
            raw = self._wrapping.decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], _bound(subject, generation)
            )
        except InvalidTag:
            raise ValueError("this master key does not open the keys of this database") from None
        return AESGCM(raw)


def sealed_with(data_key: tuple[int, AESGCM], plaintext: bytes, aad: bytes) -> bytes:
    generation, key = data_key
    nonce = secrets.token_bytes(_NONCE)
    return generation.to_bytes(_GENERATION, "big") + nonce + key.encrypt(nonce, plaintext, aad)


def _opened_again(master: bytes, clock: Clock) -> SqlVault:
    return SqlVault(master, clock=clock)


def _bound(subject: str, generation: int) -> bytes:
    return f"{subject}\n{generation}".encode()


def master_key(path: Path | str) -> bytes:
    """The master key: from the environment, else from the file at `path`, made there if missing.

    Both hold 32 bytes in base64; a new file is readable by its owner only (mode 0600). Raises
    `ValueError` for anything else.
    """
    text = os.environ.get(MASTER_KEY_ENV)
    if text is None:
        path = Path(path)
        if not path.exists():
            with suppress(FileExistsError):
                write_new(path, b64encode(secrets.token_bytes(32)).decode() + "\n")
        text = path.read_text()
    try:
        key = b64decode(text.strip(), validate=True)
    except NotBase64:
        key = b""
    if len(key) != 32:
        raise ValueError("the master key must be 32 bytes in base64")
    return key
