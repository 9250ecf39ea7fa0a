"""The access log is signed with the log: whoever changes who looked at what is caught."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from api.evidence_packs.outside.verify import Checkpoint as CheckpointOfPacks
from qa.core.access import What
from qa.core.clock import SetClock
from qa.core.errors import Damaged
from qa.ledger import access_tree, tree
from qa.ledger.ledger import Ledger
from qa.ledger.note import SignedNote
from qa.ledger.publishing import Folder
from qa.ledger.verify import verify
from qa.security.access_log import AccessLine, access_log, note
from qa.store.store import Store
from tests.ledger.support import (
    ORIGIN,
    ledger_over,
    record,
    root_by_definition,
    with_triggers,
    without_triggers,
)

pytestmark = pytest.mark.one_database

LINE = access_log.c
Attack = Callable[[Connection], object]


def look(store: Store, lines: int) -> None:
    with store.writing() as connection:
        for _ in range(lines):
            note(
                connection,
                store.clock,
                AccessLine(
                    person="kim",
                    in_role="reader",
                    what=What.VIEW,
                    subject="child:Zoë",
                ),
            )


@pytest.fixture
def ledger(store: Store, tmp_path: Path, clock: SetClock) -> Ledger:
    """Two checkpoints, of 3 and of 7 lines; two lines more are not signed yet."""
    ledger = ledger_over(store, tmp_path, Folder(tmp_path / "outside", makes=True))
    for lines in (3, 4):
        look(store, lines)
        record(store, 1)
        ledger.checkpoint(by="kim")
        ledger.publish()
        clock.advance(timedelta(days=2))
    look(store, 2)
    return ledger


def found(ledger: Ledger) -> list[str]:
    done = verify(ledger.store, ledger.keys.ring(), places=ledger.places)
    return [str(each) for each in done.findings]


def attacked(ledger: Ledger, attack: Attack) -> None:
    with ledger.store.writing() as connection:
        without_triggers(connection)
        attack(connection)
        with_triggers(connection)


@pytest.mark.both_databases
def test_each_checkpoint_signs_the_lines_by_the_formula_of_the_docs(
    ledger: Ledger, store: Store, tmp_path: Path
) -> None:
    assert found(ledger) == []
    with store.reading() as connection:
        rows = connection.execute(select(access_log).order_by(LINE.id)).all()
        notes = connection.execute(select(tree.checkpoint.c.access_note)).scalars().all()
    leaves = [
        sha256(
            b"\0caseloop-access-1\n"
            + json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode()
        ).digest()
        for row in rows
    ]
    signed = [SignedNote.read(text).checkpoint for text in notes]
    assert [(each.size, each.root) for each in signed] == [
        (size, root_by_definition(leaves[:size])) for size in (3, 7)
    ]
    assert {each.origin for each in signed} == {ORIGIN + access_tree.SUFFIX}
    assert len(list((tmp_path / "outside").glob("access-*.note"))) == 2


def test_the_note_of_the_log_is_as_old_verifiers_know_it(ledger: Ledger, store: Store) -> None:
    with store.reading() as connection:
        for row in connection.execute(select(tree.checkpoint)):
            assert CheckpointOfPacks(row.note.encode(), "note").size == row.size
            assert row.note.count("\n") == 6


ATTACKS: dict[str, Attack] = {
    "one taken out": lambda c: c.execute(delete(access_log).where(LINE.id == 5)),
    "a name changed": lambda c: c.execute(
        update(access_log).where(LINE.id == 5).values(person="ada")
    ),
    "a time changed": lambda c: c.execute(update(access_log).where(LINE.id == 5).values(at_us=1)),
    "one put in": lambda c: c.execute(
        insert(access_log),
        {
            "id": -1,
            "at_us": 1,
            "person": "ada",
            "in_role": "",
            "what": "view",
            "subject": "",
            "detail": "",
        },
    ),
    "all taken out": lambda c: c.execute(delete(access_log)),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_changed_access_log_is_caught(ledger: Ledger, attack: Attack) -> None:
    attacked(ledger, attack)
    assert any("lines of the access log" in each for each in found(ledger))


@pytest.mark.both_databases
def test_a_line_put_in_again_in_its_place_is_whole(ledger: Ledger) -> None:
    def away_and_back(connection: Connection) -> None:
        row = connection.execute(select(access_log).where(LINE.id == 5)).one()._asdict()
        connection.execute(delete(access_log).where(LINE.id == 5))
        connection.execute(insert(access_log), row)

    attacked(ledger, away_and_back)
    assert found(ledger) == []


def test_looking_alone_is_signed_by_the_schedule_and_no_more(
    ledger: Ledger, clock: SetClock
) -> None:
    assert (made := ledger.sign_if_due()) is not None
    assert made.size == 2
    assert SignedNote.read(made.access_note).checkpoint.size == 9
    clock.advance(timedelta(days=2))
    assert ledger.sign_if_due() is None
    assert found(ledger) == []


@pytest.mark.both_databases
def test_an_access_log_put_back_is_not_signed_over(ledger: Ledger, store: Store) -> None:
    """As long as the log itself is as it was, only the note of the access log tells."""

    def put_back(connection: Connection) -> None:
        connection.execute(delete(access_log).where(LINE.id > 3))
        connection.execute(delete(tree.checkpoint).where(tree.checkpoint.c.number > 1))

    attacked(ledger, put_back)
    look(store, 6)
    with pytest.raises(Damaged, match="promises 7 lines of the access log"):
        ledger.checkpoint(by="kim")


def test_a_spoilt_edge_is_not_gone_on_from(ledger: Ledger, store: Store) -> None:
    attacked(ledger, lambda c: c.execute(update(tree.checkpoint).values(access_edge=bytes(32))))
    record(store, 1)
    with pytest.raises(Damaged, match="access log does not continue"):
        ledger.checkpoint(by="kim")


def test_a_checkpoint_of_a_release_without_is_passed_over(ledger: Ledger, store: Store) -> None:
    attacked(
        ledger,
        lambda c: c.execute(
            update(tree.checkpoint)
            .where(tree.checkpoint.c.number == 2)
            .values(access_note=None, access_edge=None, access_upto=None)
        ),
    )
    record(store, 1)
    made = ledger.checkpoint(by="kim")
    assert SignedNote.read(made.access_note).checkpoint.size == 9
    assert found(ledger) == []
