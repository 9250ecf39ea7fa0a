"""Two dates compared at the command line."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.support.command_line import Run


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
    assert case("compare", "--from-as-at", "2021-02-31").code == 3
    assert case("compare", "--from-as-at", "2021-04-01").code == 3
