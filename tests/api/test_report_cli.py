"""The reports on the command line: what is printed, what is written, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from api.cli.main import main
from api.cli.opening import open_services
from qa.clock import SetClock
from qa.facts.moderation import ModerationSelected
from tests.projections.audits import DAY, Council

YEAR = ["--from", "2021-04-01", "--to", "2022-03-31"]
TOOL = {"tool": "whole-case-file"}


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Council:
    """A store with the shipped tools, two audits and one moderation; the settings name it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASELOOP_STORE", f"sqlite:///{tmp_path / 'council.db'}")
    clock = SetClock(datetime(2021, 4, 1, 9, tzinfo=UTC))
    council = Council(open_services(make=True, clock=clock).store, clock)
    council.on(date(2021, 5, 10)).audited("a", "good", **TOOL)
    selected = ModerationSelected(
        moderation="m-a", policy_version=1, reasons=("drawn",), due_on=date(2021, 6, 1)
    )
    council.on(date(2021, 5, 20)).say("a", selected)
    council.moderated("a", "good", DAY)
    council.on(date(2021, 8, 2)).audited("b", "inadequate", date(2021, 8, 1), **TOOL)
    return council


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(council: Council, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``caseloop report …``: exit code, output, errors."""

    def ran(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["report", *words])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return ran


def test_json_says_every_quarter_and_where_it_was_read(run: Run, council: Council) -> None:
    code, out, _ = run("agreement", *YEAR, "--by", "quarter", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["as_at"]["position"] == council.store.head()
    agreed = {
        row["group"]["quarter"]: (
            row["figures"]["moderation_agreement_rate"]["numerator"],
            row["figures"]["audits_submitted"]["numerator"],
        )
        for row in found["rows"]
    }
    assert agreed == {
        "2021/22 Q1": (1, 1),
        "2021/22 Q2": (0, 1),
        "2021/22 Q3": (0, 0),
        "2021/22 Q4": (0, 0),
    }


def test_a_past_date_shows_what_was_known_then(run: Run, council: Council) -> None:
    _, out, _ = run("agreement", *YEAR, "--as-at", "2021-05-19", "--json")
    found = json.loads(out)
    position = council.store.position_at(date(2021, 5, 19))
    assert found["as_at"] == {"date": "2021-05-19", "position": position}
    assert found["rows"][0]["figures"]["moderated"]["numerator"] == 0
    assert found["rows"][1]["figures"]["audits_submitted"]["numerator"] == 0


def test_the_table_names_the_rule_and_the_position(run: Run) -> None:
    code, out, _ = run("grades", *YEAR, "--dimension", "team")
    assert code == 0
    assert "2021/22 Q1" in out
    assert "Audits count by the date of the audit." in out
    assert "As known at position" in out


def test_a_csv_file_holds_a_line_a_figure(run: Run, council: Council, tmp_path: Path) -> None:
    target = tmp_path / "agreement.csv"
    council.audited("c", "good", team="=cmd", team_name="=cmd", **TOOL)
    words = ["agreement", *YEAR, "--dimension", "team", "--csv", str(target)]
    assert run(*words)[0] == 0
    lines = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    rates = [
        (line["team"], line["numerator"], line["denominator"], line["value"])
        for line in lines
        if line["figure"] == "moderation_coverage_rate" and line["quarter"] == "2021/22 Q1"
    ]
    assert rates == [("'=cmd", "0", "1", "0.0"), ("north", "1", "1", "100.0")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["agreement", "--from", "1 April", "--to", "2022-03-31"], "is not a date"),
        (["agreement", *YEAR, "--by", "fortnight"], "no period called"),
        (["agreement", *YEAR, "--dimension", "colour"], "not something to cut by"),
        (["grades", *YEAR, "--cohort", "moderation"], "cannot be cut by their moderation"),
        (["agreement", *YEAR, "--as-at", "2021-05-19", "--position", "1"], "not both"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    run: Run, words: list[str], sentence: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (3, "")
    assert sentence in err
