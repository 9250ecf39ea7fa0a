"""`caseloop seal`, `checkpoint`, `prove`, `verify --checkpoint` and `key …`, as typed."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from api.evidence_packs.outside.verify import included
from qa.ledger.note import PublicKey, SignedNote
from tests.ledger.support import NEUMANN
from tests.support.command_line import Run

pytestmark = pytest.mark.one_database


@pytest.fixture
def caseloop(run: Run) -> Run:
    assert run("init").code == 0
    return run


@pytest.mark.both_databases
def test_from_an_empty_store_to_a_proof(caseloop: Run, tmp_path: Path) -> None:
    assert caseloop("prove", "1").code == 3
    assert "Sealed" in caseloop("seal").out
    assert "Sealed 0 facts" in caseloop("seal").out
    held = tmp_path / "held.note"
    held.write_text(caseloop("checkpoint").out, "utf-8")
    note = SignedNote.read(held.read_text("utf-8"))
    public = PublicKey.read(caseloop("key", "show").out.splitlines()[0])
    assert note.signed_by(public)
    proof = caseloop("prove", "1").json
    assert included(
        0,
        proof["size"],
        base64.b64decode(proof["leaf"]),
        [base64.b64decode(each) for each in proof["proof"]],
        note.checkpoint.root,
    )
    assert caseloop("prove", "999").code == 3
    verified = caseloop("verify", "--checkpoint", str(held))
    assert verified.code == 0
    assert "2 from outside" in verified.out, "the one named, and the one in the folder"


def test_a_changed_event_is_named(caseloop: Run, tmp_path: Path) -> None:
    held = tmp_path / "held.note"
    held.write_text(caseloop("checkpoint").out, "utf-8")

    engine = create_engine(
        os.environ["CASELOOP_STORE"].replace("postgresql:", "postgresql+psycopg:")
    )
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE fact DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER fact_no_update"))
        connection.execute(text("UPDATE fact SET recorded_us = recorded_us + 1 WHERE position = 2"))
    engine.dispose()
    said = caseloop("verify", "--json", "--checkpoint", str(held))
    assert said.code == 1
    assert said.json["first_bad_position"] == 2


def test_keys_are_changed_and_lost_ones_owned_up_to(caseloop: Run, tmp_path: Path) -> None:
    key = tmp_path / "council.ledger-key"
    old = caseloop("key", "show").out.splitlines()[0]
    rotated = caseloop("key", "rotate")
    assert rotated.code == 0
    assert SignedNote.read(rotated.out).signed_by(PublicKey.read(old))
    new = caseloop("key", "show").out.splitlines()[0]
    assert new != old
    assert old in caseloop("key", "show").out
    key.unlink()
    missing = caseloop("checkpoint")
    assert (missing.code, "is missing" in missing.err) == (4, True)
    assert caseloop("init").code == 3
    assert caseloop("verify").code == 1
    assert caseloop("key", "lost", "--old", "nonsense").code == 3
    assert caseloop("key", "lost", "--old", NEUMANN).code == 3
    assert caseloop("key", "lost", "--old", new, "--old", old).code == 0
    assert caseloop("checkpoint").code == 0


def test_a_checkpoint_that_is_no_file_is_refused(caseloop: Run, tmp_path: Path) -> None:
    assert caseloop("verify", "--checkpoint", str(tmp_path / "none")).code == 3


def test_a_backup_that_was_put_back_is_owned_up_to(caseloop: Run) -> None:
    old = caseloop("key", "show").out.splitlines()[0]
    assert caseloop("checkpoint").code == 0
    assert caseloop("restored", "--reason", " ").code == 3
    said = caseloop("restored", "--reason", "The disk was lost.")
    assert (said.code, "notes that cover it will say so" in said.err) == (0, True)
    note = SignedNote.read(said.out)
    assert note.signed_by(PublicKey.read(old))
    assert "/restored-" in note.checkpoint.origin
    assert caseloop("checkpoint").code == 0
    assert caseloop("verify").code == 0
