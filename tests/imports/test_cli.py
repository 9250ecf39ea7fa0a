"""Files brought in and taken back at the command line."""

from __future__ import annotations

import csv
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from api.cli import output
from api.imports import pace
from api.imports import run as of_run
from api.imports.answers import answers_typed
from api.imports.import_command import Given
from tests.support.command_line import CASE, YEAR, Run, quarters
from tests.support.given import codes_of

pytestmark = pytest.mark.one_database


def test_importing_the_same_file_twice_adds_nothing(case: Run) -> None:
    before = case("verify", "--json").json
    again = case("import", "audits", str(CASE / "audits.csv"), "--json").json
    assert (again["result"]["imported"], again["result"]["already_there"]) == (0, 590)
    assert case("verify", "--json").json == before == {**before, "differences": []}


def test_a_dry_run_shows_the_events_and_writes_none(run: Run) -> None:
    assert run("init").code == 0
    shown = run("import", "audits", str(CASE / "audits.csv"), "--dry-run", "--json").json
    assert (len(shown["facts"]), shown["result"]) == (590, None)
    assert shown["facts"][0]["fact"] == "CaseAuditImported"
    assert run("import", "list", "--json").json == []


def test_a_bad_row_refuses_the_file_and_is_named(run: Run, tmp_path: Path) -> None:
    lines = (CASE / "audits.csv").read_text().splitlines()[:4]
    lines[2] = lines[2].replace("Inadequate", "Awful", 1)
    file = tmp_path / "some.csv"
    file.write_text("\n".join(lines))
    refused = run("import", "audits", str(file))
    assert refused.code == 3
    assert "row 3, overall, “Awful”" in refused.err
    assert run("import", "list", "--json").json == []
    taken = run("import", "audits", str(file), "--skip-bad")
    assert taken.code == 0
    assert "Imported 2 audits" in taken.out
    with (tmp_path / "some.rejects.csv").open(encoding="utf-8-sig") as rejects:
        kept = list(csv.DictReader(rejects))
    assert kept[0]["overall"] == "Awful"
    assert "Awful" in kept[0]["caseloop_reason"]
    put_right = tmp_path / "some.rejects.csv"
    put_right.write_text(put_right.read_text().replace("Awful", "Inadequate", 1))
    assert "rejects-2.csv" in run("import", "audits", str(file), "--skip-bad").out
    assert "Imported 1 audits" in run("import", "audits", str(put_right)).out
    listed = run("import", "list")
    assert all(one["batch"] in listed.out for one in run("import", "list", "--json").json)


@pytest.mark.both_databases
def test_a_batch_is_undone_by_later_events(case: Run) -> None:
    batches = {b["kind"]: b["batch"] for b in case("import", "list", "--json").json}
    undone = case("import", "reverse", batches["moderations"], "--reason", "Wrong year")
    assert (undone.code, undone.out.strip().endswith("252 records.")) == (0, True)
    found = case("report", "agreement", *YEAR, "--json").json
    assert quarters(found, "moderation_coverage_rate")["2021/22 Q2"] == ((0, 100),)
    again = case("import", "reverse", batches["moderations"], "--reason", "Wrong year")
    assert again.code == 3
    assert case("import", "moderations", str(CASE / "moderations.csv")).code == 0
    found = case("report", "agreement", *YEAR, "--json").json
    assert quarters(found, "moderation_agreement_rate")["2021/22 Q2"] == ((35, 41),)
    assert case("verify").code == 0


