"""A copy of a store in use is whole, is its owner's alone, and opens with the keys of the store."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from qa.core.errors import Refused, Unavailable
from qa.store.backup import copy_sqlite
from tests.support.command_line import Run
from tests.support.told_codes import ToldCodes


def test_a_trial_restore_holds_everything(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told_codes: ToldCodes
) -> None:
    run("init")
    run("people", "add", "ada", "--name", "Ada Tree")
    run("seal")
    store, copy = os.environ["CASELOOP_STORE"], tmp_path / "copy.db"
    if not store.startswith("sqlite"):
        said = run("backup")
        assert said.code == 0
        assert 'pg_dump --format=custom --file=caseloop.dump "$CASELOOP_STORE"' in said.out
        assert store not in said.out + said.err
        assert run("backup", str(copy)).code == 3
        assert "backup-by-pg-dump" in told_codes
        assert not copy.exists()
        return
    assert run("backup").code == 3
    made = run("backup", str(copy))
    assert made.code == 0, made.err
    keys = [line.split(": ", 1)[1] for line in made.out.splitlines() if line.startswith("  ")]
    assert [Path(key).exists() for key in keys] == [True, True]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("people", "add", "eve", "--name", "Eve Tree").code == 0
    trial = tmp_path / "trial"
    (trial / "checkpoints").mkdir(parents=True)
    for key, name in zip(keys, ("caseloop.key", "caseloop.ledger-key"), strict=True):
        shutil.copy(key, trial / name)
    shutil.move(copy, trial / "caseloop.db")
    monkeypatch.setenv("CASELOOP_STORE", f"sqlite:///{trial / 'caseloop.db'}")
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(trial / "caseloop.key"))
    monkeypatch.setenv("CASELOOP_LEDGER_KEY_FILE", str(trial / "caseloop.ledger-key"))
    monkeypatch.setenv("CASELOOP_CHECKPOINT_FOLDER", str(trial / "checkpoints"))
    verified = run("verify")
    assert verified.code == 0, verified.err
    names = {one["name"] for one in run("people", "list", "--json").json}
    assert ("Ada Tree" in names, "Eve Tree" in names) == (True, False)


def test_a_copy_writes_over_nothing_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("kept")
    with pytest.raises(Refused) as refused:
        copy_sqlite(tmp_path / "store.db", there)
    assert refused.value.code == "file-unwritable"
    assert there.read_text() == "kept"
    with pytest.raises(Unavailable):
        copy_sqlite(tmp_path / "no-such.db", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()
