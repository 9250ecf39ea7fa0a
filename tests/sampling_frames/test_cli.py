"""A sampling frame at the command line: frozen for a cycle, and taken out again."""

from __future__ import annotations

from pathlib import Path

from tests.support.command_line import Run

HEADINGS = "Child Unique ID,Date of Contact,Contact Source,Surname"


def test_a_list_is_frozen_for_a_cycle_and_taken_out(run: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "contacts.csv", tmp_path / "frame.csv"
    file.write_text(f"{HEADINGS}\nC-1,2026-01-02,1A,Ash\nC-2,2026-01-09,2B,Oak\n")
    assert "Proposed: caseloop import sampling-frame" in run("import", "what", str(file)).out
    words = ("import", "sampling-frame", str(file), "--on", "2026-02-28")
    lacking = run(*words)
    assert (lacking.code, "--cycle" in lacking.err) == (3, True)
    done = run(*words, "--cycle", "Quarter 4", "--source", "The case system")
    assert (done.code, "Imported 2 cases of a frame" in done.out) == (0, True)
    assert "not read: Surname." in done.err
    assert "2 were there already" in run(*words, "--cycle", "Quarter 4").out
    assert run("export", "records", "sampling-frame", str(out), "--cycle", "quarter 4").code == 0
    first = out.read_text("utf-8-sig").splitlines()[1]
    assert first == (
        "C-1,Quarter 4,2026-02-28,list 1 of Annex A: contacts,The case system,2026-01-02,1A"
    )
    assert run("export", "records", "sampling-frame", str(out), "--cycle", "None").code == 3
