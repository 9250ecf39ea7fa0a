"""The part of a pack that machines check: events as they are stored, proofs, checkpoints, keys."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy.engine import Connection

from api.evidence_packs.outside.verify import NAMING
from api.ledger.schemas import ConsistencyOut, LedgerKeysOut
from api.services import Services
from qa.core.errors import Refused
from qa.core.event import EventRow
from qa.ledger import checkpoints
from qa.ledger.checkpoints import Signed
from qa.ledger.keys import KeyRing
from qa.ledger.ledger import Consistency
from qa.ledger.note import SignedNote
from qa.store.codec import sealed_texts

MOST_EVENTS = 100_000
EARLIER = 400
"""Checkpoints before the pack's own that it is shown to continue: a year of them and more."""

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Events:
    """Events in the order of the log. `opened` holds the texts of those with sealed text, by
    position; None where they are erased."""

    rows: Sequence[EventRow]
    opened: Mapping[int, list[str] | None]

    @property
    def erased(self) -> frozenset[int]:
        return frozenset(position for position, texts in self.opened.items() if texts is None)


def events_of(
    services: Services, connection: Connection, streams: Sequence[str], upto: int
) -> Events:
    """Every event of the streams up to a position.

    Raises:
        Refused: more events than one pack should hold.   Damaged: one cannot be read.
    """
    store = services.store
    rows: list[EventRow] = []
    for stream in streams:
        after = 0
        while batch := store.rows(connection, after=after, upto=upto, stream=stream):
            rows += batch
            after = batch[-1][0]
            if len(rows) > MOST_EVENTS:
                raise Refused(
                    f"This pack would hold more than {MOST_EVENTS:,} facts. Make several.",
                    code="pack-too-large",
                )
    rows.sort(key=lambda row: row[0])
    opener = store.opener(connection)
    opened: dict[int, list[str] | None] = {}
    for row in rows:
        sealed, texts = sealed_texts(row, opener)
        if sealed:
            opened[row[0]] = texts
    return Events(rows, opened)


def _stored(rows: Sequence[EventRow]) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "stream": stream,
            "version": version,
            "type": kind,
            "recorded_us": recorded_us,
            "state": b64encode(state).decode(),
        }
        for position, stream, version, kind, recorded_us, state in rows
    ]


def event_files(events: Events) -> Files:
    """The stored bytes, and beside them the texts that this reader may read."""
    opened = [
        {
            "position": row[0],
            "state_sha256": sha256(row[5]).hexdigest(),
            "texts": events.opened[row[0]],
        }
        for row in events.rows
        if row[0] in events.opened
    ]
    return {"facts/facts.jsonl": _lines(_stored(events.rows)), "facts/opened.jsonl": _lines(opened)}


def name_files(
    services: Services, connection: Connection, people: Collection[str], signed: Signed, upto: int
) -> Files:
    """What gave people their names, up to a position, of those whose other records are not in the
    pack; each with its proof. None where the records of all of them are."""
    stored = services.store.rows_of(connection, people, upto=upto)
    rows = [row for row in stored if row[3] in NAMING]
    if not rows:
        return {}
    proofs = _proofs(services, connection, [row[0] for row in rows], signed)
    return {"facts/names.jsonl": _lines(_stored(rows)), "proofs/names.json": proofs}


def _proofs(
    services: Services, connection: Connection, positions: Sequence[int], signed: Signed
) -> bytes:
    """The proof that each of these positions is in the tree that was signed."""
    found = services.ledger.inclusions(connection, positions, signed.size)
    proofs = [
        {"position": position, "proof": [b64encode(each).decode() for each in proof]}
        for position, proof in zip(positions, found, strict=True)
    ]
    return _json({"size": signed.size, "proofs": proofs})


def proof_files(
    services: Services, connection: Connection, events: Events, signed: Signed, ring: KeyRing
) -> Files:
    """Inclusion of every event, the checkpoint, and that it continues the ones before it."""
    ledger = services.ledger
    positions = [row[0] for row in events.rows]
    earlier = checkpoints.page(connection, before=signed.number, limit=EARLIER)
    sizes = sorted({each.size for each in earlier if each.size < signed.size})
    steps = [
        ConsistencyOut.model_validate(
            ledger.consistency(connection, size, signed.size)
        ).model_dump()
        for size in sizes
    ]
    return {
        "proofs/checkpoint.note": signed.note.encode(),
        "proofs/inclusion.json": _proofs(services, connection, positions, signed),
        "proofs/consistency.json": _json({"proofs": steps}),
        **_key_files(connection, ring),
    }


def later_files(services: Services, connection: Connection, signed: Signed) -> Files:
    """The newest checkpoint, and that it continues the pack's own; none where that is the newest.

    These alone depend on when the pack is made, beside the keys and the manifest that names them.
    """
    last = checkpoints.latest(connection)
    if last is None or last.size <= signed.size:
        return {}
    step = services.ledger.consistency(connection, signed.size, last.size)
    return {
        "proofs/later-checkpoint.note": last.note.encode(),
        "proofs/later-consistency.json": _json({"proofs": [_consistency(step)]}),
    }


def _key_files(connection: Connection, ring: KeyRing) -> Files:
    """The public keys, and every note by which one key introduced the next."""
    files = {"keys/public-keys.json": _json(LedgerKeysOut.model_validate(ring).model_dump())}
    if len(ring.keys) > 1:
        for signed in checkpoints.everything(connection):
            if len(SignedNote.read(signed.note).signatures) > 1:
                files[f"keys/handover-{signed.number:06d}.note"] = signed.note.encode()
    return files


def _consistency(proof: Consistency) -> dict[str, Any]:
    return ConsistencyOut.model_validate(proof).model_dump()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _lines(values: Sequence[Any]) -> bytes:
    return b"".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n" for value in values
    )
