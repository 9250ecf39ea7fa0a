"""`Ledger`: one council's tree, keys and places, as the ways in use them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from qa.core.errors import NotFound, NotNow, Refused
from qa.core.reasons import owe_reason
from qa.core.words import Role
from qa.ledger import checkpoints, merkle, publishing, sealing, tree
from qa.ledger.checkpoints import SCHEDULE, Signed
from qa.ledger.events import LEDGER, LedgerRestored
from qa.ledger.keys import KeyFile, KeyRing, LedgerKey
from qa.ledger.note import PublicKey, SignedNote
from qa.ledger.publishing import Place, Publication
from qa.store.store import Store
from qa.store.unit import Stamp


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an event is in the tree of `size` events: its leaf hash and those up to the root."""

    position: int
    size: int
    leaf: bytes
    root: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the tree of `first` events is the beginning of the tree of `second` events."""

    first: int
    second: int
    first_root: bytes
    second_root: bytes
    proof: tuple[bytes, ...]


class Ledger:
    """The seal over one store.

    `origin` is the name that a first key gets; `every` the time after which, if anything new is
    sealed, a checkpoint is made without anybody asking.
    """

    def __init__(
        self,
        store: Store,
        keys: KeyFile,
        *,
        origin: str,
        every: timedelta,
        places: Sequence[Place] = (),
    ) -> None:
        self.store = store
        self.keys = keys
        self.origin = origin
        self.every = every
        self.places = tuple(places)

    def make_key(self) -> None:
        """Make the first key, unless there is one.

        A lost key is never made anew by the way: raises `NotNow` where checkpoints were signed.
        """
        if self.keys.exists:
            return
        with self.store.reading() as connection:
            if checkpoints.latest(connection) is not None:
                raise NotNow(
                    f"Checkpoints were signed with a key that is not here. Put {self.keys.path}"
                    " back, or run caseloop key lost.",
                    code="ledger-key-lost",
                )
        # Where another process made it meanwhile, that one is as good.
        with suppress(FileExistsError):
            self.keys.make(KeyRing.new(self.origin, self.store.clock.now()))

    def seal(self, most: int | None = None) -> int:
        """Seal what is recorded by now, or about `most` events of it: how many events."""
        return sealing.seal(self.store, most)

    def checkpoint(self, *, by: str) -> Signed:
        """Seal what is recorded by now and sign it. Raises as `checkpoints.make`."""
        ring = self.keys.ring()
        self.seal()
        self._check_places(ring)
        return checkpoints.make(self.store, ring, by=by)

    def _check_places(self, ring: KeyRing) -> None:
        """Raises `Damaged` or `Unavailable`, as `publishing.check`."""
        for place in self.places:
            publishing.check(self.store, place, ring.origin)

    def sign_if_due(self) -> Signed | None:
        """Sign where something new is sealed, or somebody looked at something, and the last
        checkpoint is old enough."""
        with self.store.reading() as connection:
            last, size = checkpoints.latest(connection), tree.size(connection)
        if size == 0:
            return None
        if last is not None and self.store.clock.now() < last.made_at + self.every:
            return None
        ring = self.keys.ring()
        self._check_places(ring)
        made = checkpoints.make(self.store, ring, by=SCHEDULE, lines=True)
        return None if last is not None and made.number == last.number else made

    def publish(self) -> list[Publication]:
        """Take to every place what is due there."""
        return publishing.publish(self.store, self.places)

    def rotate(self, *, by: str) -> Signed:
        """Change to a new key, with a checkpoint that the old and the new key both sign.

        Whoever trusts the old key can so trust the new one without asking anybody.
        """
        before = self.keys.ring()
        self.keys.check_changeable()
        self.seal()
        self._check_places(before)
        return self._hand_over(before, before.rotated(self.store.clock.now()), by)

    def restored(self, reason: str, *, by: str) -> Signed:
        """Record that the database was put back from a backup, and go on under a new name and key.

        What the old key promised of events that the backup lacks so stays a promise broken in
        the open: it is never contradicted under its own name. The checkpoint given is signed by
        the old and the new key. Raises `Refused` without a reason.
        """
        owe_reason(reason, "Say why the backup was put back.", field="reason")
        before = self.keys.ring()
        self.keys.check_changeable()
        after = before.restored(self.store.clock.now())
        head = self.store.head()
        with self.store.unit(Stamp(by=by, in_role=Role.SYSTEM), reason=reason.strip()) as unit:
            unit.version(LEDGER)
            unit.append(LEDGER, LedgerRestored(held=head, origin=after.origin))
        self.seal()
        return self._hand_over(before, after, by)

    def _hand_over(self, before: KeyRing, after: KeyRing, by: str) -> Signed:
        # Signed first: if this fails the old key stays in use, and a checkpoint that a key of the
        # future signed too is a good one by the old key.
        signed = checkpoints.make(self.store, before, by=by, keys=(before.current, after.current))
        self.keys.replace(after)
        return signed

    def replace_lost(self, old: Sequence[str]) -> PublicKey:
        """Begin with a new key where the private part of the old one is lost: the new public key.

        `old` are the public keys of the past, so that what they signed can still be checked.
        Raises `Refused` where the key is not lost, or a kept checkpoint is by none of `old`.
        """
        now = self.store.clock.now()
        past = [PublicKey.read(text) for text in old]
        if self.keys.exists and any(kept.signing for kept in self.keys.ring().keys):
            raise Refused("The key is not lost: it is here. Use rotate.", code="ledger-key-here")
        with self.store.reading() as connection:
            notes = [SignedNote.read(signed.note) for signed in checkpoints.everything(connection)]
        for note in notes:
            if not any(note.signed_by(key) for key in past):
                raise Refused(
                    f"The checkpoint of {note.checkpoint.size} facts was signed by another key."
                    " Name every public key of this ledger.",
                    field="--old",
                    code="ledger-key-other",
                )
        retired = []
        for key in past:
            times = [note.checkpoint.made_at for note in notes if note.signed_by(key)]
            until = max(times, default=now)
            retired.append(LedgerKey(key, min(times, default=now), until))
        fresh = KeyRing.new(past[0].name, now)
        ring = KeyRing((*fresh.keys, *retired))
        if self.keys.exists:
            self.keys.replace(ring)
        else:
            self.keys.make(ring)
        return fresh.current.public

    def inclusion(self, connection: Connection, position: int, size: int) -> Inclusion:
        """Prove the event at `position` to be in the tree of `size` events.

        Raises:
            NotFound: no such position.   NotNow: it is not sealed yet.
            Refused: the tree was never of that size, or ends before the position.
        """
        sealed = tree.size(connection)
        if not 1 <= position <= self.store.head(connection):
            raise NotFound("There is no such entry.", code="position-beyond-head")
        if position > sealed:
            raise NotNow("This fact is not sealed yet. Try again in ten seconds.")
        if not position <= size <= sealed:
            raise Refused(
                f"Give a size from {position} to {sealed}.", field="size", code="size-outside"
            )
        nodes = tree.nodes_in(connection)
        return Inclusion(
            position,
            size,
            nodes([(0, position - 1)])[0],
            merkle.root(size, nodes),
            tuple(merkle.inclusion_proof(position - 1, size, nodes)),
        )

    def inclusions(
        self, connection: Connection, positions: Sequence[int], size: int
    ) -> list[list[bytes]]:
        """The inclusion proofs of many events in one tree; the positions must lie in it."""
        spans = [merkle.inclusion_spans(position - 1, size) for position in positions]
        wanted = {part for each in spans for span in each for part in merkle.perfect_parts(span)}
        nodes = tree.prefetched(connection, wanted)
        return [merkle.hashes_of(each, nodes) for each in spans]

    def consistency(self, connection: Connection, first: int, second: int) -> Consistency:
        """Prove that nothing under `first` changed up to `second`.

        Raises `Refused` for sizes that the tree never had.
        """
        sealed = tree.size(connection)
        if not 1 <= first <= second <= sealed:
            raise Refused(
                f"Give two sizes from 1 to {sealed}, the smaller one first.",
                field="first",
                code="size-outside",
            )
        nodes = tree.nodes_in(connection)
        return Consistency(
            first,
            second,
            merkle.root(first, nodes),
            merkle.root(second, nodes),
            tuple(merkle.consistency_proof(first, second, nodes)),
        )
