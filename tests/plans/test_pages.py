"""Pages of improvement plans: what they show, what they refuse, and to whom they are open."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from qa.core.clock import SetClock
from tests.plans.support import LEVELS, level_rows
from tests.support.council import Browser, Council, words_of
from tests.support.forms import day, send


@dataclass
class Kept:
    """A plan kept through its pages, as a QA lead would."""

    council: Council
    browser: Browser
    plan: str = ""
    action: str = ""

    def form(self, path: str, fields: dict[str, str], by: Browser | None = None) -> Any:
        return send(by or self.browser, path, fields)

    def sent(self, path: str, fields: dict[str, str], by: Browser | None = None) -> str:
        answer = self.form(path, fields, by)
        assert answer.status_code == 303, words_of(answer.text)
        return str(answer.headers["location"])

    def refused(self, path: str, fields: dict[str, str]) -> str:
        answer = self.form(path, fields)
        assert answer.status_code == 422
        return words_of(answer.text)

    def choice(self, path: str, by: Browser | None = None) -> str:
        """The id that the first choice of a form offers."""
        found = re.search(r'<option value="([0-9a-f]{32})"', (by or self.browser).get(path).text)
        assert found is not None
        return found[1]

    def later(self, days: int) -> None:
        """Some days go by, and the lead signs in again."""
        self.council.clock.advance(timedelta(days=days))
        self.browser = self.council.browser("lead")

    def read(self, path: str, handle: str = "lead") -> str:
        answer = self.council.browser(handle).get(path)
        assert answer.status_code == 200, path
        return words_of(answer.text)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def kept(small_council: Council) -> Kept:
    made = Kept(small_council, small_council.browser("lead"))
    made.sent("/rag-scales/new", {"name": "Four colours", **LEVELS})
    opened = made.sent(
        "/plans/new",
        {
            "title": "Getting better",
            "board": "Improvement board",
            "tiers": "Ambition\nOutcome",
            "scale": "four-colours@1",
            **day("since", "2025-09-01"),
        },
    )
    made.plan = opened.partition("?")[0]
    made.sent(
        f"{made.plan}/add-part",
        {
            "tier": "Ambition",
            "reference": "1",
            "title": "Leaders know practice",
            "leads": "Director",
            "source": "ofsted",
            "source_reference": "11",
        },
    )
    made.sent(
        f"{made.plan}/add-action",
        {
            "part": made.choice(f"{made.plan}/add-action"),
            "reference": "1.1",
            "title": "Coach every manager",
            "when": "31/12/2025",
            **day("since", "2025-09-01"),
        },
    )
    found = re.search(r"/plan-actions/[0-9a-f]{32}", made.browser.get(made.plan).text)
    assert found is not None
    made.action = found[0]
    return made


def test_a_plan_shows_its_parts_actions_ratings_and_dates(kept: Kept) -> None:
    shown = kept.read(kept.plan)
    assert "Ambition 1: Leaders know practice" in shown
    assert "Ofsted recommendation 11" in shown
    assert "1.1 Coach every manager Not rated 31 December 2025" in shown
    assert "61 days late" in shown
    assert "1 Leaders know practice 1 : why, Actions, 1 Leaders know practice 0 : why, Red" in shown


def test_the_first_date_stays_beside_the_one_that_somebody_else_granted(kept: Kept) -> None:
    kept.sent(f"{kept.action}/ask-dates", {"new": "March 2026", "reason": "The trainer is ill."})
    own = kept.form(
        f"{kept.action}/decide-dates",
        {"request": kept.choice(f"{kept.action}/decide-dates"), "said": "approve"},
    )
    assert own.status_code in (403, 422)
    head_of_service = kept.council.browser("moderator")
    asked = kept.choice(f"{kept.action}/decide-dates", head_of_service)
    kept.sent(f"{kept.action}/decide-dates", {"request": asked, "said": "approve"}, head_of_service)
    shown = kept.read(kept.action)
    assert "Due March 2026 First agreed 31 December 2025 Dates moved 1 (90 days later)" in shown
    assert "61 days late by its first date" in shown
    assert "Agreed first 31 December 2025 In force March 2026" in shown
    assert "Overdue by the first agreed date (1)" in kept.read(f"{kept.plan}/actions")


def test_a_withdrawn_review_stays_to_be_read_and_counts_no_more(kept: Kept) -> None:
    kept.sent(f"{kept.action}/review", {"level": "red", "commentary": "A slip of the hand."})
    assert "1.0 : why, Mean, Whole plan" in kept.read(kept.plan)
    wrong = kept.choice(f"{kept.action}/withdraw-review")
    kept.sent(f"{kept.action}/withdraw-review", {"assessment": wrong, "reason": "Meant for 1.2."})
    assert "– : why, Mean, Whole plan" in kept.read(kept.plan)
    assert "Withdrawn: Meant for 1.2." in kept.read(kept.action)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(kept: Kept) -> None:
    head = kept.council.services.store.head()
    told = kept.refused(f"{kept.action}/review", {"level": "purple", "percent_complete": "150"})
    assert "100" in told
    future = kept.refused(f"{kept.action}/review", {"level": "red", **day("as_at", "2027-01-01")})
    assert "There is a problem" in future
    told = kept.refused(f"{kept.action}/ask-dates", {"new": "some day", "reason": ""})
    assert "Say why the dates have to move." in told
    assert told.count("some day") > 1
    told = kept.refused(
        f"{kept.plan}/add-action", {"part": "", "reference": "1.1", "when": "31/06/2026"}
    )
    assert "Choose a part of the plan." in told
    told = kept.refused(f"{kept.action}/set-measure", {"text": "", "target": "many"})
    assert "Enter a number" in told
    told = kept.refused("/rag-scales/new", {"name": "", **level_rows(("Red", "mauve", "", ""))})
    assert "Give the scale a name." in told
    assert "Level 1 needs a name, a colour and what it means." in told
    told = kept.refused("/plans/new", {"title": "", **day("since", "2025-02-31")})
    assert "Enter a real date" in told
    assert "Title of the plan: this has to be filled in." in told
    assert "Board that it answers to: this has to be filled in." in told
    assert kept.council.services.store.head() == head


def test_an_action_can_be_split_and_its_parts_say_where_they_come_from(kept: Kept) -> None:
    told = kept.refused(f"{kept.action}/split", {"reference-1": "1.1a", "reason": ""})
    assert "There is a problem" in told
    kept.sent(
        f"{kept.action}/split",
        {
            "reference-1": "1.1a",
            "title-1": "Coach team managers",
            "when-1": "March 2027",
            "reference-2": "1.1b",
            "title-2": "Coach heads of service",
            "when-2": "quarterly from September 2026",
            "reason": "Two different groups.",
        },
    )
    shown = kept.read(kept.action)
    assert "Split into other actions" in shown
    assert "1.1a Coach team managers" in shown
    assert "quarterly from September 2026" in kept.read(kept.plan)
    assert "Review this action" not in shown


def test_every_count_and_mean_opens_to_its_actions_and_is_counted_again(kept: Kept) -> None:
    kept.sent(f"{kept.action}/review", {"level": "red"})
    page = kept.browser.get(kept.plan).text
    opened = {html.unescape(one) for one in re.findall(rf'href="({kept.plan}/figure[^"]*)"', page)}
    assert len(opened) == 16
    for address in opened:
        told = words_of(kept.browser.get(f"{address}&recount=yes").text)
        assert "That is the same." in told, address
    [red] = [one for one in opened if "rated_red" in one and "theme=" in one]
    assert "1.1 Coach every manager Red" in words_of(kept.browser.get(red).text)
    assert kept.browser.get(f"{red}&file=json").json()["same"] is True
    assert kept.browser.get(f"{kept.plan}/figure?figure=none").status_code == 404


def test_a_board_sees_gaps_changes_and_lateness_and_takes_them_away(kept: Kept) -> None:
    kept.sent(f"{kept.plan}/call-meeting", {"title": "First", **day("on", "2026-01-12")})
    kept.sent(f"{kept.plan}/call-meeting", {"title": "Second", **day("on", "2026-03-02")})
    kept.sent(f"{kept.action}/review", {"level": "green", **day("as_at", "2026-01-10")})
    kept.sent(f"{kept.action}/review", {"level": "red", **day("as_at", "2026-02-20")})
    kept.sent(f"{kept.action}/add-evidence", {"of": "delivery", "what": "A list of sessions"})
    first, second = re.findall(r"board\?meeting=([0-9a-f]{32})", kept.browser.get(kept.plan).text)
    shown = kept.read(f"{kept.plan}/board?meeting={second}")
    assert "1 action is overdue, 1 by the date that was agreed first." in shown
    assert "1.1 Coach every manager Green Red Worse" in shown
    assert "Newly at the worst level (1)" in shown
    raw = html.unescape(kept.browser.get(f"{kept.plan}/board?meeting={second}").text)
    opened = re.findall(r'href="(/plans/[0-9a-f]{32}/board/figure[^"]+)"', raw)
    assert len(opened) == 5
    for address in opened:
        told = words_of(kept.browser.get(f"{address}&recount=yes").text)
        assert "That is the same." in told, address
    [worse] = [one for one in opened if "moved_worse" in one]
    assert "1.1 Coach every manager" in words_of(kept.browser.get(worse).text)
    assert kept.browser.get(f"{worse}&file=json").json()["same"] is True
    assert kept.browser.get(worse.replace("moved_worse", "none")).status_code == 404
    assert "of delivery: A list of sessions" in shown
    earlier = kept.read(f"{kept.plan}/board?meeting={first}")
    assert "There was no earlier meeting to compare with" in earlier
    assert "Declared better than computed" in earlier
    assert "Green Worse" not in kept.read(f"{kept.plan}/ratings")
    assert "Red Worse" in kept.read(f"{kept.plan}/ratings")
    word = kept.browser.get(f"{kept.plan}/board.docx?meeting={second}")
    with ZipFile(BytesIO(word.content)) as opened:
        assert b"Coach every manager" in opened.read("word/document.xml")
    paper = kept.browser.get(f"{kept.plan}/board.pdf?meeting={second}")
    assert paper.content.startswith(b"%PDF-")
    told = kept.browser.get(f"{kept.plan}/board.json?meeting={second}").json()
    assert told["newly_worst"] == [
        {"action": "1.1", "from": "Green", "to": "Red", "direction": "worse"}
    ]
    assert kept.browser.get(f"{kept.plan}/board?meeting={'0' * 32}").status_code == 404


def test_a_published_board_view_names_the_actions_that_moved_its_figures(kept: Kept) -> None:
    program, plan = kept.council.program("lead"), kept.plan.rpartition("/")[2]
    done = program.post(
        f"/api/v1/published-reports/board?plan={plan}",
        json={"title": "To the board"},
        headers={"Idempotency-Key": "to the board"},
    )
    kept.sent(f"{kept.action}/review", {"level": "red"})
    published = done.json()["result"]["published"]
    shown = kept.read(f"/published/{published}")
    assert "On 2 March 2026" in shown, "a board view is of a day, not of a period"
    assert "Period" not in shown
    read = program.get(f"/api/v1/published-reports/{published}").json()
    moved = {one["figure"]: (one["is"], one["audits"]) for one in read["changed"]}
    assert moved["rated_red"] == ("1", ["1.1"])
    assert moved["unrated"] == ("0", ["1.1"])


def test_a_meeting_that_was_held_keeps_what_the_board_saw(kept: Kept) -> None:
    kept.sent(f"{kept.plan}/call-meeting", {"title": "First", **day("on", "2026-03-02")})
    kept.sent(f"{kept.action}/review", {"level": "green"})
    meeting = kept.choice(f"{kept.plan}/hold-meeting")
    kept.sent(f"{kept.plan}/hold-meeting", {"meeting": meeting, "decisions": "Go on."})
    seen = kept.browser.get(f"{kept.plan}/board.json?meeting={meeting}").json()
    kept.later(1)
    late = {"level": "red", "replaces": kept.choice(f"{kept.action}/review/corrects")}
    kept.sent(
        f"{kept.action}/review",
        {**late, "reason": "It was told wrongly.", **day("as_at", "2026-03-02")},
    )
    now = kept.browser.get(f"{kept.plan}/board.json?meeting={meeting}").json()
    assert (now["rows"], now["gaps"]) == (seen["rows"], seen["gaps"])
    assert "Amber" not in kept.read(kept.action)


def test_the_ratings_are_a_report_with_sentences_a_chart_a_table_and_files(kept: Kept) -> None:
    kept.sent(f"{kept.action}/review", {"level": "green"})
    plan = kept.plan.rpartition("/")[2]
    raw = kept.browser.get("/reports/ratings").text
    page = words_of(raw)
    assert "The plan has 1 action, rated: 0 Red, " in page
    assert "1 Green" in page
    assert "Past the date in force and not met: 1. Past the first agreed date: 1." in page
    assert "Actions whose date was moved: 0 of 1." in page
    assert "Ratings by part of the plan" in page
    assert raw.index("<figure") < raw.index(">Actions by rating</h2>")
    assert f'href="{kept.plan}/figure?figure=rated_green' in raw
    assert f"/published/new?name=rag&amp;plan={plan}" in raw
    for kind, begins in (("docx", b"PK"), ("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb")):
        file = kept.browser.get(f"/reports/ratings/download.{kind}?plan={plan}")
        assert file.content.startswith(begins), kind
    told = kept.browser.get(f"/reports/ratings/download.json?plan={plan}").json()
    assert told["totals"][0]["figures"]["rated_green"]["numerator"] == 1
    assert kept.browser.get(f"/plans/{plan}").text.count(f"/reports/ratings?plan={plan}") == 1
    for asked, status in (("day=1/1/2030", 422), ("day=then", 422), (f"plan={'0' * 32}", 404)):
        assert kept.browser.get(f"/reports/ratings?{asked}").status_code == status, asked
    reader = kept.council.browser("reader").get("/reports/ratings").text
    assert "Publish this report" not in reader
    assert kept.council.browser("worker").get("/reports/ratings").status_code == 403


def test_without_a_plan_the_report_on_ratings_says_what_to_do(small_council: Council) -> None:
    lead = small_council.browser("lead")
    assert "There is no improvement plan yet" in lead.get("/reports/ratings").text
    assert lead.get("/reports/ratings/download.csv").status_code == 404


@pytest.mark.parametrize(
    ("handle", "status"), [("reader", 200), ("moderator", 200), ("worker", 403)]
)
def test_who_reads_plans_and_who_keeps_them(kept: Kept, handle: str, status: int) -> None:
    browser = kept.council.browser(handle)
    for path in ("/plans", kept.plan, f"{kept.plan}/board", kept.action, "/rag-scales"):
        assert browser.get(path).status_code == status, path
    for path in ("/plans/new", f"{kept.plan}/add-part", f"{kept.action}/review/check"):
        assert browser.get(path).status_code == 403, path
        assert browser.post(path, {"key": "k" * 16, "seen": "1"}).status_code == 403, path


def test_every_form_opens_and_unknown_ones_do_not_exist(kept: Kept) -> None:
    from api.plans import action_steps, steps

    for name in steps.STEPS:
        assert kept.browser.get(f"{kept.plan}/{name}").status_code == 200, name
    for name in action_steps.STEPS:
        wanted = 303 if name == "review" else 200
        assert kept.browser.get(f"{kept.action}/{name}").status_code == wanted, name
    assert kept.browser.get(f"{kept.plan}/shred").status_code == 404
    assert kept.browser.get(f"/plans/{'0' * 32}").status_code == 404


def test_a_past_day_shows_the_plan_as_it_was_known(kept: Kept) -> None:
    kept.later(10)
    kept.sent(f"{kept.action}/review", {"level": "amber"})
    assert "Not rated" in kept.read(f"{kept.action}?as_at=2026-03-05")
    past = kept.read(f"{kept.plan}?as_at=2026-03-05")
    assert "Keep this plan" not in past
    assert "Amber" in kept.read(kept.action)
