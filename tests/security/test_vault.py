"""The vault: one key a subject, wrapped; destroyed keys take the text with them."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from qa.core.clock import SetClock
from qa.core.errors import MovedOn
from qa.core.frozen import ERASED
from qa.security.vault import SqlVault, master_key, subject_key
from qa.store.store import Store
from tests.store.support import KIM, NoteWritten

pytestmark = pytest.mark.one_database


def elsewhere(store: Store, clock: SetClock) -> closing[Store]:
    """The same records as another process sees them."""
    return closing(Store(store.url, clock=clock, vault=SqlVault(b"m" * 32, clock=clock)))


def write(store: Store, subject: str, *notes: str) -> None:
    with store.unit(KIM) as unit:
        stream = f"jar:{store.new_id()}"
        unit.append(stream, *(NoteWritten(note=n) for n in notes), about=subject)


def write_and_fail(store: Store, subject: str) -> None:
    with store.unit(KIM) as unit:
        unit.append("jar:x", NoteWritten(note="c"), about=subject)
        unit.expect("jar:x", 7)


def notes(store: Store) -> list[str]:
    return [f.event.note for f in store.events()]


@pytest.mark.both_databases
def test_text_comes_back_in_this_process_and_in_another(store: Store, clock: SetClock) -> None:
    write(store, "child:1", "a", "b")
    write(store, "child:2", "c")
    with elsewhere(store, clock) as other:
        assert notes(store) == notes(other) == ["a", "b", "c"]


def test_a_subject_has_one_key_made_with_its_first_text(store: Store) -> None:
    write(store, "child:1", "a")
    write(store, "child:1", "b")
    with pytest.raises(MovedOn):
        write_and_fail(store, "child:2")
    with store.reading() as connection:
        found = connection.execute(select(subject_key.c.subject, subject_key.c.generation)).all()
    assert [tuple(row) for row in found] == [("child:1", 1)]


@pytest.mark.both_databases
def test_destroying_the_key_erases_here_at_once_and_elsewhere_within_a_minute(
    store: Store, clock: SetClock
) -> None:
    vault = store.vault
    assert vault is not None
    with elsewhere(store, clock) as other:
        write(store, "child:1", "a")
        write(store, "child:2", "b")
        assert notes(other) == ["a", "b"]
        with store.writing() as connection:
            assert vault.destroy(connection, "child:1")
            assert not vault.destroy(connection, "child:3")
        assert notes(store) == [ERASED, "b"]
        clock.advance(timedelta(seconds=60))
        assert notes(other) == [ERASED, "b"]


def test_text_after_an_erasure_gets_a_new_key(store: Store) -> None:
    vault = store.vault
    assert vault is not None
    write(store, "child:1", "a")
    with store.writing() as connection:
        vault.destroy(connection, "child:1")
    write(store, "child:1", "b")
    assert notes(store) == [ERASED, "b"]


@pytest.mark.both_databases
def test_keys_of_many_at_once_are_those_that_each_would_have_got(store: Store) -> None:
    vault = store.vault
    assert vault is not None
    write(store, "child:1", "a")
    write(store, "child:2", "b")
    with store.writing() as connection:
        vault.destroy(connection, "child:2")
    with store.unit(KIM) as unit:
        unit.keys_ahead(["child:1", "child:2", "child:3"])
        for n in "1234":
            unit.append(f"jar:{n}", NoteWritten(note=n), about=f"child:{n}")
    assert notes(store) == ["a", ERASED, "1", "2", "3", "4"]
    with store.reading() as connection:
        found = connection.execute(select(subject_key.c.subject, subject_key.c.generation))
        kept = sorted(map(tuple, found))
    assert kept == [("child:1", 1), ("child:2", 1), ("child:2", 2), ("child:3", 1), ("child:4", 1)]


def test_sealed_text_that_was_altered_is_refused(store: Store) -> None:
    vault = store.vault
    assert vault is not None
    with store.writing() as connection:
        sealed = vault.seal(connection, "child:1", b"text", b"here")
        assert vault.open(connection, "child:1", sealed, b"here") == b"text"
        for altered, aad in [(sealed, b"there"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"here")]:
            with pytest.raises(ValueError):
                vault.open(connection, "child:1", altered, aad)


def test_another_master_key_opens_nothing(store: Store, clock: SetClock) -> None:
    write(store, "child:1", "a")
    other = SqlVault(b"x" * 32, clock=clock)
    with store.reading() as connection, pytest.raises(ValueError, match="master key"):
        other.open(connection, "child:1", b"\0\1" + b"0" * 40, b"")


def test_the_master_key_is_made_once_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASELOOP_MASTER_KEY", raising=False)
    path = tmp_path / "master.key"
    key = master_key(path)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert master_key(path) == key
    monkeypatch.setenv("CASELOOP_MASTER_KEY", b64encode(b"e" * 32).decode())
    assert master_key(path) == b"e" * 32
    monkeypatch.setenv("CASELOOP_MASTER_KEY", "too short")
    with pytest.raises(ValueError):
        master_key(path)


def test_a_master_key_has_32_bytes(clock: SetClock) -> None:
    with pytest.raises(ValueError):
        SqlVault(b"short", clock=clock)
