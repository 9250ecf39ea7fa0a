"""What stands beside the log is held against it: every row of the tamper matrix that is not the
log itself, each caught by its own words; and a store that nobody touched is found whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from qa.core.clock import SetClock
from qa.ledger import tree
from qa.ledger.ledger import Ledger
from qa.ledger.publishing import Folder
from qa.ledger.verify import verify
from qa.schema import append_only
from qa.store.store import Store
from qa.store.tables import command_receipt, event, head
from tests.ledger.support import ledger_over, record, with_triggers, without_triggers
from tests.store.support import KIM, MarblesAdded

Attack = Callable[[Connection], object]


@pytest.fixture
def ledger(store: Store, tmp_path: Path, clock: SetClock) -> Ledger:
    """Six events, two with a receipt, three checkpoints, each in a folder outside."""
    ledger = ledger_over(store, tmp_path, Folder(tmp_path / "outside", makes=True))
    for key in ("a", "b", None):
        record(store, 1)
        with store.unit(KIM, key=key, request="marbles") as unit:
            for jar in ("jar:new", "jar:other"):
                unit.version(jar)
                unit.append(jar, MarblesAdded(count=1))
        ledger.checkpoint(by="kim")
        clock.advance(timedelta(hours=1))
        ledger.publish()
    return ledger


def found(ledger: Ledger, *, places: bool = True) -> list[str]:
    there = ledger.places if places else ()
    done = verify(ledger.store, ledger.keys.ring(), places=there)
    return [str(each) for each in done.findings]


def test_what_nobody_touched_is_whole(ledger: Ledger, clock: SetClock) -> None:
    assert found(ledger) == []
    clock.advance(timedelta(days=-40))
    record(ledger.store, 1)
    ledger.checkpoint(by="kim")
    ledger.publish()
    assert found(ledger) == [], "a clock that went back alone is no forgery"


third = tree.checkpoint.alias()


def of(number: int, **values: object) -> Attack:
    table = tree.checkpoint
    return lambda c: c.execute(update(table).where(table.c.number == number).values(**values))


def publication(**values: object) -> Attack:
    forged = {"number": 4, "checkpoint": 3, "at_us": 2**52, "done": True, "detail": "accepted"}
    row = {**forged, "place": "e-mail clerk@town.example", **values}
    return lambda c: c.execute(insert(tree.publication), row)


def receipt(**values: object) -> Attack:
    return lambda c: c.execute(
        update(command_receipt).where(command_receipt.c.key == "a").values(**values)
    )


def sealed(sealed_us: object) -> Attack:
    return lambda c: c.execute(
        update(tree.batch).where(tree.batch.c.size == 6).values(sealed_us=sealed_us)
    )


def beyond_the_head(connection: Connection) -> None:
    row = connection.execute(select(event).where(event.c.position == 9)).one()._asdict()
    connection.execute(insert(event), {**row, "position": 10, "version": 99})


ATTACKS: dict[str, tuple[Attack, str]] = {
    "head later": (lambda c: c.execute(update(head).values(recorded_us=2**52)), "another time"),
    "head never": (lambda c: c.execute(update(head).values(recorded_us=0)), "another time"),
    "head on": (lambda c: c.execute(update(head).values(position=19)), "says 19"),
    "event beyond": (beyond_the_head, "its last fact stands at 10"),
    "size": (of(2, size=5), "checkpoint 2 is listed with another size or time"),
    "made": (of(2, made_us=0), "checkpoint 2 is listed with another size or time"),
    "another's note": (
        of(2, note=select(third.c.note).where(third.c.number == 3).scalar_subquery()),
        "checkpoint 2 is listed with another size",
    ),
    "taken out": (
        lambda c: c.execute(delete(tree.checkpoint).where(tree.checkpoint.c.number == 2)),
        "checkpoint 2 was taken out",
    ),
    "last taken out": (
        lambda c: c.execute(delete(tree.checkpoint).where(tree.checkpoint.c.number == 3)),
        "published checkpoint 3, which is not kept",
    ),
    "all taken out": (lambda c: c.execute(delete(tree.checkpoint)), "which is not kept"),
    "sealed before": (sealed(1), "facts up to 6 were sealed cannot be"),
    "sealed later": (sealed(2**52), "facts up to 6 were sealed cannot be"),
    "published nothing": (publication(checkpoint=9), "which is not kept"),
    "published before": (publication(at_us=1), "before it was made"),
    "publication taken out": (
        lambda c: c.execute(delete(tree.publication).where(tree.publication.c.number == 2)),
        "attempt 2 to publish a checkpoint was taken out",
    ),
    "receipt moved": (receipt(position=4), "position 4: a receipt says other"),
    "receipt later": (receipt(recorded_us=2**52), "position 3: a receipt says other"),
    "receipt of more": (
        receipt(versions={"jar:new": 1, "jar:other": 1, "jar:none": 1}),
        "position 3: a receipt says other",
    ),
    "receipt of others": (receipt(versions={"jar:new": 1}), "position 3: a receipt says other"),
}


@pytest.mark.one_database
@pytest.mark.parametrize(("attack", "said"), ATTACKS.values(), ids=ATTACKS)
def test_whoever_changes_what_stands_beside_the_log_is_caught(
    ledger: Ledger, attack: Attack, said: str
) -> None:
    with ledger.store.writing() as connection:
        without_triggers(connection)
        attack(connection)
        with_triggers(connection)
    assert any(said in each for each in found(ledger, places=False)), found(ledger)


def test_a_note_that_lies_nowhere_is_missed(ledger: Ledger, tmp_path: Path) -> None:
    next(iter(sorted((tmp_path / "outside").iterdir()))).unlink()
    assert "checkpoint 1 lies at" in found(ledger)[0]


def test_the_places_are_asked_without_being_told_to(ledger: Ledger) -> None:
    """The log rewritten, its tree built anew, every note here gone: the folder tells."""
    with ledger.store.writing() as connection:
        without_triggers(connection)
        connection.execute(update(event).where(event.c.position == 5).values(type="toy.other"))
        for table in (tree.node, tree.batch, tree.checkpoint, tree.publication):
            connection.execute(delete(table))
        with_triggers(connection)
    ledger.seal()
    assert found(ledger, places=False) == [], "nobody inside can tell"
    assert "position 4: folder" in found(ledger)[0]


@pytest.mark.parametrize("table", append_only.TABLES)
def test_a_trigger_that_is_gone_or_another_is_named(ledger: Ledger, table: str) -> None:
    one = f"nothing keeps rows of {table} from being changed"
    with ledger.store.writing() as connection:
        assert append_only.unguarded(connection) == []
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT 1; END"
                )
            )
    assert one in found(ledger)
