"""A backup that is put back: what was promised outside is never contradicted under its name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, delete, insert, select

from qa.core.clock import SetClock
from qa.core.errors import Damaged, Refused, Unavailable
from qa.ledger import checkpoints, tree
from qa.ledger.keys import KeyRing
from qa.ledger.ledger import Ledger
from qa.ledger.note import SignedNote
from qa.ledger.publishing import Folder, check
from qa.ledger.verify import Outside, verify
from qa.store.store import Store
from qa.store.tables import event, head
from tests.ledger.support import ORIGIN, ledger_over, record, with_triggers, without_triggers

pytestmark = pytest.mark.one_database

Backup = dict[Table, list[dict[str, object]]]


def backup_of(store: Store) -> Backup:
    tables = (event, head, tree.node, tree.batch, tree.checkpoint, tree.publication)
    with store.reading() as connection:
        return {
            table: [row._asdict() for row in connection.execute(select(table))] for table in tables
        }


def put_back(store: Store, backup: Backup) -> None:
    with store.writing() as connection:
        without_triggers(connection)
        for table, rows in backup.items():
            connection.execute(delete(table))
            connection.execute(insert(table), rows)
        with_triggers(connection)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    return tmp_path / "outside"


@pytest.fixture
def ledger(store: Store, tmp_path: Path, outside: Path, clock: SetClock) -> Ledger:
    """One whose folder outside holds a note of five events and one of eight, put back to five."""
    ledger = ledger_over(store, tmp_path, Folder(outside, makes=True))
    backups = []
    for more in (5, 3):
        record(store, more)
        ledger.checkpoint(by="kim")
        ledger.publish()
        clock.advance(timedelta(days=2))
        backups.append(backup_of(store))
    put_back(store, backups[0])
    return ledger


def notes(outside: Path) -> list[SignedNote]:
    return [SignedNote.read(path.read_text("utf-8")) for path in sorted(outside.iterdir())]


@pytest.mark.parametrize("more", [0, 1, 3, 9])
def test_nothing_is_signed_that_a_note_outside_contradicts(
    ledger: Ledger, store: Store, outside: Path, more: int
) -> None:
    record(store, more)
    before = notes(outside)
    for sign in (
        lambda: ledger.checkpoint(by="kim"),
        ledger.sign_if_due,
        lambda: ledger.rotate(by="kim"),
    ):
        ledger.seal()
        if more == 0 and sign == ledger.sign_if_due:
            continue
        with pytest.raises(Damaged, match=r"promises 8 facts.*run caseloop restored"):
            sign()
    ledger.publish()
    assert notes(outside) == before
    with store.reading() as connection:
        assert len(checkpoints.everything(connection)) == 1


def test_what_was_signed_before_the_place_was_named_is_not_taken_there(
    ledger: Ledger, store: Store, outside: Path
) -> None:
    record(store, 4)
    places, ledger.places = ledger.places, ()
    ledger.checkpoint(by="kim")
    ledger.places = places
    made = ledger.publish()
    assert [each.done for each in made] == [False]
    assert "does not bear it out" in made[0].detail
    assert len(notes(outside)) == 2


@pytest.mark.both_databases
def test_a_restore_is_an_event_and_the_log_goes_on_under_a_new_name(
    ledger: Ledger, store: Store, outside: Path
) -> None:
    old = ledger.keys.ring()
    with pytest.raises(Refused):
        ledger.restored("  ", by="operator")
    signed = ledger.restored("The disk was lost.", by="operator")
    recorded = next(iter(store.events(stream="ledger:log")))
    ring = ledger.keys.ring()
    assert (recorded.event.held, recorded.event.origin) == (5, ring.origin)
    assert (recorded.meta.reason, recorded.meta.by) == ("The disk was lost.", "operator")
    note = SignedNote.read(signed.note)
    assert note.signed_by(old.current.public), "who trusts the old key is introduced to the new"
    assert note.signed_by(ring.current.public)
    assert note.checkpoint.origin == ring.origin != ORIGIN
    assert KeyRing.read(ring.text).text == ring.text
    record(store, 5)
    ledger.checkpoint(by="kim")
    ledger.publish()
    sizes = [(n.checkpoint.origin == ORIGIN, n.checkpoint.size) for n in notes(outside)]
    assert sizes == [(True, 5), (False, 6), (True, 8), (False, 11)]


def test_notes_from_before_a_restore_are_checked_still(
    ledger: Ledger, store: Store, outside: Path
) -> None:
    kept, lost = [Outside(f"of {n.checkpoint.size}", n.text) for n in notes(outside)]
    ledger.restored("The disk was lost.", by="operator")
    record(store, 5)
    ledger.checkpoint(by="kim")
    ring = ledger.keys.ring()
    assert verify(store, ring, [kept]).findings == []
    said = verify(store, ring, [kept, lost])
    assert [str(found) for found in said.findings] == [
        "position 6: of 8 gives the first 8 facts another root. Something at positions 6 to 8 was"
        " changed, and the tree with it: lost when a backup was put back"
    ]


def test_a_place_that_does_not_answer_is_not_signed_over(
    store: Store, tmp_path: Path, outside: Path
) -> None:
    ledger = ledger_over(store, tmp_path, Folder(outside))
    record(store, 1)
    with pytest.raises(Unavailable, match="cannot be read") as refused:
        ledger.checkpoint(by="kim")
    assert refused.value.code == "checkpoint-place-unreadable"
    outside.mkdir()
    (outside / "checkpoint-999999999999-z.note").write_bytes(b"\xff no note")
    assert ledger.checkpoint(by="kim").size == 1


def test_a_place_is_asked_about_its_own_log_only(ledger: Ledger, store: Store) -> None:
    check(store, ledger.places[0], "elsewhere.example/records")
