"""The command line, from a new store to the published table."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

from tests.support.command_line import Run, over
from tests.support.engines import Server

__all__ = ["over"]

CASE = Path(__file__).parents[1] / "cases" / "trafford-2022"
YEAR = ("--from", "2021-04-01", "--to", "2022-03-31")


@pytest.fixture
def run(over: Callable[[str, Path], Run], fresh_url: Any, tmp_path: Path) -> Any:
    """Runs `caseloop …` on an empty store of its own, on each engine."""
    with fresh_url() as url:
        yield over(url, tmp_path)


@pytest.fixture(scope="module")
def imported() -> dict[str, tuple[str, Path]]:
    """Where the published case was imported, by engine: once, to be copied for each test."""
    return {}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def case(
    request: pytest.FixtureRequest,
    over: Callable[[str, Path], Run],
    imported: dict[str, tuple[str, Path]],
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> Iterator[Run]:
    """A store that holds the published case, on each engine."""
    on_server = request.param == "postgres"
    server: Server | None = request.getfixturevalue("postgres_server") if on_server else None
    if request.param not in imported:
        folder = tmp_path_factory.mktemp("case")
        url = server.create() if server else f"sqlite:///{folder / 'council.db'}"
        model = over(url, folder)
        assert model("import", "audits", str(CASE / "audits.csv")).code == 0
        assert model("import", "moderations", str(CASE / "moderations.csv")).code == 0
        if server:
            # A database that somebody is connected to is not copied.
            server.end_connections(url)
        imported[request.param] = url, folder
    url, folder = imported[request.param]
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    copied = server.fresh(url) if server else nullcontext(f"sqlite:///{tmp_path / 'council.db'}")
    with copied as own:
        yield over(own, tmp_path)


def quarters(found: Any, *figures: str) -> dict[str, Any]:
    return {
        row["group"]["quarter"]: tuple(
            (row["figures"][f]["numerator"], row["figures"][f]["denominator"]) for f in figures
        )
        for row in found["rows"]
    }


def test_the_published_table_comes_back_from_the_two_files(case: Run) -> None:
    found = case("report", "agreement", *YEAR, "--by", "quarter", "--json").json
    table = quarters(found, "moderation_agreement_rate", "moderation_coverage_rate")
    assert table == {
        "2021/22 Q1": ((41, 50), (50, 100)),
        "2021/22 Q2": ((35, 41), (41, 100)),
        "2021/22 Q3": ((43, 60), (60, 100)),
        "2021/22 Q4": ((37, 45), (45, 120)),
    }
    assert found["as_at"]["position"] > 842
    year = case(
        "report", "agreement", "--from", "2021-01-01", "--to", "2021-12-31",
        "--by", "calendar-year", "--json",
    ).json  # fmt: skip
    coverage = year["rows"][0]["figures"]["moderation_coverage_rate"]
    assert (coverage["numerator"], coverage["denominator"], coverage["value"]) == (
        207,
        470,
        "44.0",
    )
    for name in (
        "audits_submitted", "moderation_coverage_rate", "moderation_agreement_rate",
        "within_one_rate", "kappa", "kappa_linear", "kappa_quadratic", "mean_shift",
    ):  # fmt: skip
        assert set(found["rows"][0]["figures"][name]) == {
            "numerator", "denominator", "value", "unit", "interval", "caveats",
        }  # fmt: skip


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
    assert "row 2, overall, “Awful”" in refused.err
    assert run("import", "list", "--json").json == []
    taken = run("import", "audits", str(file), "--skip-bad")
    assert taken.code == 0
    assert "Imported 2 audits" in taken.out
    with (tmp_path / "some.rejects.csv").open(encoding="utf-8-sig") as rejects:
        kept = list(csv.DictReader(rejects))
    assert kept[0]["overall"] == "Awful"
    assert "Awful" in kept[0]["caseloop_reason"]


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


def test_a_report_goes_out_as_word_and_pdf(case: Run, tmp_path: Path) -> None:
    written = ("--word", "report.docx", "--pdf", "report.pdf")
    assert case("report", "agreement", *YEAR, "--position", "100", *written).code == 0
    first = [(tmp_path / name).read_bytes() for name in written[1::2]]
    word = docx.Document(io.BytesIO(first[0]))
    assert "position 100 of the log" in word.paragraphs[1].text
    assert "2021/22 Q1" in {row.cells[0].text for row in word.tables[0].rows}
    assert first[1].startswith(b"%PDF")
    assert case("report", "agreement", *YEAR, "--position", "100", *written).code == 0
    assert [(tmp_path / name).read_bytes() for name in written[1::2]] == first


def test_the_list_goes_out_as_csv_and_workbook(case: Run, tmp_path: Path) -> None:
    assert case("export", "audits", "audits.csv").code == 0
    with (tmp_path / "audits.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 590
    assert {row["Overall grade"] for row in rows} == {
        "Outstanding",
        "Good",
        "Requires improvement",
        "Inadequate",
    }
    assert case("export", "audits", "audits.xlsx").code == 0
    book = load_workbook(tmp_path / "audits.xlsx")
    assert book.worksheets[0].max_row >= 590 or book.worksheets[1].max_row >= 590
    assert case("export", "audits", "audits.pdf").code == 3


def test_a_tool_travels_as_yaml(run: Run, tmp_path: Path) -> None:
    run("init")
    assert run("export", "tool", "dip-sample", "--out", "tool.yaml").code == 0
    text = (tmp_path / "tool.yaml").read_text()
    (tmp_path / "tool.yaml").write_text(text.replace("Dip sample", "Quick look"))
    done = run("import", "tool", "tool.yaml", "--publish")
    assert "Published version 2." in done.out
    (tmp_path / "tool.yaml").write_text("domains: [")
    assert run("import", "tool", "tool.yaml").code == 3


def test_read_models_are_made_again(case: Run) -> None:
    assert case("rebuild").code == 0
    assert case("rebuild", "--only", "no-such").code == 3
    assert case("verify").code == 0


def test_the_first_administrator_and_a_token_come_from_the_command_line(run: Run) -> None:
    run("init")
    added = run("people", "add", "ada", "--name", "Ada Tree", "--admin")
    assert added.code == 0
    assert "/set-password" in added.out
    assert run("people", "grant", "ada", "qa-lead").code == 0
    assert run("people", "grant", "ada", "king").code == 3
    assert run("people", "add", "ada", "--name", "Other").code == 3
    listed = run("people", "list", "--json").json
    assert {g["role"] for g in listed[0]["grants"]} == {"administrator", "qa-lead"}
    made = run("token", "make", "ada", "--label", "BI", "--scope", "read")
    assert made.out.startswith("clp_")
    assert run("token", "make", "nobody", "--label", "BI").code == 3


def test_a_misspelt_store_is_refused_rather_than_made(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused = run("--store", str(tmp_path / "missing.db"), "report", "agreement", *YEAR)
    assert refused.code == 3
    assert "There is no store" in refused.err
    assert not (tmp_path / "missing.db").exists()


def test_a_store_without_its_key_is_not_opened(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "council.key").unlink()
    refused = run("verify")
    assert refused.code == 4
    assert "master key" in refused.err
    assert not (tmp_path / "council.key").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "agreement", "--from", "1 April", "--to", "2022-03-31"), "is not a date"),
        (("report", "agreement", *YEAR, "--by", "fortnight"), "no period called"),
        (("report", "agreement", *YEAR, "--dimension", "colour"), "not something to cut by"),
        (("report", "grades", *YEAR, "--cohort", "moderation"), "cannot be cut by"),
        (("report", "agreement", *YEAR, "--as-at", "2021-05-19", "--position", "1"), "not both"),
        (("report", "agreement", *YEAR, "--as-at", "2999-01-01"), "in the future"),
        (("report", "agreement", *YEAR, "--position", "999999"), "ends at position"),
        (("import", "audits", "no-such-file.csv"), "no-such-file.csv"),
        (("export", "tool", "no-such-tool"), "no published tool"),
    ],
)
def test_what_makes_no_sense_ends_with_3(run: Run, words: tuple[str, ...], sentence: str) -> None:
    run("init")
    refused = run(*words)
    assert refused.code == 3
    assert sentence in refused.err
    assert refused.out == ""


def test_help_does_not_load_what_it_does_not_need() -> None:
    seen = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "api.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "import" in seen.stdout
    loaded = {line.rpartition("|")[2].strip() for line in seen.stderr.splitlines()}
    assert not loaded & {
        "pandas",
        "fastapi",
        "sqlalchemy",
        "scipy",
        "statsmodels",
        "holidays",
        "alembic",
    }


def test_two_dates_are_compared_in_the_time_things_were_so(case: Run, tmp_path: Path) -> None:
    """The files are brought in today; what they tell was so quarter by quarter."""
    q1 = ("--from", "2021-04-01", "--to", "2021-09-30", "--by", "quarter", "--json")
    so = case("report", "agreement", *q1, "--true-on", "2021-06-30").json
    assert so["as_at"]["true_on"] == "2021-06-30"
    counted = [row["figures"]["audits_submitted"]["numerator"] for row in so["rows"]]
    assert counted == [100, 0]

    quarter = ("--first", "2021-07-01", "--last", "2021-09-30")
    days = ("--from-true-on", "2021-06-30", "--to-true-on", "2021-09-30")
    found = case("compare", *days, *quarter, "--json").json
    added = [one for one in found["audits"] if one["how"] == "added"]
    assert len(added) == 100
    assert all(event["side"] == "after" for one in added for event in one["facts"])
    total = next(
        one
        for one in found["figures"]
        if one["figure"] == "audits_submitted" and "total" in one["group"]
    )
    assert (total["old"], total["new"]) == ("0", "100")

    out = tmp_path / "changed.csv"
    assert case("compare", *days, *quarter, "--csv", str(out)).code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["Record or row"] for line in lines if line["What"] == "audit"} >= {
        one["reference"] for one in added
    }
    same = case("compare", "--from-true-on", "2021-06-30", "--to-true-on", "2021-06-30")
    assert same.out == "Nothing moved.\n"
    assert case("compare").code == 3
    assert case("compare", "--from", "2021-02-31").code == 3
    assert case("compare", "--from", "2021-04-01").code == 3
