"""Makes a pack: the same records at the same position give the same bytes.

Two things may differ later: what says how the log went on (``proofs/later-…``, the keys), and what
was erased meanwhile. The manifest names every file by its hash, and is signed.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import resources

from api.evidence_packs import contents, readable
from api.evidence_packs.outside.verify import MANIFEST, SEAL, archive
from api.evidence_packs.scope import Chosen, chosen, streams_of_people
from api.evidence_packs.scope_request import ScopeRequest
from api.history import reading
from api.services import Services
from api.web import access_notes
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import NotNow
from qa.core.words import Actor
from qa.ledger import checkpoints
from qa.ledger.note import SignedNote, signed_text

FORMAT = "caseloop-pack-1"
PURPOSE = "export:pack"
"""Under which it is kept in a session what packs are made for, where the settings ask."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as a file: its bytes, a name for it, and what is in it."""

    file_name: str
    content: bytes
    position: int
    events: int
    records: int


def make(services: Services, actor: Actor, scope: ScopeRequest, at: AsAt) -> Pack:
    """The pack of what was asked for, as known at `at`, for this reader.

    What is not sealed and signed yet is so first. Raises what `scope.chosen` raises, and:
        Refused: too many events.   Unavailable: the ledger's signing key is missing.
    """
    fixed = replace(at, position=at.shown, true_on=None)
    with services.store.reading() as connection:
        chosen(ServedLook(connection, actor, fixed, services), scope)
        covered = checkpoints.covering(connection, fixed.shown) is not None
    ring = services.ledger.keys.ring()
    if not covered:
        services.ledger.checkpoint(by=actor.person)
    with services.store.reading() as connection:
        look = ServedLook(connection, actor, fixed, services)
        found = chosen(look, scope)
        signed = checkpoints.covering(connection, fixed.shown)
        if signed is None:
            raise NotNow("The records are not signed up to this position yet. Try again.")
        events = contents.events_of(services, connection, found.streams, fixed.shown)
        people, known_by_name = streams_of_people(connection, actor, events)
        if not people <= set(found.streams):
            streams = sorted({*found.streams, *people})
            events = contents.events_of(services, connection, streams, fixed.shown)
        files = contents.event_files(events)
        files |= contents.proof_files(services, connection, events, signed, ring)
        files |= contents.name_files(services, connection, known_by_name, signed, fixed.shown)
        if actor.pin is None:
            files |= contents.later_files(services, connection, signed)
        note = SignedNote.read(signed.note)
        signer = ring.signer_of(note)
        subject = readable.Subject(
            council=services.settings.council_name,
            at=fixed,
            scope=scope,
            chosen=found,
            events=events,
            checkpoint=note.checkpoint,
            fingerprint="" if signer is None else signer.public.fingerprint,
        )
        files |= readable.pages(look, subject)
    outside = resources.files("api.evidence_packs.outside")
    for name in ("verify.py", "verify.html"):
        files[name] = (outside / name).read_bytes()
    manifest = {
        "format": FORMAT,
        "origin": ring.origin,
        "position": fixed.shown,
        "as_at": fixed.day.isoformat(),
        "scope": scope.values,
        "checkpoint_size": signed.size,
        "files": {
            name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
    }
    written = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    files[MANIFEST] = written
    digest = b64encode(sha256(written).digest()).decode()
    files[SEAL] = signed_text(f"{ring.origin} evidence pack\n{digest}\n", ring.current).encode()
    _noted(services, actor, found, fixed, written)
    return Pack(
        file_name=f"evidence-pack-position-{fixed.shown}.zip",
        content=archive(files),
        position=fixed.shown,
        events=len(events.rows),
        records=len(found.records),
    )


def _noted(services: Services, actor: Actor, found: Chosen, at: AsAt, manifest: bytes) -> None:
    """A pack is an export: of itself, and of every record in it. Its purpose is asked once."""
    subjects = [
        f"pack:{sha256(manifest).hexdigest()[:16]}",
        *(subject for record in found.records for subject in reading.subjects_of(record)),
    ]
    role = require(actor, "make-pack").role or ""
    access_notes.note_each(
        services,
        actor,
        What.EXPORT,
        dict.fromkeys(subjects),
        PURPOSE,
        detail="evidence pack",
        at=at,
        role=role,
    )
