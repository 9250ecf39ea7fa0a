"""The tree follows the log: at once or bit by bit, killed or in company, it is the same tree."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from api.evidence_packs.outside.verify import consistent, included
from qa.core.clock import SetClock
from qa.core.errors import Damaged, NotFound, NotNow, Refused, Unavailable
from qa.ledger import checkpoints, merkle, sealing, tree
from qa.ledger import note as ledger_note
from qa.ledger.entry import event_leaf
from qa.ledger.following import Follower
from qa.ledger.keys import LEDGER_KEY_ENV
from qa.ledger.ledger import Ledger
from qa.ledger.note import PublicKey, SignedNote, SigningKey
from qa.ledger.verify import Outside, verify
from qa.store.store import Store
from tests.ledger.support import ORIGIN, ledger_over, record, root_by_definition, without_triggers
from tests.support.given import codes_of

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
LEDGER_TABLES = (tree.node, tree.batch, tree.checkpoint, tree.publication)


@pytest.fixture
def ledger(store: Store, tmp_path: Path) -> Ledger:
    return ledger_over(store, tmp_path)


def root_of_the_log(store: Store) -> bytes:
    with store.reading() as connection:
        return root_by_definition([event_leaf(*row) for row in store.rows(connection)])


def stored_root(store: Store) -> bytes:
    with store.reading() as connection:
        return merkle.root(tree.size(connection), tree.nodes_in(connection))


@pytest.mark.both_databases
def test_the_stored_tree_is_that_of_the_events(
    store: Store, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "RUN", 4)
    assert ledger.seal() == 0
    for more in (1, 1, 2, 13, 5):
        record(store, more)
        assert ledger.seal() == more
        assert stored_root(store) == root_of_the_log(store)
    monkeypatch.setattr(sealing, "BATCH", 3)
    record(store, 10)
    assert ledger.seal() == 10
    assert stored_root(store) == root_of_the_log(store)
    assert ledger.seal() == 0
    assert verify(store, ledger.keys.ring()).findings == []


def test_every_proof_of_the_stored_tree_holds(store: Store, ledger: Ledger) -> None:
    record(store, 21)
    ledger.seal()
    with store.reading() as connection:
        rows = store.rows(connection)
        for size in (1, 7, 16, 21):
            for position in range(1, size + 1):
                proof = ledger.inclusion(connection, position, size)
                leaf = event_leaf(*rows[position - 1])
                assert leaf == proof.leaf
                assert included(position - 1, size, leaf, proof.proof, proof.root)
            step = ledger.consistency(connection, size, 21)
            assert consistent(size, 21, step.first_root, step.second_root, [*step.proof])
        assert step.second_root == root_by_definition([event_leaf(*row) for row in rows])


def test_proofs_of_what_is_not_there_are_refused(store: Store, ledger: Ledger) -> None:
    record(store, 4)
    ledger.seal()
    record(store, 1)
    with store.reading() as connection:
        for position in (0, 6):
            with pytest.raises(NotFound):
                ledger.inclusion(connection, position, 4)
        with pytest.raises(NotNow):
            ledger.inclusion(connection, 5, 5)
        for size in (2, 5):
            refused = codes_of(partial(ledger.inclusion, connection, 3, size))
            assert refused == ["size-outside"]
        for first, second in ((0, 4), (3, 2), (2, 5)):
            refused = codes_of(partial(ledger.consistency, connection, first, second))
            assert refused == ["size-outside"]


@pytest.mark.both_databases
def test_what_is_sealed_cannot_be_changed_through_the_database(
    store: Store, ledger: Ledger
) -> None:
    record(store, 3)
    ledger.checkpoint(by="kim")
    for table in LEDGER_TABLES:
        if table is tree.publication:
            continue
        column = list(table.c)[-1]
        for statement in (update(table).values({column: column}), delete(table)):
            with pytest.raises(DBAPIError, match="append-only"), store.writing() as connection:
                connection.execute(statement)


@pytest.mark.both_databases
def test_several_sealers_at_once_make_one_tree(
    store: Store, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(store, 60)
    monkeypatch.setattr(sealing, "BATCH", 2)
    others = [Store(store.url, clock=store.clock) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(sealing.seal, [store, *others]))
    for other in others:
        other.close()
    assert sum(done) == 60
    assert stored_root(store) == root_of_the_log(store)
    assert verify(store, ledger.keys.ring()).findings == []


@pytest.mark.both_databases
@pytest.mark.slow
def test_a_killed_sealer_leaves_whole_batches(store: Store, ledger: Ledger) -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    for _ in range(3):
        command = [sys.executable, "-m", "tests.ledger.endless_sealer", store.url]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        ) as sealer:
            assert sealer.stdout is not None
            sealer.stdout.readline()
            record(store, 40)
            sealer.kill()
        assert verify(store, ledger.keys.ring()).findings == []
    ledger.seal()
    assert stored_root(store) == root_of_the_log(store)


def test_the_standing_tells_how_far_the_seal_is(
    store: Store, ledger: Ledger, clock: SetClock
) -> None:
    record(store, 2)
    ledger.seal()
    clock.advance(timedelta(seconds=5))
    record(store, 3)
    waiting_since = clock.now()
    clock.advance(timedelta(seconds=5))
    with store.reading() as connection:
        standing = sealing.standing(store, connection)
    assert (standing.head, standing.sealed, standing.unsealed) == (5, 2, 3)
    assert standing.unsealed_since == waiting_since
    ledger.seal()
    with store.reading() as connection:
        standing = sealing.standing(store, connection)
    assert (standing.unsealed, standing.unsealed_since) == (0, None)
    assert standing.sealed_at == clock.now()


def test_a_checkpoint_promises_what_is_recorded_by_now(store: Store, ledger: Ledger) -> None:
    with pytest.raises(NotNow):
        ledger.checkpoint(by="kim")
    record(store, 7)
    signed = ledger.checkpoint(by="kim")
    note = SignedNote.read(signed.note)
    assert note.checkpoint.origin == ORIGIN
    assert (note.checkpoint.size, note.checkpoint.root) == (7, root_of_the_log(store))
    assert note.signed_by(ledger.keys.ring().current.public)
    assert ledger.checkpoint(by="lee") == signed
    record(store, 1)
    later = ledger.checkpoint(by="lee")
    with store.reading() as connection:
        assert checkpoints.latest(connection) == later
        assert checkpoints.page(connection, before=2) == [signed]
        assert checkpoints.covering(connection, 7) == signed
        assert checkpoints.covering(connection, 8) == later
        assert checkpoints.covering(connection, 9) is None
        assert checkpoints.numbered(connection, 1) == signed


def test_checkpoints_are_signed_on_a_schedule(
    store: Store, ledger: Ledger, clock: SetClock
) -> None:
    follower = Follower(ledger)
    follower.round()
    assert follower.trouble is None
    record(store, 1)
    follower.round()
    clock.advance(timedelta(hours=23))
    record(store, 1)
    follower.round()
    with store.reading() as connection:
        assert [c.size for c in checkpoints.everything(connection)] == [1]
    clock.advance(timedelta(hours=1))
    follower.round()
    clock.advance(timedelta(hours=48))
    follower.round()
    with store.reading() as connection:
        assert [c.size for c in checkpoints.everything(connection)] == [1, 2]


def test_a_follower_seals_by_itself_and_stops(store: Store, ledger: Ledger) -> None:
    record(store, 5)
    follower = Follower(ledger, pause=0.01)
    follower.start()
    try:
        for _ in range(1000):
            with store.reading() as connection:
                if tree.size(connection) == 5:
                    break
            follower._stopping.wait(0.01)
    finally:
        follower.stop()
    with store.reading() as connection:
        assert tree.size(connection) == 5
    assert follower._thread is None


def test_a_follower_says_what_is_wrong_and_goes_on_sealing(
    store: Store, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    record(store, 3)
    ledger.keys.path.unlink()
    follower = Follower(ledger)
    follower.round()
    follower.round()
    assert follower.trouble is not None
    assert "missing" in follower.trouble
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    with store.reading() as connection:
        assert tree.size(connection) == 3
    with pytest.raises(Unavailable):
        ledger.checkpoint(by="kim")
    assert not ledger.keys.path.exists()


def test_a_lost_key_is_not_made_anew_by_the_way(store: Store, ledger: Ledger) -> None:
    record(store, 3)
    ledger.checkpoint(by="kim")
    old = ledger.keys.ring().current.public
    assert codes_of(lambda: ledger.replace_lost([old.text])) == ["ledger-key-here"]
    ledger.keys.path.unlink()
    with pytest.raises(NotNow) as lost:
        ledger.make_key()
    assert lost.value.code == "ledger-key-lost"
    stranger = SigningKey.make(ORIGIN).public
    with pytest.raises(Refused) as other:
        ledger.replace_lost([stranger.text])
    assert other.value.code == "ledger-key-other"
    new = ledger.replace_lost([old.text])
    assert new == ledger.keys.ring().current.public
    record(store, 1)
    ledger.checkpoint(by="kim")
    assert verify(store, ledger.keys.ring()).findings == []


def test_a_new_key_is_introduced_by_the_old_one(
    store: Store, ledger: Ledger, clock: SetClock
) -> None:
    record(store, 3)
    first = ledger.checkpoint(by="kim")
    old = ledger.keys.ring().current.public
    clock.advance(timedelta(days=400))
    both = SignedNote.read(ledger.rotate(by="kim").note)
    new = ledger.keys.ring().current.public
    assert new != old
    assert both.signed_by(old)
    assert both.signed_by(new)
    assert both.checkpoint.size == first.size
    clock.advance(timedelta(days=1))
    record(store, 1)
    later = SignedNote.read(ledger.checkpoint(by="kim").note)
    assert later.signed_by(new)
    assert not later.signed_by(old)
    done = verify(store, ledger.keys.ring(), [Outside("held outside", first.note)])
    assert (done.kept, done.outside, done.findings) == (3, 1, [])


def test_another_machine_that_still_signs_with_the_old_key_stops_nothing(
    store: Store, ledger: Ledger, clock: SetClock
) -> None:
    """It is found by verification, and signing goes on with the new key."""
    record(store, 1)
    stale = ledger.keys.ring()
    ledger.rotate(by="kim")
    clock.advance(timedelta(days=1))
    record(store, 1)
    ledger.seal()
    checkpoints.make(store, stale, by="lee")
    record(store, 1)
    assert SignedNote.read(ledger.checkpoint(by="kim").note).signed_by(
        ledger.keys.ring().current.public
    )
    said = [str(found) for found in verify(store, ledger.keys.ring()).findings]
    assert said == ["checkpoint 2 has no good signature by a key of this ledger"]


def test_keys_from_the_environment_are_not_rotated(
    store: Store, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(store, 1)
    monkeypatch.setenv(LEDGER_KEY_ENV, ledger.keys.ring().text)
    with pytest.raises(Refused, match=LEDGER_KEY_ENV) as refused:
        ledger.rotate(by="kim")
    assert refused.value.faults[0].code == "ledger-key-in-environment"
    with store.reading() as connection:
        assert checkpoints.latest(connection) is None


def test_nothing_is_signed_that_does_not_continue_what_was_signed(
    store: Store, ledger: Ledger
) -> None:
    record(store, 4)
    ledger.checkpoint(by="kim")
    with store.writing() as connection:
        without_triggers(connection)
        connection.execute(update(tree.node).where(tree.node.c.level == 2).values(hashes=bytes(32)))
    record(store, 1)
    with pytest.raises(Damaged, match="does not continue"):
        ledger.checkpoint(by="kim")


def test_a_forged_last_checkpoint_is_not_built_upon(store: Store, ledger: Ledger) -> None:
    record(store, 4)
    signed = ledger.checkpoint(by="kim")
    stranger = SigningKey.make(ORIGIN)
    forged = ledger_note.sign(signed.checkpoint, [stranger]).text
    with store.writing() as connection:
        without_triggers(connection)
        connection.execute(update(tree.checkpoint).values(note=forged))
    record(store, 1)
    with pytest.raises(Damaged, match="no good signature"):
        ledger.checkpoint(by="kim")


@pytest.mark.both_databases
def test_a_log_shorter_than_its_seal_is_not_sealed_on(store: Store, ledger: Ledger) -> None:
    record(store, 4)
    ledger.seal()
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE head SET position = 2")
    with pytest.raises(Damaged, match="last entry is number 2"):
        ledger.seal()


def test_the_public_key_can_be_handed_over_as_text(ledger: Ledger) -> None:
    public = ledger.keys.ring().current.public
    assert PublicKey.read(public.text) == public
    with ledger.store.reading() as connection:
        assert connection.execute(select(tree.checkpoint)).all() == []
