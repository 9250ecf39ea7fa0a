"""Teams and people from files, codes to hand out, and names from files, at the command line."""

from __future__ import annotations

from pathlib import Path

from tests.support.command_line import Run

AUDITS = (
    "Audit ID,Child ref,Date of audit,Auditor,Team,Service,Overall grade\n"
    "K-1,4001,2025-05-01,Pat Sample,North,Help,Good\n"
    "K-2,4002,2025-05-02,P. Sample,North,Help,Good\n"
)


def test_a_fresh_store_is_filled_from_the_files_alone(run: Run, tmp_path: Path) -> None:
    audits, people, codes = (tmp_path / name for name in ("audits.csv", "people.csv", "codes.csv"))
    audits.write_text(AUDITS)
    people.write_text("Name,Team,Role,Where\nPat Sample,North,Auditor,Council\n")
    assert run("init").code == 0
    assert run("import", "teams", str(audits), "--json").json["result"]["imported"] == 1
    assert run("import", "people", str(people), "--json").json["result"]["imported"] == 1
    assert run("import", "audits", str(audits)).code == 0
    assert "One-time codes for 1 person are in" in run("people", "codes", str(codes)).out
    assert "Pat Sample,pat.sample" in codes.read_text("utf-8-sig")
    assert codes.stat().st_mode & 0o077 == 0
    may_be = {one["name"]: one["may_be"] for one in run("people", "from-files", "--json").json}
    assert [name for _, name in may_be["P. Sample"]] == ["Pat Sample", "Pat Sample"]
    for name in ("Pat Sample", "P. Sample"):
        assert run("people", "join", name, "pat.sample", "--reason", "The same person.").code == 0
    assert run("people", "join", "P. Sample", "pat.sample").code == 3
    assert run("verify", "--json").json["differences"] == []
    assert run("people", "part", "P. Sample").code == 0
    joined = {one["name"]: one["joined_to"] for one in run("people", "from-files", "--json").json}
    assert joined["P. Sample"] is None
    assert joined["Pat Sample"] is not None
    assert run("people", "part", "Nobody Known").code == 3
