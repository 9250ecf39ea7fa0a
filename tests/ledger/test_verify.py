"""Whoever changes the past is caught, and the first position concerned is named.

Every attack is made with all rights on the database and its triggers gone: on the events alone;
then with the whole tree built again over them, against a note that somebody outside kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from qa.ledger import tree
from qa.ledger.keys import KeyRing
from qa.ledger.ledger import Ledger
from qa.ledger.note import Checkpoint, SigningKey, sign
from qa.ledger.verify import Outside, Verified, verify
from qa.store.store import Store
from qa.store.tables import event, head
from tests.ledger.support import ORIGIN, ledger_over, record, with_triggers, without_triggers

pytestmark = pytest.mark.one_database

EVENTS = 20
Attack = Callable[[Connection], object]


def flip_a_byte(connection: Connection) -> None:
    state = connection.execute(select(event.c.state).where(event.c.position == 9)).scalar_one()
    flipped = bytes(state[:-1]) + bytes([state[-1] ^ 1])
    connection.execute(update(event).where(event.c.position == 9).values(state=flipped))


def change_the_date(connection: Connection) -> None:
    connection.execute(
        update(event).where(event.c.position == 9).values(recorded_us=event.c.recorded_us - 1)
    )


def an_impossible_date(connection: Connection) -> None:
    connection.execute(update(event).where(event.c.position == 9).values(recorded_us=-1))


def change_the_type(connection: Connection) -> None:
    connection.execute(update(event).where(event.c.position == 9).values(type="toy.other"))


def change_the_version(connection: Connection) -> None:
    connection.execute(update(event).where(event.c.position == 9).values(version=99))


def move_to_another_stream(connection: Connection) -> None:
    connection.execute(update(event).where(event.c.position == 9).values(stream="jar:elsewhere"))


def swap_two(connection: Connection) -> None:
    for old, new in ((9, 1000), (10, 9), (1000, 10)):
        connection.execute(update(event).where(event.c.position == old).values(position=new))


def take_one_out_and_close_the_gap(connection: Connection) -> None:
    connection.execute(delete(event).where(event.c.position == 9))
    for position in range(10, EVENTS + 1):
        connection.execute(
            update(event).where(event.c.position == position).values(position=position - 1)
        )
    connection.execute(update(head).values(position=EVENTS - 1))


def take_one_out(connection: Connection) -> None:
    connection.execute(delete(event).where(event.c.position == 9))


def put_one_in(connection: Connection) -> None:
    for position in range(EVENTS, 8, -1):
        connection.execute(
            update(event).where(event.c.position == position).values(position=position + 1)
        )
    row = connection.execute(select(event).where(event.c.position == 8)).one()._asdict()
    connection.execute(insert(event), {**row, "position": 9, "stream": "jar:late", "version": 1})
    connection.execute(update(head).values(position=EVENTS + 1))


def drop_the_tail(connection: Connection) -> None:
    connection.execute(delete(event).where(event.c.position >= 9))
    connection.execute(update(head).values(position=8))


ATTACKS: list[Attack] = [
    flip_a_byte,
    change_the_date,
    an_impossible_date,
    change_the_type,
    change_the_version,
    move_to_another_stream,
    swap_two,
    take_one_out,
    take_one_out_and_close_the_gap,
    put_one_in,
    drop_the_tail,
]


@pytest.fixture
def ledger(store: Store, tmp_path: Path) -> Ledger:
    ledger = ledger_over(store, tmp_path)
    record(store, 5)
    ledger.checkpoint(by="kim")
    record(store, EVENTS - 5)
    ledger.checkpoint(by="kim")
    return ledger


def checked(ledger: Ledger, *notes: str) -> Verified:
    outside = [Outside(f"note {n}", note) for n, note in enumerate(notes, start=1)]
    return verify(ledger.store, ledger.keys.ring(), outside)


def attacked(ledger: Ledger, attack: Attack) -> None:
    with ledger.store.writing() as connection:
        without_triggers(connection)
        attack(connection)
        with_triggers(connection)


def rebuild_everything(ledger: Ledger) -> None:
    """Throw the tree and the kept checkpoints away and seal the false log as if it were new."""
    with ledger.store.writing() as connection:
        without_triggers(connection)
        for table in (tree.node, tree.batch, tree.checkpoint):
            connection.execute(delete(table))
        last = select(event.c.recorded_us).order_by(event.c.position.desc()).limit(1)
        connection.execute(update(head).values(recorded_us=last.scalar_subquery()))
        with_triggers(connection)
    if ledger.store.head():
        ledger.seal()


@pytest.mark.both_databases
def test_an_untouched_log_is_proven(ledger: Ledger) -> None:
    told: list[tuple[int, int]] = []
    done = verify(ledger.store, ledger.keys.ring(), progress=lambda a, b: told.append((a, b)))
    assert (done.sealed, done.unsealed, done.kept, done.findings) == (EVENTS, 0, 2, [])
    assert told[-1] == (EVENTS, EVENTS)
    record(ledger.store, 2)
    assert checked(ledger).unsealed == 2
    assert checked(ledger).findings == []


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.__name__)
def test_a_changed_log_is_caught_by_its_seal(ledger: Ledger, attack: Attack) -> None:
    attacked(ledger, attack)
    done = checked(ledger)
    assert done.first_bad == 9
    assert "position 9" in str(done.findings[0])


@pytest.mark.parametrize(
    "attack",
    [a for a in ATTACKS if a not in (take_one_out, an_impossible_date)],
    ids=lambda a: a.__name__,
)
def test_a_log_rewritten_with_its_tree_is_caught_by_a_note_outside(
    ledger: Ledger, attack: Attack
) -> None:
    with ledger.store.reading() as connection:
        notes = [c.note for c in checkpoints_of(connection)]
    attacked(ledger, attack)
    rebuild_everything(ledger)
    assert checked(ledger).findings == [], "nobody inside can tell"
    done = checked(ledger, *notes)
    assert done.first_bad is not None
    # The first note still holds, so the change lies between it and the second one.
    assert 6 <= done.first_bad <= 9
    assert "note 2" in str(done.findings[0])
    assert checked(ledger, notes[0]).findings == []


def checkpoints_of(connection: Connection) -> list[tree.Row]:
    return list(connection.execute(select(tree.checkpoint).order_by(tree.checkpoint.c.number)))


@pytest.mark.both_databases
def test_a_fork_is_caught(ledger: Ledger, store: Store) -> None:
    """The same key signed two histories of one size."""
    ring = ledger.keys.ring()
    other = sign(Checkpoint(ORIGIN, EVENTS, bytes(32), store.clock.now()), [ring.current])
    done = checked(ledger, other.text)
    assert done.first_bad is not None
    assert "note 1" in str(done.findings[0])


@pytest.mark.both_databases
def test_a_changed_tree_is_caught(ledger: Ledger) -> None:
    attacked(
        ledger,
        lambda c: c.execute(
            update(tree.node)
            .where(tree.node.c.level == 2, tree.node.c.first == 1)
            .values(hashes=bytes(32 * 4))
        ),
    )
    done = checked(ledger)
    assert done.first_bad == 5
    assert "node" in str(done.findings[0])


@pytest.mark.parametrize("level", [0, 3, 9])
def test_nodes_put_into_the_tree_are_caught(ledger: Ledger, level: int) -> None:
    with ledger.store.writing() as connection:
        connection.execute(insert(tree.node).values(level=level, first=77, hashes=bytes(32)))
    assert "no fact stands for" in str(checked(ledger).findings[0])


@pytest.mark.both_databases
def test_a_lying_head_is_caught(ledger: Ledger) -> None:
    attacked(ledger, lambda c: c.execute(update(head).values(position=EVENTS - 1)))
    assert checked(ledger).first_bad == EVENTS


def test_a_changed_checkpoint_is_caught(ledger: Ledger) -> None:
    attacked(
        ledger,
        lambda c: c.execute(
            update(tree.checkpoint)
            .where(tree.checkpoint.c.number == 1)
            .values(note=tree.func.replace(tree.checkpoint.c.note, "\n5\n", "\n4\n"))
        ),
    )
    assert any("checkpoint 1 has no good signature" in str(f) for f in checked(ledger).findings)


def test_notes_of_others_are_told_apart(ledger: Ledger, store: Store) -> None:
    now = store.clock.now()
    theirs = SigningKey.make("elsewhere.example/records")
    forger = SigningKey.make(ORIGIN)
    notes = [
        sign(Checkpoint(theirs.name, EVENTS, bytes(32), now), [theirs]).text,
        sign(Checkpoint(ORIGIN, EVENTS, bytes(32), now), [forger]).text,
        "not a note at all",
    ]
    said = [str(found) for found in checked(ledger, *notes).findings]
    assert "another log" in said[0]
    assert "no good signature" in said[1]
    assert "no signed checkpoint" in said[2]


def test_without_a_key_that_is_said(ledger: Ledger, store: Store) -> None:
    done = verify(store, None)
    assert [str(f) for f in done.findings] == ["the signatures were not checked: no key is here"]
    assert verify(store, KeyRing(())).findings != []
