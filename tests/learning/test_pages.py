"""A learning theme through its forms and the API: kept by a QA lead, read by everybody, naming
nobody, and showing of the records behind it what the reader may see."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.main import create_app
from qa.audits.judgements import Strength
from tests.actions.support import closed, raised
from tests.conftest import NewCouncil
from tests.support.browser import axe, no_sideways_scroll, served, sign_in
from tests.support.council import Council, words_of
from tests.support.forms import send_as

API = "/api/v1/learning-themes"
THANKS = "Thank you for the way you listened."
PLANNING = "Planning and review"
GOOD = "A worker drew the plan together with the child."


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    made = new_council()
    strength = Strength(text="The plan was drawn with the child.", domain="planning")
    made.ids["audit"] = made.submitted(strengths=(strength,))
    made.moderate(made.ids["audit"])
    _, made.ids["action"] = raised(made)
    closed(made, made.ids["action"])
    made.ids["other"] = raised(made)[1]
    made.ids["later"] = made.submitted()
    for handle in ("lead", "worker"):
        made.with_password(handle)
    return made


def send(council: Council, path: str, **fields: Any) -> Any:
    return send_as(council, "lead", path, fields)


def reference(council: Council, audit: str) -> str:
    return str(council.view(council.ids[audit]).row.reference)


@pytest.fixture(scope="module")
def theme(council: Council) -> str:
    """A theme that went all the way to a re-audit, by its forms."""
    opened = send(
        council, "/learning/new", title="Plans with children", question="Do children shape plans?"
    )
    assert opened.status_code == 303, opened.text
    at = opened.headers["location"].partition("?")[0]
    audit, later = reference(council, "audit"), reference(council, "later")
    steps: list[tuple[str, dict[str, Any]]] = [
        ("tag", {"kind": "finding", "record": audit, "part": "planning"}),
        ("tag", {"kind": "strength", "record": audit, "strength": "1"}),
        ("tag", {"kind": "action", "record": f"http://x/actions/{council.ids['action']}?a=b"}),
        ("share", {"where": "Forum", "with_whom": "All teams", "message": "Draw it together."}),
        ("change", {"what": "A drawing opens each plan.", "evidence": "Seen in ten files."}),
        ("re-audit", {"audits": later, "found": "Eight of ten plans were drawn together."}),
        (
            "good-practice",
            {"strength": "0", "text": GOOD, "worker": council.ids["worker"], "thanks": THANKS},
        ),
    ]
    for step, fields in steps:
        answer = send(council, f"{at}/{step}", **fields)
        assert answer.status_code == 303, (step, words_of(answer.text))
    return str(at.rpartition("/")[2])


def test_a_theme_goes_from_findings_to_an_effect(council: Council, theme: str) -> None:
    at, audit = f"/learning/{theme}", reference(council, "audit")
    told = words_of(council.browser("lead").get(at).text)
    for said in ("Re-audited", f"audit: {audit}, {PLANNING}", f"{audit}, strength 1", GOOD):
        assert said in told
    form = council.browser("lead").get(f"{at}/tag").text
    assert re.search(rf'<option value="planning"[^>]*>\s*{PLANNING}\s*<', form)
    refused = send(council, f"{at}/tag", kind="finding", record=audit, part="weather")
    assert refused.status_code == 422
    assert "The audit has no such part." in words_of(refused.text)
    beyond = send(council, f"{at}/tag", kind="strength", record=audit, strength="21")
    assert 'href="#strength"' in beyond.text
    again = send(
        council, f"{at}/good-practice", strength="0", text=GOOD, worker=council.ids["worker"],
        thanks=THANKS,
    )  # fmt: skip
    assert "This strength is shared already." in words_of(again.text)


def test_what_is_said_to_everybody_names_nobody(council: Council, theme: str) -> None:
    child = council.view(council.ids["audit"]).row.child
    said = {"where": "Forum", "with_whom": "Worker Tree", "message": f"As for {child}."}
    answer = send(council, f"/learning/{theme}/share", **said)
    assert answer.status_code == 422
    told = words_of(answer.text)
    assert "This names somebody." in told
    assert "This holds the reference of a child." in told


def test_everybody_reads_and_only_the_worker_is_thanked(council: Council, theme: str) -> None:
    for handle in ("worker", "reader", "moderator", "admin"):
        page = council.browser(handle).get("/learning?q=drew")
        assert GOOD in page.text
        assert THANKS not in page.text
        told = council.browser(handle).get(f"/learning/{theme}").text
        history = council.browser(handle).get(f"/history?record=learning-theme:{theme}")
        assert history.status_code == 200
        for text in (told, history.text):
            assert THANKS not in text
            assert council.ids["worker"] not in text
    assert THANKS in council.browser("worker").get("/").text
    assert THANKS not in council.browser("reader").get("/").text
    assert "No theme holds these words." in council.browser("worker").get("/learning?q=zebra").text
    assert council.browser("nobody").get("/learning").status_code == 403
    assert council.browser("reader").get("/learning/new").status_code == 403


def test_what_belongs_to_it_is_shown_as_far_as_the_reader_may_see(
    council: Council, theme: str
) -> None:
    own = council.program("worker").get(f"{API}/{theme}").json()
    assert own["tagged"] == [
        {"kind": "action", "record": council.ids["action"], "part": "",
         "called": "Bring the chronology up to date."}
    ]  # fmt: skip
    assert own["closed_to_you"] == 2
    assert council.ids["audit"] not in json.dumps(own)
    assert len(council.program("reader").get(f"{API}/{theme}").json()["tagged"]) == 3


def test_a_theme_of_an_audit_moderated_blind_tells_the_moderator_nothing(
    council: Council, theme: str
) -> None:
    lead = council.program("lead")
    version = lead.get(f"{API}/{theme}").headers["etag"]
    body = {"kind": "finding", "record": council.ids["later"], "part": "planning"}
    tagged = lead.post(f"{API}/{theme}/tags", json=body, headers={"If-Match": version})
    assert tagged.status_code == 201
    council.seal(council.ids["later"], "moderator2")
    for path in (f"{API}/{theme}", f"/api/v1/history?record=learning-theme:{theme}"):
        told = council.program("moderator2").get(path)
        assert told.status_code == 200
        assert council.ids["later"] not in told.text
    page = council.browser("moderator2").get(f"/learning/{theme}").text
    assert council.ids["later"] not in page
    assert reference(council, "later") not in page
    untag = {**body, "reason": "Another theme."}
    seen = {"If-Match": tagged.headers["etag"]}
    assert lead.post(f"{API}/{theme}/untagging", json=untag, headers=seen).status_code == 200


def test_the_report_is_narrowed_to_the_actions_of_a_theme(council: Council, theme: str) -> None:
    asked = f"from=2026-01-01&to=2026-06-30&theme={theme}"
    lead = council.program("lead")
    made = lead.get(f"/api/v1/reports/closing-the-loop?{asked}").json()
    figures = made["totals"][0]["figures"]
    assert (figures["raised"]["numerator"], figures["effective"]["numerator"]) == (1, 1)
    why = lead.get(f"/api/v1/reports/closing-the-loop/rows?{asked}&figure=effective").json()
    assert why["same"]
    assert [one["action"] for one in why["actions"]] == [council.ids["action"]]
    page = council.browser("lead").get(f"/reports/closing-the-loop?{asked}")
    assert "Learning theme: Plans with children" in words_of(page.text)
    unknown = lead.get("/api/v1/reports/closing-the-loop?from=2026-01-01&to=2026-06-30&theme=x")
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["code"] == "unknown-theme"


def test_the_report_is_cut_by_theme_and_its_whole_holds_each_action_once(
    council: Council, theme: str
) -> None:
    asked = "from=2026-01-01&to=2026-06-30&by=financial-year&dimension=theme"
    lead = council.program("lead")
    made = lead.get(f"/api/v1/reports/closing-the-loop?{asked}").json()
    mine = [row for row in made["rows"] if row["group"]["theme"] == theme]
    assert [row["figures"]["raised"]["numerator"] for row in mine] == [1, 0]
    assert made["totals"][0]["figures"]["raised"]["numerator"] == 2
    assert made["caveats"][-1].startswith("themes: ")
    group = "".join(f"&group={key}={value}" for key, value in mine[0]["group"].items())
    path = "/api/v1/reports/closing-the-loop/rows"
    why = lead.get(f"{path}?{asked}&figure=raised{group}").json()
    assert (why["same"], len(why["actions"])) == (True, 1)
    page = words_of(council.browser("lead").get(f"/reports/closing-the-loop?{asked}").text)
    assert "Period Learning theme Raised" in page


def test_the_past_shows_the_theme_as_it_was(council: Council) -> None:
    lead, reader = council.program("lead"), council.program("reader")
    body = {"title": "Visits in time", "question": "Are visits in time?"}
    opened = lead.post(API, json=body)
    at = f"{API}/{opened.json()['result']['theme']}"
    yesterday = council.today
    council.clock.advance(timedelta(days=1))
    version = opened.headers["etag"]
    for step, said in (
        ("sharing", {"where": "Forum", "with_whom": "All", "message": "Plan a month ahead."}),
        ("practice-changes", {"what": "Visits are planned.", "evidence": "In the diary."}),
        ("re-audits", {"audits": [council.ids["later"]], "found": "Nine of ten in time."}),
        ("closure", {"effect": "improved", "why": "Nine of ten in time."}),
    ):
        done = lead.post(f"{at}/{step}", json=said, headers={"If-Match": version})
        assert done.status_code in (200, 201), done.text
        version = done.headers["etag"]
    now, then = reader.get(at).json(), reader.get(f"{at}?as_at={yesterday}").json()
    assert (now["theme"]["stage"], then["theme"]["stage"]) == ("improved", "opened")
    assert (len(now["steps"]), len(then["steps"])) == (4, 0)


@pytest.mark.browser
def test_a_lead_opens_a_theme_and_a_worker_reads_it(
    council: Council, theme: str, tab: Page
) -> None:
    with served(create_app(council.services)) as address:
        sign_in(tab, address, "lead", "/learning")
        axe(tab)
        tab.get_by_role("link", name="Open a learning theme").click()
        tab.get_by_label("Theme", exact=True).fill("Seen alone")
        tab.get_by_label("What do we want to know?").fill("Does Worker Tree see them alone?")
        tab.get_by_role("button", name="Open the theme").click()
        expect(tab.get_by_role("link", name="This names somebody.")).to_be_visible()
        axe(tab)
        tab.get_by_label("What do we want to know?").fill("Are children seen alone?")
        tab.get_by_role("button", name="Open the theme").click()
        expect(tab.get_by_text("The theme is open.")).to_be_visible()
        tab.goto(f"{address}/learning/{theme}")
        axe(tab)
        no_sideways_scroll(tab)
        axe(tab)
        tab.context.clear_cookies()
        sign_in(tab, address, "worker", "/")
        expect(tab.get_by_text(THANKS)).to_be_visible()
        axe(tab)
        tab.goto(f"{address}/learning")
        no_sideways_scroll(tab)
        axe(tab)
