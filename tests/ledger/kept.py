"""A ledger over a store of marbles, for the tests of this folder."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from qa.ledger.keys import KeyFile
from qa.ledger.ledger import Ledger
from qa.ledger.publishing import Place
from qa.store.store import Store
from tests.store.toy import KIM, MarblesAdded, NoteWritten

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
