"""The agreement report at the command line: the published table comes out of the two files."""

from __future__ import annotations

import io
from pathlib import Path

import docx

from tests.support.command_line import YEAR, Run, quarters


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


def test_a_report_goes_out_as_word_and_pdf(case: Run, tmp_path: Path) -> None:
    written = ("--word", "report.docx", "--pdf", "report.pdf")
    assert case("report", "agreement", *YEAR, "--position", "100", *written).code == 0
    first = [(tmp_path / name).read_bytes() for name in written[1::2]]
    word = docx.Document(io.BytesIO(first[0]))
    assert "entry 100 of the log" in word.paragraphs[1].text
    assert "2021/22 Q1" in {row.cells[0].text for row in word.tables[0].rows}
    assert first[1].startswith(b"%PDF")
    assert case("report", "agreement", *YEAR, "--position", "100", *written).code == 0
    assert [(tmp_path / name).read_bytes() for name in written[1::2]] == first
