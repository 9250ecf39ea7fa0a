"""The page that opens a figure of any report: it says the figure, its rule and its records, and
refuses what is none."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from api.reports.declaration import Sight, report_called
from api.supervision.cli import SupervisionQuery
from api.web.moments import as_at
from tests.support.council import Council, words_of

DAYS = (("from", "2026-01-01"), ("to", "2026-03-31"))


def address(*more: tuple[str, str], name: str = "grades") -> str:
    return f"/why/{name}?{urlencode([*DAYS, *more])}"


def test_a_figure_is_told_with_its_rule_and_counted_again(small_council: Council) -> None:
    small_council.show_rates_of_few()
    small_council.submitted("good")
    small_council.submitted("inadequate")
    page = words_of(
        small_council.browser("lead").get(address(("figure", "good_or_better_rate"))).text
    )
    assert "50% : 1 of 2" in page
    assert "Audits count by the date of the audit" in page
    assert "Row 2025/26 Q4" in page
    assert (
        "Counted again from these entries alone, in empty tables: 50% . That is the same." in page
    )
    assert "not open to you" not in page


@pytest.mark.parametrize(
    ("asked", "name", "status"),
    [
        ((("figure", "no-such-figure"),), "grades", 404),
        ((("figure", "graded"), ("group", "team=nowhere")), "grades", 404),
        ((("figure", "graded"), ("group", "team")), "grades", 422),
        ((("figure", "graded"),), "no-such-report", 404),
        ((), "grades", 422),
    ],
)
def test_what_is_no_figure_is_refused(
    small_council: Council, asked: tuple[tuple[str, str], ...], name: str, status: int
) -> None:
    small_council.submitted("good")
    answer = small_council.browser("lead").get(address(*asked, name=name))
    assert answer.status_code == status
    assert "good" not in words_of(answer.text)


def test_a_figure_is_read_with_the_right_of_its_report(small_council: Council) -> None:
    """As its page is; and at the moment that is asked for."""
    there = address(("figure", "supervision_timeliness_rate"), name="supervision")
    assert small_council.browser("worker").get(there).status_code == 403
    report, store = report_called("supervision"), small_council.services.store
    with store.reading() as connection:
        sight = Sight(connection, as_at(store, connection), small_council.actor("lead"))
        query = SupervisionQuery(start=small_council.today, end=small_council.today)
        row = report.make(sight, query).totals[0]
        named = report.receipt(query, "supervision_timeliness_rate", row.group, sight.at.pinned)
    page = small_council.browser("lead").get(named)
    assert page.status_code == 200
    assert f"entry {sight.at.shown} of the log" in words_of(page.text)
