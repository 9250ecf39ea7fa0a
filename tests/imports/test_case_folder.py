"""A case folder is read whole before anything is brought in, and says what is wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.imports.case_folder import read_case
from qa.core.errors import Refused
from tests.cases.support import HERE, caseloop


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ("imports: [", "bad-case"),
        ("- a list", "bad-case"),
        ("imports: [{kind: plans, file: a.csv}]", "bad-case"),
        ("imports: [{kind: plan, file: a.csv, mapp: {}}]", "bad-case"),
        ("plan: {since: yesterday}\nimports: []", "bad-case"),
        ("imports: [{kind: plan, file: ../a.csv}]", "file-outside"),
        ("imports: [{kind: plan, file: b.csv}]", "file-unreadable"),
        ("imports: [{kind: plan, file: empty.csv}]", "empty-file"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_named(tmp_path: Path, manifest: str, code: str) -> None:
    (tmp_path / "a.csv").write_text("Ambition,Ref,Action\n1,1.1,Coach\n")
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "empty.csv").write_text("")
    (folder / "case.yaml").write_text(manifest)
    with pytest.raises(Refused) as refused:
        read_case(folder)
    assert refused.value.faults[0].code == code


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"case\.yaml cannot be read"):
        read_case(tmp_path)


def test_a_dry_run_of_the_first_file_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(HERE / "telford-2018", tmp_path / "case")
    manifest = (folder / "case.yaml").read_text().partition("  - kind: plan")[0]
    (folder / "case.yaml").write_text(manifest)
    monkeypatch.setenv("CASELOOP_STORE", f"sqlite:///{tmp_path / 'case.db'}")
    monkeypatch.setenv("CASELOOP_COUNCIL_NAME", "Example Council")
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(tmp_path / "council.key"))
    (shown,) = caseloop("import", "case", str(folder), "--dry-run", "--json")
    assert (shown["dry_run"], shown["result"], len(shown["facts"])) == (True, None, 4)
    assert caseloop("import", "list", "--json") == []


def test_rejected_rows_go_into_the_folder_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "case", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    (folder / "case.yaml").write_text("imports: [{kind: teams, file: a.csv, skip_bad: true}]")
    (folder / "a.csv").write_text("team,service\nNorth,Early help\nSouth,\n")
    monkeypatch.setenv("CASELOOP_STORE", f"sqlite:///{tmp_path / 'case.db'}")
    monkeypatch.setenv("CASELOOP_COUNCIL_NAME", "Example Council")
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(tmp_path / "council.key"))
    caseloop("import", "case", str(folder), "--rejects", str(out), "--json")
    assert "South" in (out / "a.rejects.csv").read_text("utf-8-sig")
    assert {one.name for one in folder.iterdir()} == {"case.yaml", "a.csv"}
