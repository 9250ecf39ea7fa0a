"""Supervision at the command line: the open cases come in, the figures go out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.cli.app import main
from api.supervision.report import question_of
from api.supervision.report_pages import read_open_cases
from tests.supervision.support import begun, held, managed
from tests.support.council import Council
from tests.support.given import codes_of


def test_a_list_names_its_columns_and_a_report_what_it_is_cut_by() -> None:
    assert codes_of(lambda: read_open_cases("case,team\nC-1,east\n")) == ["headings-unknown"]
    assert codes_of(lambda: read_open_cases("")) == ["headings-unknown"]
    [row] = read_open_cases("\ufeffCase, Team ,supervised_on\nC-1,east,\n")
    assert (row.case, row.team, row.supervised_on) == ("C-1", "east", None)
    day = date(2026, 3, 2)
    for cut in ("", "team", "service", "standard"):
        assert codes_of(lambda cut=cut: question_of(day, day, "quarter", cut)) == []  # type: ignore[misc]
    assert codes_of(lambda: question_of(day, day, "quarter", "moon")) == ["cut-unknown"]


def test_open_cases_come_in_and_figures_go_out(
    small_council: Council,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    council = small_council
    managed(council)
    pair = begun(council, days_ago=60)
    held(council, pair, council.today - timedelta(days=35), cases=("C-1",))
    settings = council.services.settings
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(settings.key_path))

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as left:
            main(["--store", settings.store, *words])
        said = capsys.readouterr()
        assert not left.value.code, said.err
        return said.out

    file = tmp_path / "cases.csv"
    file.write_text("case,team,supervised_on\nC-1,east,\nC-2,east,2025-01-15\n", "utf-8-sig")
    came = run("import", "open-cases", str(file), "--on", "2026-02-28", "--source", "Case system")
    assert "2 open cases" in came
    year = ("--from", "2026-01-01", "--to", "2026-03-02", "--by", "calendar-year")
    written = tmp_path / "supervision.csv"
    found = json.loads(run("report", "supervision", *year, "--cut", "team", "--json",
                           "--csv", str(written)).partition("\n")[2])  # fmt: skip
    (total,) = found["totals"]
    counted = {
        name: (figure["numerator"], figure["denominator"])
        for name, figure in total["figures"].items()
    }
    assert counted["supervision_timeliness_rate"] == (1, 2)
    assert counted["case_supervision_recency"] == (1, 2)
    assert "case_supervision_recency" in written.read_text("utf-8-sig")
    # Too few for a rate: the policy gives their counts.
    assert "– (1/2)" in run("report", "supervision", *year)
