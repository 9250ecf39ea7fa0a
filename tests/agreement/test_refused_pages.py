"""What reports refuse, by name: over the API, on a page, and where too much lies beneath."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.actions import loop_reports
from api.agreement import provenance
from projections.actions.closing_the_loop.question import LoopQuestion
from projections.agreement import profile
from projections.agreement.behind import read_group
from projections.agreement.counting import VersionScales
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report
from projections.figures.ranges import MOST_PERIODS
from qa.core.periods import PeriodKind
from tests.agreement.support import Council as Told
from tests.support.council import Council, words_of
from tests.support.given import codes_of
from tests.support.told_codes import ToldCodes

API = "/api/v1/reports"
RANGE = "from=2026-01-01&to=2026-03-31"


def code_of(council: Council, path: str) -> tuple[int, str]:
    answer = council.program("lead").get(f"{API}/{path}")
    return answer.status_code, answer.json()["errors"][0]["code"]


def question(**values: Any) -> AgreementQuestion:
    return AgreementQuestion(start=date(2026, 1, 1), end=date(2026, 3, 31), **values)


@pytest.mark.parametrize("kind", [AgreementQuestion, LoopQuestion])
def test_a_report_has_at_most_so_many_periods(kind: Any) -> None:
    start = date(2000, 1, 1)
    last = date.fromordinal(start.toordinal() + 28 * MOST_PERIODS + 27)
    over = date.fromordinal(last.toordinal() + 1)
    asked = {"start": start, "by": PeriodKind.MONTH}
    assert codes_of(lambda: kind(end=last, **asked)) == []
    assert codes_of(lambda: kind(end=over, **asked)) == ["too-many-periods"]


def test_a_grade_profile_is_of_audits_alone() -> None:
    def check(grade: str = "auditor", **values: Any) -> list[str]:
        return codes_of(lambda: profile.check(question(**values), grade))

    assert check() == check("final") == []
    assert check("moderator") == ["unknown-grade"]
    for values in (
        {"dimensions": ("moderator",)},
        {"filters": {"moderator": ("m",)}},
        {"blind": True},
        {"blind": False},
        {"cohort": "moderation"},
    ):
        assert check(**values) == ["not-about-moderation"]


def test_a_group_is_key_and_value_and_names_its_days(small_council: Council) -> None:
    for name in ("agreement", "closing-the-loop"):
        figure = "moderation_agreement_rate" if name == "agreement" else "raised"
        for group in ("team", "from=never"):
            path = f"{name}/rows?{RANGE}&figure={figure}&group={group}"
            assert code_of(small_council, path) == (422, "group-malformed")
    assert codes_of(lambda: read_group({"from": "2026-01-01"})) == ["group-malformed"]
    days = {"from": "2026-01-01", "to": "2026-03-31"}
    assert codes_of(lambda: read_group({**days, "tool_version": "x"})) == ["group-malformed"]
    assert codes_of(lambda: read_group(days)) == []


def test_a_row_is_narrowed_to_a_version_only_where_its_tool_is_named() -> None:
    asked = question(dimensions=("tool-version",))
    days = asked.start, asked.end
    named = asked.of_row({"tool": "whole", "tool_version": 2}, *days)
    assert named.filters == {"tool": ("whole",), "tool-version": ("whole@2",)}
    for group in ({"tool_version": 2}, {"tool": None, "tool_version": 2}):
        assert asked.of_row(group, *days) == asked


def test_a_page_asks_for_blind_open_or_all(small_council: Council, told_codes: ToldCodes) -> None:
    lead = small_council.browser("lead")
    assert lead.get(f"/reports/agreement?{RANGE}&blind=perhaps").status_code == 422
    assert told_codes.taken() == ["unknown-blind"]


def test_too_many_events_beneath_a_figure_are_not_counted_again(
    small_council: Council, monkeypatch: pytest.MonkeyPatch, told_codes: ToldCodes
) -> None:
    small_council.show_rates_of_few()
    for _ in range(2):
        small_council.submitted(actions=(small_council.action(),), no_action_reason="")
    monkeypatch.setattr(provenance, "MOST_AUDITS", 1)
    monkeypatch.setattr(loop_reports, "MOST_ACTIONS", 1)
    lead = small_council.browser("lead")
    loop = lead.get(f"/reports/closing-the-loop/rows?{RANGE}&figure=raised&recount=yes")
    assert (loop.status_code, told_codes.taken()[-1]) == (422, "too-many-beneath")
    why = lead.get(f"/reports/grades/rows?{RANGE}&figure=good_or_better_rate&recount=yes")
    assert (why.status_code, told_codes.taken()[-1]) == (422, "too-many-beneath")


def test_nothing_is_reported_before_there_is_a_tool(council: Told) -> None:
    with council.store.reading() as connection:
        asked = lambda: report(connection, question(), scales=VersionScales({}))  # noqa: E731
        assert codes_of(asked) == ["no-tool"]


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("from=2026-13-01&to=2026-03-31", "from", "Enter a real date, like 31/3/2026."),
        ("from=2026-03-31&to=2026-01-01", "to", "The last day lies before the first."),
        ("as_at=2031-01-01", "as_at", "Nothing is known yet of a day in the future."),
        ("position=999999", "as_at", "The last entry is number"),
        ("position=999999&on=2026-01-01", "as_at", "The last entry is number"),
        ("by=week", "by", "Choose a length of period from the list."),
        ("dimension=colour", "dimension", "is not something to break down by."),
        ("cohort=birthday", "cohort", "There is no cohort rule"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(
    small_council: Council, query: str, field: str, sentence: str
) -> None:
    page = small_council.browser("lead").get(f"/reports/agreement?{query}")
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text
    assert sentence in words_of(page.text)
    assert "<title>Error: Moderation agreement" in page.text


def test_a_profile_of_grades_cannot_be_cut_by_moderation(small_council: Council) -> None:
    page = small_council.browser("lead").get("/reports/grades?dimension=moderator")
    assert page.status_code == 422
    assert "A grade profile counts audits" in words_of(page.text)


@pytest.mark.parametrize("handle", ["admin", "worker", "nobody"])
@pytest.mark.parametrize(
    "path",
    [
        "/reports",
        "/reports/agreement",
        "/reports/grades",
        "/reports/agreement/download.csv",
        "/reports/agreement/download.pdf",
        "/reports/agreement/rows?figure=moderated",
    ],
)
def test_whoever_may_not_read_figures_is_refused(
    small_council: Council, handle: str, path: str
) -> None:
    assert small_council.browser(handle).get(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["/reports/nothing", "/reports/agreement/rows?figure=nosuch", "/reports/agreement/x"]
)
def test_what_is_not_there_is_not_found(small_council: Council, path: str) -> None:
    assert small_council.browser("lead").get(path).status_code in (404, 422)
