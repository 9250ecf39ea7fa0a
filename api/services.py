"""What every way in works with, put together once from the settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import TypeVar, cast

from sqlalchemy.engine import Connection

from api.documents.listing import Letterhead
from api.settings import NO_NAME, Settings
from projections.core.late_events import LearntLater
from projections.core.registry import Registry
from projections.word_templates import queries as word_templates
from qa.authorisation.context import Desk, Lookups
from qa.core.capabilities import declared
from qa.core.clock import Clock, SystemClock
from qa.core.errors import Unavailable
from qa.ledger.keys import KeyFile
from qa.ledger.ledger import Ledger
from qa.ledger.publishing import places
from qa.schema import revisions
from qa.security.accounts import attempts, sessions
from qa.security.vault import MASTER_KEY_ENV, SqlVault, has_keys, master_key
from qa.store import meta
from qa.store.store import Store
from qa.store.timekeeping import Timekeeper

T = TypeVar("T")


def registry() -> Registry:
    """Every read model of the product: the ``PROJECTORS`` of each capability, and what was learnt
    later than it was true, which is read beside all of them."""
    found = declared("projections", "projector", "PROJECTORS", type)
    return Registry([*(projector() for projector in found), LearntLater()])


def lookups() -> Lookups:
    """The commands' questions across streams, answered by the ``LOOKUPS`` of each capability."""
    found = declared("api", "lookups", "LOOKUPS", dict)
    return cast(
        Lookups, SimpleNamespace(**{name: one for each in found for name, one in each.items()})
    )


@dataclass(frozen=True)
class Services:
    """The settings, the store, the commands' desk and the read models of one council."""

    settings: Settings
    store: Store
    desk: Desk
    registry: Registry
    ledger: Ledger
    vault: SqlVault
    makes_keys: bool = False

    @property
    def letterhead(self) -> Letterhead:
        """What files say of whose they are."""
        return Letterhead(self.settings.council_name, self.settings.demonstration)

    def letterhead_at(self, connection: Connection, position: int | None = None) -> Letterhead:
        """The letterhead of a document as at a position (None is now): the name of the settings,
        and the Word template that was in force there."""
        found = word_templates.in_force(connection, position=position)
        head = self.letterhead
        return Letterhead(head.council, head.demonstration, found.number, found.styles)

    @property
    def clock(self) -> Clock:
        return self.store.clock

    def initialise(self) -> None:
        """Make a store of an empty database; one that is there is left as it is.

        Services that may make keys make the ledger's first one here: only now can be seen that
        none was ever used.

        Raises:
            Unavailable: the records are of another release, or the master key is not theirs.
        """
        if self.store.is_empty:
            self.store.initialise()
        self.store.check()
        self.check_key()
        with self.store.writing() as connection:
            self.vault.leave_check(connection)
            if self.settings.council_name != NO_NAME:
                meta.leave(connection, meta.COUNCIL, self.settings.council_name)
            # Records that are there already are somebody's: they are never called invented.
            if self.settings.demonstration and self.store.head(connection) == 0:
                meta.leave(connection, meta.DEMONSTRATION, "yes")
        if self.makes_keys:
            self.ledger.make_key()

    def check_key(self) -> None:
        """Raises `Unavailable` where the master key does not open what is sealed in the store."""
        with self.store.engines.reading() as connection:
            if not revisions.is_empty(connection) and not self.vault.fits(connection):
                raise Unavailable(
                    f"The master key {self.settings.key_place} does not open these records. Put "
                    "back the key that they were made with.",
                    code="key-wrong",
                )

    def start(self) -> None:
        """Clear away sessions and attempts long over, as whoever serves does first.

        Raises:
            Unavailable: the records are of another release; no table is ever altered here. Or the
                master key is not theirs.
        """
        self.check_key()
        with self.store.writing() as connection:
            self.vault.leave_check(connection)
            sessions.sweep(connection, self.clock)
            attempts.sweep(connection, self.clock)


def _of_store(settings: Settings, ask: Callable[[Connection], T]) -> T | None:
    """What the database of a store answers before it is put together; None where it is none yet.

    Raises:
        Unavailable: the database cannot be reached.
    """
    if settings.is_new_file:
        return None
    store = Store(settings.store, clock=SystemClock())
    try:
        with store.engines.reading() as connection:
            return None if revisions.is_empty(connection) else ask(connection)
    finally:
        store.close()


def _key(settings: Settings, make: bool) -> bytes:
    """The master key. A missing key is never made by the way, nor for a store that had one: text
    sealed under the old one would look erased."""

    def is_missing() -> bool:
        return MASTER_KEY_ENV not in os.environ and not settings.key_path.exists()

    # Another process may make both meanwhile, the file first: so it is looked for once more.
    if is_missing() and (not make or (_of_store(settings, has_keys) and is_missing())):
        raise Unavailable(
            f"The master key {settings.key_path} is missing. Put it back, or set "
            f"{MASTER_KEY_ENV}. For a new store, run caseloop init.",
            code="key-missing",
        )
    try:
        return master_key(settings.key_path)
    except ValueError as wrong:
        raise Unavailable(f"The master key cannot be used: {wrong}.") from None


def kept_of(settings: Settings) -> dict[str, str] | None:
    """What the store knows of itself; None where there is no store yet.

    Raises:
        Unavailable: the database cannot be reached.
    """
    return _of_store(settings, meta.known)


def _as_stored(settings: Settings) -> Settings:
    """The settings, with what the store knows of itself where nothing else is set."""
    kept = kept_of(settings) or {}
    named = "" if settings.council_name == NO_NAME else settings.council_name.strip()
    return settings.model_copy(
        update={
            "council_name": named or kept.get(meta.COUNCIL, NO_NAME),
            "demonstration": settings.demonstration or meta.DEMONSTRATION in kept,
        }
    )


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Callable[[], str] | None = None,
    make_key: bool = False,
) -> Services:
    """Put the service together. No record is read or created yet, but a key with `make_key`.

    Raises:
        Unavailable: the master key is missing or malformed, or the database cannot be reached.
        Refused: a place for checkpoints cannot be one.
    """
    time = clock or SystemClock()
    settings = _as_stored(settings)
    silence = 0 if settings.demonstration else settings.clock_silence_days
    read_models = registry()
    vault = SqlVault(_key(settings, make_key), clock=time)
    store = Store(
        settings.store,
        clock=time,
        vault=vault,
        projector=read_models,
        connections=settings.connections,
        # A clock that was handed in is set on purpose: by the demonstration, a test, a replay.
        timekeeper=None
        if clock is not None
        else Timekeeper(
            time,
            tolerance=timedelta(seconds=settings.clock_tolerance_seconds),
            silence=timedelta(days=silence) if silence else None,
        ),
        **({} if ids is None else {"ids": ids}),
    )
    ledger = Ledger(
        store,
        KeyFile(settings.ledger_key_path),
        origin=settings.origin,
        every=timedelta(hours=settings.checkpoint_hours),
        places=places(
            folder=settings.checkpoint_path,
            makes=settings.checkpoint_folder is None,
            mail_server=settings.mail_server,
            mail_from=settings.mail_from,
            mail_to=[to.strip() for to in settings.checkpoint_mail_to.split(",") if to.strip()],
            webhook=settings.checkpoint_webhook,
        ),
    )
    return Services(
        settings, store, Desk(store, lookups()), read_models, ledger, vault, makes_keys=make_key
    )
