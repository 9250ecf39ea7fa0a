"""The reports on the command line: what is printed, what is written, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection
from typer.testing import CliRunner

from api.cli.report import app
from projections.moderation_agreement import ModerationAgreement
from qa.store import Store
from qa.tool_definition import Domain, ToolDefinition
from tests.projections.audits import DAY, FOUR, Council, keeping

YEAR = ["--from", "2021-04-01", "--to", "2022-03-31"]
WHOLE = ToolDefinition(
    id="whole",
    title="Whole",
    scale=FOUR.key,
    scales=(FOUR,),
    domains=(Domain(id="plan", title="Plan", scale=FOUR.key),),
)


@dataclass
class Services:
    store: Store

    def published_tools(self, connection: Connection) -> Mapping[tuple[str, int], ToolDefinition]:
        return {("whole", 1): WHOLE}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    with keeping(f"sqlite:///{tmp_path / 'council.db'}", ModerationAgreement()) as council:
        council.on(date(2021, 5, 10)).audited("a", "good")
        council.on(date(2021, 5, 20)).moderated("a", "good", DAY)
        council.on(date(2021, 8, 2)).audited("b", "inadequate", date(2021, 8, 1))
        yield council


def run(council: Council, *words: str) -> Any:
    return CliRunner().invoke(app, list(words), obj=Services(council.store))


def test_json_says_every_quarter_and_where_it_was_read(council: Council) -> None:
    result = run(council, "agreement", *YEAR, "--by", "quarter", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["as_at"] == {"date": "2021-08-02", "position": council.store.head()}
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


def test_a_past_date_shows_what_was_known_then(council: Council) -> None:
    result = run(council, "agreement", *YEAR, "--as-at", "2021-05-19", "--json")
    found = json.loads(result.stdout)
    assert found["as_at"] == {"date": "2021-05-19", "position": 2}
    assert found["rows"][0]["figures"]["moderated"]["numerator"] == 0
    assert found["rows"][1]["figures"]["audits_submitted"]["numerator"] == 0


def test_the_table_names_the_rule_and_the_position(council: Council) -> None:
    result = run(council, "grades", *YEAR, "--dimension", "team")
    assert result.exit_code == 0, result.output
    assert "2021/22 Q1" in result.stdout
    assert "Audits count by the date of the audit." in result.stdout
    assert "As known at position" in result.stdout


def test_a_csv_file_holds_a_line_a_figure(council: Council, tmp_path: Path) -> None:
    target = tmp_path / "agreement.csv"
    council.audited("c", "good", team="=cmd", team_name="=cmd")
    words = ["agreement", *YEAR, "--dimension", "team", "--csv", str(target)]
    assert run(council, *words).exit_code == 0
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
        (["agreement", "--from", "1 April", "--to", "2022-03-31"], "is not a day"),
        (["agreement", *YEAR, "--by", "fortnight"], "no period called"),
        (["agreement", *YEAR, "--dimension", "colour"], "not something to cut by"),
        (["grades", *YEAR, "--cohort", "moderation"], "cannot be cut by their moderation"),
        (["agreement", *YEAR, "--as-at", "2021-05-19", "--position", "1"], "not both"),
    ],
)
def test_a_question_that_makes_no_sense_ends_with_2(
    council: Council, words: list[str], sentence: str
) -> None:
    result = run(council, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""
