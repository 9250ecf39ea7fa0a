"""Checks what the database keeps beside the log: the head, the ledger's own tables, receipts.

Nothing of it is in the tree. Each row is held against the sealed events, the signed notes, and
what lies at the places that can be read. Not borne out by anything, and so not checked: who asked
for a checkpoint; what a receipt answered; that a mailbox or a web address really took a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from qa.core.clock import microseconds
from qa.core.errors import Refused, Unavailable
from qa.ledger import tree
from qa.ledger.checkpoints import Signed
from qa.ledger.publishing import Place
from qa.schema.append_only import unguarded
from qa.store.tables import command_receipt, event, head


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that is wrong. `position` is the first event that is, or may be, affected."""

    position: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.position is None else f"position {self.position}: {self.what}"


def faults(
    connection: Connection, kept: Sequence[Signed], places: Sequence[Place]
) -> Iterator[LedgerFault]:
    """Everything that is wrong beside the log, as this snapshot shows it."""
    for what in (
        *(f"nothing keeps rows of {table} from being changed" for table in unguarded(connection)),
        *_checkpoints(kept),
        *_batches(connection, kept),
        *_publications(connection, kept, places),
    ):
        yield LedgerFault(None, what)
    yield from _head(connection)
    yield from _receipts(connection)


def _head(connection: Connection) -> Iterator[LedgerFault]:
    position, recorded_us = connection.execute(select(head.c.position, head.c.recorded_us)).one()
    last = connection.execute(select(func.max(event.c.position))).scalar() or 0
    latest = select(event.c.recorded_us).where(event.c.position == last)
    if position != last:
        what = f"the head of the log says {position}, its last fact stands at {last}"
        yield LedgerFault(min(position, last) + 1, what)
    elif recorded_us != (connection.execute(latest).scalar() or 0):
        yield LedgerFault(last, "the head of the log says another time than its last fact")


def _checkpoints(kept: Sequence[Signed]) -> Iterator[str]:
    before = (0, 0)
    for number, signed in enumerate(kept, start=1):
        if signed.number != number:
            yield f"checkpoint {number} was taken out"
            return
        try:
            promised = signed.checkpoint
        except Refused:
            continue
        if (promised.size, promised.made_at) != (signed.size, signed.made_at):
            yield f"checkpoint {number} is listed with another size or time than its note says"
        now = (promised.size, microseconds(promised.made_at))
        if now[0] < before[0] or now[1] < before[1]:
            yield f"checkpoint {number} is of a smaller log, or earlier, than the one before it"
        before = now


def _batches(connection: Connection, kept: Sequence[Signed]) -> Iterator[str]:
    query = (
        select(tree.batch.c.size, tree.batch.c.sealed_us, event.c.recorded_us)
        .outerjoin(event, event.c.position == tree.batch.c.size)
        .order_by(tree.batch.c.size)
    )
    signed = [(each.size, microseconds(each.made_at)) for each in kept]
    before = 0
    for size, sealed_us, recorded_us in connection.execute(query):
        while signed and signed[0][0] < size:
            signed.pop(0)
        if not max(before, recorded_us or 0) <= sealed_us <= (signed or [(0, sealed_us)])[0][1]:
            yield (
                f"the time at which the facts up to {size} were sealed cannot be: it was changed,"
                " or the clock was set back"
            )
        before = max(before, sealed_us)


def _publications(
    connection: Connection, kept: Sequence[Signed], places: Sequence[Place]
) -> Iterator[str]:
    made = {each.number: each for each in kept}
    there = {place.name: found for place in places if (found := _readable(place))}
    rows = connection.execute(select(tree.publication).order_by(tree.publication.c.number))
    for number, row in enumerate(rows, start=1):
        if row.number != number:
            yield f"attempt {number} to publish a checkpoint was taken out"
            return
        signed = made.get(row.checkpoint)
        if signed is None:
            yield f"attempt {number} published checkpoint {row.checkpoint}, which is not kept"
        elif row.at_us < microseconds(signed.made_at):
            yield f"attempt {number} published checkpoint {row.checkpoint} before it was made"
        elif row.done and row.place in there and there[row.place].get(row.detail) != signed.note:
            yield (
                f"attempt {number} says that checkpoint {row.checkpoint} lies at {row.place}, where"
                " it does not"
            )


def _readable(place: Place) -> Mapping[str, str]:
    try:
        return dict(place.notes())
    except Unavailable:
        return {}


def _receipts(connection: Connection) -> Iterator[LedgerFault]:
    """A receipt stands at the last event of its unit, and says what versions the streams got."""
    receipt = command_receipt.c
    query = (
        select(receipt.position, receipt.recorded_us, receipt.versions, event)
        .outerjoin(event, event.c.position == receipt.position)
        .order_by(receipt.position)
    )
    for position, recorded_us, versions, _, stream, version, _, at_us, _ in connection.execute(
        query
    ):
        others = [
            (event.c.stream == name) & (event.c.version == reached)
            for name, reached in versions.items()
        ]
        if (at_us, versions.get(stream)) != (recorded_us, version) or any(
            connection.execute(
                select(event.c.position).where(other, event.c.position <= position)
            ).first()
            is None
            for other in others
        ):
            yield LedgerFault(position, "a receipt says other than what was recorded here")