def test_what_is_said_of_a_file_is_kept_in_a_file_or_said_by_options(
    run: Run, tmp_path: Path
) -> None:
    assert run("init").code == 0
    file, said = tmp_path / "some.csv", tmp_path / "answers.yaml"
    file.write_text("Case,When,Grade\n7001,2021-05-01,Good\n7002,2021-05-02,Good\n")
    said.write_text("columns: {Case: child, When: audit_date}\nconstants: {auditor: Pat}\n")
    send = ("import", "audits", str(file), "--answers", str(said), "--reference-from", "Case")
    assert "New: 2" in run(*send, "--dry-run").out
    assert run(*send).code == 0
    file.write_text(file.read_text().replace("02,Good", "02,Inadequate"))
    shown = run(*send, "--dry-run")
    assert "row 3: overall “good” → “inadequate”" in shown.out
    assert "On record with other values: 1" in shown.out
    told = run(*send, "--dry-run", "--json").json
    assert told["changed"][0]["row"] == 3
    assert told["questions"][0]["about"] == "changed"
    assert run(*send).code == 3
    corrected = run(*send, "--changed", "correct", "--reason", "The tracker was wrong.")
    assert "Corrected 1." in corrected.out
    assert "There already: 2" in run(*send, "--dry-run").out


def test_a_row_of_several_sheets_is_told_by_its_sheet(run: Run, tmp_path: Path) -> None:
    assert run("init").code == 0
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in {
        "Q1": [("Elm", "Early Help"), ("Oak", "Early Help")],
        "Q2": [("Ash", "Early Help"), ("Fir", None)],
        "Q3": [("Ash", "Safeguarding"), ("Yew", "Early Help")],
    }.items():
        for row in [("Team", "Service"), *rows]:
            (book[title] if title in book else book.create_sheet(title)).append(row)
    file, said = tmp_path / "teams.xlsx", tmp_path / "answers.yaml"
    book.save(file)
    said.write_text("sheets: [Q1, Q2, Q3]\n")
    send = ("import", "teams", str(file), "--answers", str(said))
    refused = run(*send)
    assert refused.code == 3
    assert "  row 3 of Q2, Service, “”: Service is blank." in refused.err
    assert "row 2 of Q3, Service, “Safeguarding”: Row 2 of Q2 has Ash in the service" in refused.err
    shown = run(*send, "--dry-run")
    assert "  row 3 of Q2, Service, “”" in shown.err
    assert "  row 3 of Q3: team Yew" in shown.out
    assert "100000" not in shown.out + shown.err + refused.err
    told = run(*send, "--dry-run", "--json").json
    assert told["faults"][0].startswith("row 3 of Q2, ")


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        ("columns: {", (), "bad-answers"),
        ("- a list", (), "bad-answers"),
        ("colour: red", (), "bad-answers"),
        ("", ("--changed", "perhaps"), "bad-answers"),
        ("", ("--set", "nothing"), "bad-set"),
    ],
)
def test_answers_that_are_none_are_refused(
    tmp_path: Path, content: str, options: tuple[str, ...], code: str
) -> None:
    said = tmp_path / "answers.yaml"
    said.write_text(content)
    given = dict(zip(options[::2], options[1::2], strict=True))
    asked = Given(
        tmp_path / "some.csv",
        answers=said,
        changed=given.get("--changed", ""),
        set_field=[given["--set"]] if "--set" in given else None,
    )
    assert codes_of(asked.as_answers) == [code]
    for text in ("{", "[]"):
        assert codes_of(lambda: answers_typed(text, {})) == ["bad-answers"]  # noqa: B023


def test_an_interrupt_ends_a_long_import_behind_a_part_and_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_run, "LONG", 1)
    monkeypatch.setattr(pace, "MOST", 2)
    rows = [f"L-{n},60{n},0{n}/07/2025,Pat Sample,North,Good" for n in range(1, 6)]
    file = tmp_path / "long.csv"
    headings = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade"
    file.write_text("\n".join([headings, *rows]))

    @contextmanager
    def interrupted(title: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: signal.raise_signal(signal.SIGINT) if done == 2 else None

    with monkeypatch.context() as patched:
        patched.setattr(output, "progress", interrupted)
        stopped = run("import", "audits", str(file))
    assert "Imported 2 audits" in stopped.out
    assert "It was stopped. 3 rows are not recorded yet." in stopped.err
    assert "Imported 3 audits; 2 were there already" in run("import", "audits", str(file)).out
