"""Checks the whole log against its seal, and against every checkpoint kept or brought from outside.

Every event is hashed anew and the tree built again from nothing, beside the stored one. An event
that is not what was sealed is named by its position. Where somebody rewrote the log *and* the tree,
checkpoints outside their reach still differ: then the positions are named between which the change
must lie.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from struct import error as misfit

from sqlalchemy import Connection, select

from qa.core.errors import Refused, Unavailable
from qa.core.event import EventRow
from qa.ledger import access_tree, beside, checkpoints, tree
from qa.ledger.access_tree import SUFFIX
from qa.ledger.beside import LedgerFault
from qa.ledger.entry import event_leaf
from qa.ledger.keys import KeyRing
from qa.ledger.merkle import HASH_BYTES, Frontier
from qa.ledger.note import SignedNote
from qa.ledger.publishing import Place
from qa.store.store import Store

BATCH = 2000
CHUNK = 16_000
ROWS = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outside:
    """A note from outside the database, and the name to call it by."""

    name: str
    text: str


@dataclass(slots=True)
class Verified:
    """What was checked, and what was found; no findings are the proof.

    `unsealed` events at the end of the log are not covered yet.
    """

    sealed: int
    unsealed: int
    kept: int = 0
    outside: int = 0
    findings: list[LedgerFault] = field(default_factory=list)

    @property
    def first_bad(self) -> int | None:
        """The first position that is, or may be, affected by what was found."""
        return min((f.position for f in self.findings if f.position is not None), default=None)


@dataclass(frozen=True, slots=True, order=True)
class _Promise:
    """`replaced`: by a log that has gone on from a backup under another name since."""

    size: int
    root: bytes
    name: str
    origin: str
    replaced: bool

    @property
    def lost(self) -> str:
        return ": lost when a backup was put back" if self.replaced else ""


def verify(
    store: Store,
    ring: KeyRing | None,
    notes: Sequence[Outside] = (),
    *,
    places: Sequence[Place] = (),
    progress: Progress | None = None,
) -> Verified:
    """Check everything, against what lies at `places` too. With no `ring`, signatures are not
    checked and that is a finding."""
    unread, notes = list[LedgerFault](), list(notes)
    for place in places:
        try:
            notes += [Outside(f"{place.name}: {name}", text) for name, text in place.notes()]
        except Unavailable as trouble:
            unread.append(LedgerFault(None, trouble.sentence))
    with store.reading() as connection:
        head, sealed = store.head(connection), tree.size(connection)
        kept = checkpoints.everything(connection)
        done = Verified(sealed, max(head - sealed, 0), len(kept), len(notes), unread)
        done.findings += beside.faults(connection, kept, places)
        if ring is None:
            what = "the signatures were not checked: no key is here"
            done.findings.append(LedgerFault(None, what))
        promises: list[_Promise] = []
        for each in kept:
            _promise(done, promises, each.note, f"checkpoint {each.number}", ring)
            if each.access_note:
                name = f"the access log's checkpoint {each.number}"
                _promise(done, promises, each.access_note, name, ring)
        for outside in notes:
            _promise(done, promises, outside.text, outside.name, ring)
        access = [each for each in promises if each.origin.endswith(SUFFIX)]
        done.findings += _access(connection, access)
        _walk(done, store, connection, [p for p in promises if p not in access], head, progress)
    done.findings.sort(key=lambda found: (found.position is None, found.position or 0))
    return done


def _promise(
    done: Verified, promises: list[_Promise], text: str, name: str, ring: KeyRing | None
) -> None:
    """Take in one note, or say what is wrong with it."""
    try:
        note = SignedNote.read(text)
    except Refused as refused:
        done.findings.append(LedgerFault(None, f"{name}: {refused.sentence}"))
        return
    checkpoint = note.checkpoint
    log = checkpoint.origin.removesuffix(SUFFIX)
    if ring is not None and log not in ring.origins:
        what = f"{name} is of another log, {checkpoint.origin}; this one is {ring.origin}"
        done.findings.append(LedgerFault(None, what))
    elif ring is not None and ring.signer_of(note) is None:
        what = f"{name} has no good signature by a key of this ledger"
        done.findings.append(LedgerFault(None, what))
    else:
        replaced = ring is not None and log != ring.origin
        origin = checkpoint.origin
        insort(promises, _Promise(checkpoint.size, checkpoint.root, name, origin, replaced))


def _access(connection: Connection, promises: Sequence[_Promise]) -> Iterator[LedgerFault]:
    """Hold every line of the access log against what was signed of it."""
    lines, roots = access_tree.roots(connection, [promise.size for promise in promises])
    known = 0
    for promise in promises:
        if roots.get(promise.size) == promise.root:
            known = promise.size
        elif promise.size > lines:
            what = f"{promise.name} covers {promise.size} lines of the access log; {lines} are here"
            yield LedgerFault(None, what + promise.lost)
        else:
            yield LedgerFault(
                None,
                f"{promise.name} gives the first {promise.size} lines of the access log another"
                f" root: after line {known} one was changed, put in or taken out{promise.lost}",
            )


def _walk(
    done: Verified,
    store: Store,
    connection: Connection,
    promises: Sequence[_Promise],
    head: int,
    progress: Progress | None,
) -> None:
    """Build the tree anew up to what is sealed, comparing on the way; stop where it breaks."""
    edge, stored = Frontier(), _Stored(connection)
    waiting, kept = list(promises), dict[str, int]()

    def proven(promise: _Promise) -> int:
        """How far the log is known to be the one of this promise."""
        return kept.get(promise.origin, 0) if promise.replaced else max(kept.values(), default=0)

    while True:
        while waiting and waiting[0].size == edge.size:
            promise = waiting.pop(0)
            if edge.root != promise.root:
                known = proven(promise)
                if known == edge.size:
                    what = f"{promise.name} gives {edge.size} facts another root: the log forked"
                else:
                    what = (
                        f"{promise.name} gives the first {promise.size} facts another root."
                        f" Something at positions {known + 1} to {promise.size} was changed, and"
                        f" the tree with it{promise.lost}"
                    )
                done.findings.append(LedgerFault(min(known + 1, promise.size), what))
                if promise.replaced:
                    continue
                return
            kept[promise.origin] = edge.size
        if edge.size >= done.sealed:
            break
        until = min(done.sealed, edge.size + CHUNK, *(p.size for p in waiting[:1]))
        leaves, broken = _leaves(store, connection, edge.size, until)
        for level, first, hashes in edge.append(leaves):
            wrong = stored.differs(level, first, hashes)
            if wrong is not None:
                done.findings.append(_differs(level, wrong, edge.size))
                return
        if broken is not None:
            done.findings.append(broken)
            return
        if progress is not None:
            progress(edge.size, done.sealed)
    if done.sealed > head:
        done.findings.append(
            LedgerFault(head + 1, f"the head of the log says {head}, fewer than sealed")
        )
    for promise in waiting:
        what = (
            f"{promise.name} covers {promise.size} facts; {edge.size} are sealed here. Something"
            f" after position {proven(promise)} was taken out{promise.lost}"
        )
        done.findings.append(LedgerFault(proven(promise) + 1, what))
    surplus = stored.surplus()
    if surplus is not None:
        done.findings.append(LedgerFault(None, surplus))


def _differs(level: int, index: int, size: int) -> LedgerFault:
    if level == 0:
        return LedgerFault(index + 1, "this fact is not what was sealed here")
    first, last = (index << level) + 1, min((index + 1) << level, size)
    return LedgerFault(first, f"the tree's node over positions {first} to {last} was changed")


def _leaves(
    store: Store, connection: Connection, after: int, until: int
) -> tuple[list[bytes], LedgerFault | None]:
    """The leaf hashes of positions after < p <= until, as far as they go without a gap."""
    leaves: list[bytes] = []
    while after < until:
        rows = store.rows(connection, after=after, upto=until, limit=min(BATCH, until - after))
        if not rows or rows[-1][0] != after + len(rows):
            for row in rows:
                if row[0] != after + 1:
                    break
                leaves.append(_leaf(row))
                after += 1
            return leaves, LedgerFault(after + 1, "this fact was sealed and is gone")
        leaves += map(_leaf, rows)
        after += len(rows)
    return leaves, None


def _leaf(row: EventRow) -> bytes:
    try:
        return event_leaf(*row)
    except (misfit, TypeError, AttributeError, UnicodeEncodeError):
        # No event was ever stored in such a shape: it hashes to nothing that was sealed.
        return bytes(HASH_BYTES)


class _Stored:
    """The stored nodes, read level by level in their order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[int, Iterator[tuple[int, bytes]]] = {}
        self._buffers: dict[int, tuple[int, bytes]] = {}

    def differs(self, level: int, first: int, hashes: Sequence[bytes]) -> int | None:
        """The index of the first node that is not stored like this; None if all are."""
        expected = b"".join(hashes)
        at, buffer = self._buffers.get(level, (first, b""))
        rows = self._rows.setdefault(level, self._read(level))
        while len(buffer) < len(expected):
            following = next(rows, None)
            if following is None or following[0] != at + len(buffer) // HASH_BYTES:
                break
            if len(following[1]) % HASH_BYTES or not following[1]:
                break
            buffer += following[1]
        if buffer[: len(expected)] != expected:
            for n, each in enumerate(hashes):
                if buffer[n * HASH_BYTES : (n + 1) * HASH_BYTES] != each:
                    return first + n
        self._buffers[level] = (at + len(hashes), buffer[len(expected) :])
        return None

    def surplus(self) -> str | None:
        """What is wrong with the nodes after the last one that belongs there."""
        last = max(self._buffers, default=-1)
        for level, (_, buffer) in self._buffers.items():
            if buffer or next(self._rows[level], None) is not None:
                return f"the tree has nodes of level {level} that no fact stands for"
        above = select(tree.node.c.level).where(tree.node.c.level > last).limit(1)
        if self._connection.execute(above).first() is not None:
            return "the tree has nodes of levels that no fact stands for"
        return None

    def _read(self, level: int) -> Iterator[tuple[int, bytes]]:
        after = -1
        while True:
            query = (
                select(tree.node.c.first, tree.node.c.hashes)
                .where(tree.node.c.level == level, tree.node.c.first > after)
                .order_by(tree.node.c.first)
                .limit(ROWS)
            )
            rows = self._connection.execute(query).fetchall()
            yield from ((first, bytes(hashes)) for first, hashes in rows)
            if len(rows) < ROWS:
                return
            after = rows[-1][0]
