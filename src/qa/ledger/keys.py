"""The keys that sign checkpoints, kept outside the database like the vault's master key.

One text, in a file or in the environment, with a line for every key the log has had:

    2026-03-02T09:00:00Z  -                     PRIVATE+KEY+caseloop.example/records+…
    2025-03-03T09:00:00Z  2026-03-02T09:00:00Z  caseloop.example/records+…

from when, until when (``-``: still), and the key. Of a retired key only the public part is kept:
enough to check old notes, nothing to sign with. A process that only checks may hold public keys
alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.core.errors import Refused, Unavailable
from qa.ledger.note import PRIVATE, PublicKey, SignedNote, SigningKey
from qa.security.key_files import write_new

LEDGER_KEY_ENV = "CASELOOP_LEDGER_KEY"
RESTORED = "/restored-"
"""Between the name of a log and the moment from which a backup of it went on."""

_HEADING = (
    "# The keys of Caseloop's ledger: from, until, key. Keep this file apart from the database.\n"
    "# Whoever holds the private key can sign checkpoints in this council's name.\n"
)
_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """A key and the time in which it signs; `until` None means still. `signing` only while held."""

    public: PublicKey
    since: datetime
    until: datetime | None = None
    signing: SigningKey | None = None

    def holds_at(self, at: datetime) -> bool:
        """To the second: that is how the keys are written down."""
        second = _whole(at)
        return _whole(self.since) <= second and (self.until is None or second <= _whole(self.until))

    @property
    def line(self) -> str:
        until = "-" if self.until is None else self.until.strftime(_SECONDS)
        key = self.public.text if self.signing is None else self.signing.text
        return f"{self.since.strftime(_SECONDS)} {until} {key}\n"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key of one log, the newest first."""

    keys: tuple[LedgerKey, ...]

    @classmethod
    def read(cls, text: str) -> KeyRing:
        """Raises `Refused` (``key-malformed``), naming the line and never quoting it."""
        found = []
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                since, until, key = line.split()
                signing = SigningKey.read(key) if key.startswith(PRIVATE) else None
                found.append(
                    LedgerKey(
                        signing.public if signing is not None else PublicKey.read(key),
                        _instant(since),
                        None if until == "-" else _instant(until),
                        signing,
                    )
                )
            except (ValueError, Refused):
                raise Refused(
                    f"Line {number} of the ledger's keys cannot be read: it must hold from, until"
                    " and a whole key.",
                    code="key-malformed",
                ) from None
        ring = cls(tuple(sorted(found, key=lambda kept: kept.since, reverse=True)))
        if any(name.split(RESTORED)[0] != ring._first_origin for name in ring.origins):
            raise Refused("The ledger's keys are of more than one log.", code="key-malformed")
        return ring

    @classmethod
    def new(cls, origin: str, now: datetime) -> KeyRing:
        """The first key of a log called `origin`."""
        key = SigningKey.make(origin)
        return cls((LedgerKey(key.public, _whole(now), None, key),))

    @property
    def text(self) -> str:
        return _HEADING + "".join(kept.line for kept in self.keys)

    @property
    def current(self) -> SigningKey:
        """The key that signs now. Raises `Unavailable` where none is held."""
        for kept in self.keys:
            if kept.until is None and kept.signing is not None:
                return kept.signing
        raise Unavailable(
            "The ledger's signing key is not here: only public keys are. Nothing was signed.",
            code="ledger-key-missing",
        )

    @property
    def origin(self) -> str:
        return self.keys[0].public.name if self.keys else ""

    @property
    def origins(self) -> frozenset[str]:
        """Every name the log has had: it gets a new one when a backup is put back."""
        return frozenset(kept.public.name for kept in self.keys)

    @property
    def _first_origin(self) -> str:
        return self.keys[-1].public.name.split(RESTORED)[0] if self.keys else ""

    def restored(self, now: datetime) -> KeyRing:
        """As `rotated`, and the log goes by a new name from then on."""
        return self.rotated(now, f"{self._first_origin}{RESTORED}{now:%Y%m%dT%H%M%SZ}")

    def rotated(self, now: datetime, origin: str | None = None) -> KeyRing:
        """With a new key from `now` on, and of the one before it the public part alone."""
        at = _whole(now)
        new = SigningKey.make(origin or self.current.name)
        retired = [
            LedgerKey(kept.public, kept.since, kept.until or max(at, kept.since))
            for kept in self.keys
        ]
        return KeyRing((LedgerKey(new.public, at, None, new), *retired))

    def knows(self, note: SignedNote) -> bool:
        """Whether any key of this log signed the note, at whatever time."""
        return any(note.signed_by(kept.public) for kept in self.keys)

    def signer_of(self, note: SignedNote) -> LedgerKey | None:
        """The key of this log that signed the note while it held, or None."""
        for kept in self.keys:
            if kept.holds_at(note.checkpoint.made_at) and note.signed_by(kept.public):
                return kept
        return None


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _SECONDS).replace(tzinfo=UTC)


class KeyFile:
    """Where the keys are: the environment's `LEDGER_KEY_ENV` if it is set, else the file `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        return LEDGER_KEY_ENV in os.environ or self.path.exists()

    @property
    def place(self) -> str:
        """Where the keys really are, to be told to people."""
        return LEDGER_KEY_ENV if LEDGER_KEY_ENV in os.environ else str(self.path.absolute())

    def ring(self) -> KeyRing:
        """Read anew each time, so that a rotated key is used without a restart.

        Raises `Unavailable`: ``ledger-key-missing`` or ``ledger-key-malformed``.
        """
        text = os.environ.get(LEDGER_KEY_ENV)
        if text is None:
            try:
                text = self.path.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                raise Unavailable(
                    f"The ledger's signing key {self.path} is missing. Put it back, or set"
                    f" {LEDGER_KEY_ENV}. Facts are still recorded and sealed; no checkpoint can be"
                    " signed. For a new store, run caseloop init.",
                    code="ledger-key-missing",
                ) from None
        try:
            ring = KeyRing.read(text)
        except Refused as refused:
            raise Unavailable(refused.sentence, code="ledger-key-malformed") from None
        if not ring.keys:
            raise Unavailable("The ledger's key file holds no key.", code="ledger-key-missing")
        return ring

    def make(self, ring: KeyRing) -> None:
        """Write the first keys to a new file. Raises `FileExistsError` where there is one."""
        write_new(self.path, ring.text)

    def check_changeable(self) -> None:
        """Raise `Refused` where the keys come from the environment, which is not ours to change."""
        if LEDGER_KEY_ENV in os.environ:
            raise Refused(
                f"The keys come from {LEDGER_KEY_ENV}; change them where it is set.",
                code="ledger-key-in-environment",
            )

    def replace(self, ring: KeyRing) -> None:
        """Put changed keys in place of the file, at once or not at all."""
        self.check_changeable()
        beside = self.path.with_name(self.path.name + ".new")
        beside.unlink(missing_ok=True)
        KeyFile(beside).make(ring)
        os.replace(beside, self.path)
