"""The closing-the-loop report through its pages, files, API and command line: the same figures,
each opening to its actions and events, and nothing of what is sealed from a reader."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect

from api.actions import loop_report_pages
from api.main import create_app
from projections.actions import queries
from qa.actions import handlers as actions
from qa.actions.commands import RescheduleAction
from tests.actions.support import by_hand, claimed, closed, raised
from tests.conftest import NewCouncil
from tests.support.browser import axe, no_sideways_scroll, served, sign_in
from tests.support.council import Council, words_of

PAGE = "/reports/closing-the-loop"
API = "/api/v1/reports/closing-the-loop"
RANGE = "from=2026-01-01&to=2026-06-30"
TEXT = "Bring the chronology up to date."


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    """Three actions: one loop closed, one claimed, one overdue whose date was moved."""
    made = new_council()
    _, first = raised(made)
    closed(made, first)
    _, second = raised(made)
    claimed(made, second)
    third = by_hand(made)
    actions.reschedule(
        made.services.desk,
        RescheduleAction(
            action=third, due_on=made.today + timedelta(days=35), reason="On leave until May."
        ),
        by=made.actor("lead"),
    )
    made.clock.advance(timedelta(days=40))
    made.with_password("lead")
    made.ids |= {"first": first, "second": second, "third": third}
    return made


def asked(council: Council, more: str = "", handle: str = "lead") -> dict[str, Any]:
    answer = council.program(handle).get(f"{API}?{RANGE}{more}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def links(html: str, path: str) -> list[str]:
    every = map(unescape, re.findall(r'href="([^"]+)"', html))
    return [one for one in every if one.startswith(path)]


def parts(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["numerator"], figure["denominator"]


def test_the_api_counts_what_became_of_actions(council: Council) -> None:
    few = asked(council)["totals"][0]["figures"]
    assert (few["days_to_effect"]["denominator"], few["days_to_effect"]["value"]) == (1, None)
    council.show_rates_of_few()
    made = asked(council)
    figures = made["totals"][0]["figures"]
    assert parts(figures["raised"]) == (3, 3)
    assert parts(figures["evidenced"]) == (1, 3)
    assert parts(figures["effective"]) == (1, 3)
    assert parts(figures["overdue_by_first_date"]) == (1, 3)
    assert parts(figures["loop_closed_rate"]) == (1, 1)
    assert figures["days_to_effect"]["value"] == "57.0"
    assert figures["action_completion_rate"]["caveats"][-1].startswith("due-date: ")
    assert made["still_open"]["n"] == 3
    assert made["still_open"]["censored"] == 2
    assert [one["action"] for one in made["most_redated"]] == [council.ids["third"]]
    assert TEXT not in json.dumps(made)
    children = made["children_without_effect"]
    assert (children["children"], children["listed"][0]["open"]) == (1, 1)


def test_every_figure_on_the_page_opens_and_is_counted_again(council: Council) -> None:
    browser = council.browser("lead")
    page = browser.get(f"{PAGE}?{RANGE}&dimension=team").text
    assert "Half had ended" in page or "More than half" in page
    found = links(page, f"{PAGE}/rows?")
    assert len(found) > 60
    whole = [one for one in found if "group=total" in one]
    assert len(whole) == 30 + 4 + 2  # every figure, the rates with intervals, two sentences
    for link in [one for one in whole if "days_" not in one or "days_to_effect" in one]:
        rows = browser.get(f"{link}&recount=yes")
        assert rows.status_code == 200, link
        assert "That is the same." in words_of(rows.text), link
    rate = next(one for one in found if "action_completion_rate&" in one and "total" in one)
    told = words_of(browser.get(rate).text)
    assert "1 in the numerator" in told or "0 in the numerator" in told
    assert f"/actions/{council.ids['first']}/loop" in browser.get(rate).text


def test_the_children_for_whom_nothing_changed_are_all_in_a_list(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = council.browser("lead").get(f"{PAGE}?{RANGE}&dimension=team&team=east").text
    assert not links(whole, f"{PAGE}/children")
    monkeypatch.setattr(loop_report_pages, "LONGEST", 0)
    browser = council.browser("lead")
    page = browser.get(f"{PAGE}?{RANGE}&dimension=team&team=east").text
    (there,) = links(page, f"{PAGE}/children")
    shown = browser.get(there)
    assert "1 child" in words_of(shown.text)
    (file,) = [one for one in links(shown.text, f"{PAGE}/children/export") if ".csv" in one]
    assert "team=east" in file
    rows = list(csv.reader(io.StringIO(browser.get(file).content.decode("utf-8-sig"))))
    assert [len(rows), rows[0][0], *rows[1][1:3]] == [2, "Child reference", "1", "1"]
    assert browser.get(there.replace("team=east", "team=west")).text.count("app-empty") == 1
    assert browser.get(f"{PAGE}/children?from=2026-13-01").status_code == 422
    assert council.browser("worker").get(there).status_code == 403


def test_as_at_a_past_day_nothing_later_shows(council: Council) -> None:
    past = asked(council, "&as_at=2026-03-05")
    figures = past["totals"][0]["figures"]
    assert parts(figures["raised"]) == (1, 1)
    assert parts(figures["effective"]) == (0, 1)
    so = asked(council, "&true_on=2026-03-05")["totals"][0]["figures"]
    assert parts(so["raised"]) == (1, 1)
    page = council.browser("lead").get(f"{PAGE}?{RANGE}&as_at=2026-03-05")
    assert "As recorded up to the end of 5 March 2026" in words_of(page.text)
    rows = links(page.text, f"{PAGE}/rows?")[0]
    assert "as_at=2026-03-05" in rows
    assert "As recorded up to the end of 5 March 2026" in words_of(
        council.browser("lead").get(rows).text
    )


def test_a_filter_and_small_numbers_are_said(council: Council) -> None:
    only = asked(council, "&source=by-hand")["totals"][0]["figures"]
    assert parts(only["raised"]) == (1, 1)
    assert only["recurrence_rate"]["value"] is None
    wrong = council.browser("lead").get(f"{PAGE}?from=2026-03-01&to=2026-02-01")
    assert wrong.status_code == 422
    assert "The last day lies before the first." in words_of(wrong.text)
    assert council.program("lead").get(f"{API}/rows?{RANGE}&figure=nothing").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "pdf", "json"])
def test_the_report_is_taken_out_in_every_format(council: Council, kind: str) -> None:
    file = council.browser("lead").get(f"{PAGE}/download.{kind}?{RANGE}&dimension=source")
    assert file.status_code == 200
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert any("loop_closed_rate" in line for line in lines)
    if kind == "docx":
        document = docx.Document(io.BytesIO(file.content))
        told = [paragraph.text for paragraph in document.paragraphs]
        assert "How long actions stay open" in told
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        [opens_at] = {one for one in (*told, *cells) if f"{PAGE}?" in one}
        opens_at = opens_at[opens_at.index(PAGE) :]
        assert {"position", "on"} <= {pair.partition("=")[0] for pair in opens_at.split("&")}
        assert council.browser("lead").get(opens_at).status_code == 200
    if kind == "json":
        assert file.json()["report"] == "closing-the-loop"
    through = council.program("lead").get(
        f"/api/v1/exports/reports/closing-the-loop.{kind}?{RANGE}"
    )
    assert through.status_code == (422 if kind == "json" else 200)


def test_whoever_moderates_blind_learns_nothing(council: Council) -> None:
    """The loop of the sealed audit is in no figure, no list and behind nothing."""
    with council.services.store.reading() as connection:
        row = queries.one(connection, council.ids["second"])
    assert row is not None
    council.seal(row.audit)
    made = asked(council, handle="moderator")
    assert parts(made["totals"][0]["figures"]["raised"]) == (2, 2)
    assert made["caveats"][0].startswith("sealed: 1 action is left out")
    assert row.action not in json.dumps(made)
    rows = council.program("moderator").get(f"{API}/rows?{RANGE}&figure=raised").json()
    assert row.action not in json.dumps(rows)
    told = council.browser("moderator").get(f"{PAGE}?{RANGE}").text
    assert row.action not in told
    assert row.child not in told


def test_a_practitioner_reads_no_report_and_sees_their_own_loop(council: Council) -> None:
    browser = council.browser("worker")
    assert browser.get(f"{PAGE}?{RANGE}").status_code == 403
    chain = browser.get(f"/actions/{council.ids['first']}/loop")
    told = words_of(chain.text)
    assert "Impact confirmed: the loop is closed" in told
    step = links(chain.text, f"/actions/{council.ids['first']}#step-")[-1].partition("#")
    assert f'id="{step[2]}"' in browser.get(step[0]).text


@pytest.mark.browser
def test_a_lead_opens_a_figure_and_follows_the_loop(council: Council, tab: Page) -> None:
    with served(create_app(council.services)) as address:
        sign_in(tab, address, "lead", "/reports")
        tab.get_by_role("link", name="Closing the loop", exact=True).click()
        expect(tab.get_by_role("heading", name="Closing the loop", exact=True)).to_be_visible()
        axe(tab)
        tab.get_by_text("More figures and charts").click()
        tab.get_by_role("link", name="actions behind Loop closed, Whole range").click()
        tab.get_by_role("link", name="Count it again from the records alone").click()
        expect(tab.get_by_text("That is the same.")).to_be_visible()
        axe(tab)
        tab.get_by_role("link", name=TEXT).click()
        expect(tab.get_by_text("Impact confirmed: the loop is closed")).to_be_visible()
        tab.set_viewport_size({"width": 320, "height": 900})
        no_sideways_scroll(tab)
        axe(tab)
        tab.get_by_role("link", name="Impact confirmed: the loop is closed").click()
        expect(tab.get_by_text("Four of five are up to date.")).to_be_visible()
        tab.goto(f"{address}{PAGE}?{RANGE}")
        no_sideways_scroll(tab)
        axe(tab)
