"""A ledger over a store of marbles, for the tests of this folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from qa.ledger import tree
from qa.ledger.keys import KeyFile
from qa.ledger.ledger import Ledger
from qa.ledger.note import Checkpoint, SigningKey
from qa.ledger.publishing import Place
from qa.schema import append_only
from qa.store.store import Store
from tests.store.support import KIM, MarblesAdded, NoteWritten

ORIGIN = "council.example/records"


def record(store: Store, events: int) -> None:
    """So many more events, some with sealed text, each jar with several."""
    for _ in range(events):
        name = f"jar:{store.head() % 5}"
        with store.unit(KIM) as unit:
            unit.version(name)
            if store.head() % 3 == 2:
                unit.append(name, NoteWritten(note="round and blue"), about="child:C-1")
            else:
                unit.append(name, MarblesAdded(count=store.head()))


def ledger_over(store: Store, folder: Path, *places: Place) -> Ledger:
    """A ledger with its key."""
    ledger = Ledger(
        store,
        KeyFile(folder / "council.ledger-key"),
        origin=ORIGIN,
        every=timedelta(hours=24),
        places=places,
    )
    ledger.make_key()
    return ledger


# The example of the signed-note format: golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
KEY = SigningKey.make("council.example/records")
CHECKPOINT = Checkpoint("council.example/records", 48121, hashlib.sha256(b"x").digest(), NOW)


def without_triggers(connection: tree.Connection) -> None:
    """What somebody with every right on the database can do."""
    for table in append_only.TABLES:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = root_by_definition(leaves[:k]), root_by_definition(leaves[k:])
    return sha256(b"\x01" + left + right).digest()


def with_triggers(connection: tree.Connection) -> None:
    """Whoever covers their tracks puts them back."""
    for table in append_only.TABLES:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        append_only.append_only(connection, table)
