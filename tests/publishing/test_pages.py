"""A published report stays as it was; what later events change is listed, with its cause."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text

from api.reports.declaration import Sight, report_called
from api.web.moments import as_at
from projections.core.rebuild import rebuild
from projections.figures.formulas import NEWEST
from qa.core.dates_in_words import day as in_words
from qa.publishing.events import ReportAsked
from tests.publishing.support import of_three, taken_back
from tests.supervision.support import begun
from tests.support.council import Council, words_of
from tests.support.told_codes import ToldCodes

ASKED = "from=2026-01-01&to=2026-12-31&by=financial-year&cohort=audit"


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own, and its queries are tested on both."""
    return small_council


@pytest.fixture
def judged(council: Council) -> Council:
    return of_three(council)


def published(council: Council, title: str = "To the board") -> str:
    page = council.browser("lead").post(
        f"/published/new?name=agreement&{ASKED}", {"title": title, "commentary": "It held."}
    )
    assert page.status_code == 303, page.text
    return str(page.headers["location"]).partition("?")[0]


def test_a_lead_publishes_a_report_from_its_page(judged: Council) -> None:
    lead = judged.browser("lead")
    link = re.search(r'href="(/published/new[^"]+)"', lead.get(f"/reports/agreement?{ASKED}").text)
    assert link is not None
    form = lead.get(link[1].replace("&amp;", "&"))
    assert form.status_code == 200
    assert "67% (2 of 3)" in words_of(form.text)
    empty = lead.post(f"/published/new?name=agreement&{ASKED}", {"title": ""})
    assert empty.status_code == 422
    assert "Say what the report is published as." in empty.text
    place = published(judged)
    told = words_of(lead.get(place).text)
    assert "it is the same, byte for byte" in told
    assert "No figure has changed since it was published." in told
    assert "It held." in told
    assert "No figure has changed" in words_of(lead.get("/published").text)
    history = words_of(lead.get(f"/history?record=published-report:{place[-32:]}").text)
    assert "Published “To the board” as recorded up to entry" in history


def test_only_leads_publish_and_everybody_with_reports_reads(judged: Council) -> None:
    place = published(judged)
    auditor = judged.browser("auditor")
    assert auditor.get(place).status_code == 200
    assert "Tell readers" not in auditor.get(place).text
    assert auditor.get(f"/published/new?name=agreement&{ASKED}").status_code == 403
    assert auditor.post(f"/published/new?name=agreement&{ASKED}").status_code == 403
    assert judged.browser("worker").get("/published").status_code == 403
    assert judged.browser("lead").get("/published/" + "0" * 32).status_code == 404


def test_it_is_the_same_bytes_for_ever(judged: Council) -> None:
    lead = judged.browser("lead")
    place = published(judged)
    kinds = ("json", "csv", "xlsx", "docx", "pdf")
    before = {kind: lead.get(f"{place}/report.{kind}").content for kind in kinds}
    taken_back(judged)
    rebuild(judged.services.store, judged.services.registry)
    after = {kind: lead.get(f"{place}/report.{kind}").content for kind in kinds}
    assert after == before
    assert json.loads(before["json"])["totals"][0]["figures"]["moderated"]["numerator"] == 3
    assert "it is the same, byte for byte" in words_of(lead.get(place).text)


def test_a_changed_figure_is_listed_with_its_cause_until_readers_are_told(
    judged: Council,
) -> None:
    lead = judged.browser("lead")
    place = published(judged)
    reference = taken_back(judged)
    assert "changed" in words_of(lead.get("/published").text)
    page = lead.get(place)
    told = words_of(page.text)
    assert "no longer as published" in told
    assert "67% (2 of 3)" in told
    assert reference in told
    note = re.search(r"<textarea[^>]*name=\"note\"[^>]*>(.*?)</textarea>", page.text, flags=re.S)
    assert note is not None
    assert reference in note[1]
    assert "was 67% (2 of 3)" in note[1]
    seen, upto = (re.search(rf'name="{n}" value="(\d+)"', page.text) for n in ("seen", "upto"))
    assert seen is not None
    assert upto is not None
    empty = lead.post(f"{place}/restatements", {"seen": seen[1], "upto": upto[1], "note": ""})
    assert empty.status_code == 422
    assert "Say what changed, and why." in empty.text
    beyond = lead.post(f"{place}/restatements", {"seen": seen[1], "upto": "99999", "note": "x"})
    assert beyond.status_code == 422
    done = lead.post(
        f"{place}/restatements",
        {"seen": seen[1], "upto": upto[1], "note": "One audit was withdrawn."},
    )
    assert done.status_code == 303
    told = words_of(lead.get(place).text)
    assert "Readers know of all of them." in told
    assert "One audit was withdrawn." in told
    assert "Tell readers" not in told
    assert "readers informed" in words_of(lead.get("/published").text)


def test_a_report_is_commented_on_and_withdrawn(judged: Council) -> None:
    lead = judged.browser("lead")
    place = published(judged)
    assert lead.post(f"{place}/commentary", {"seen": "1", "commentary": ""}).status_code == 422
    lead.post(f"{place}/commentary", {"seen": "1", "commentary": "More will follow."})
    assert "More will follow." in lead.get(place).text
    stale = lead.post(f"{place}/withdrawal", {"seen": "1", "reason": "The wrong period."})
    assert stale.status_code == 409
    lead.post(f"{place}/withdrawal", {"seen": "2", "reason": "The wrong period."})
    assert "This report is withdrawn: The wrong period." in words_of(lead.get(place).text)
    assert "Withdrawn" in words_of(lead.get("/published").text)


def test_nothing_is_published_from_a_read_model_that_is_behind(judged: Council) -> None:
    with judged.services.store.writing() as connection:
        connection.execute(
            text("UPDATE read_model SET version = 0 WHERE name = 'moderation_agreement'")
        )
    lead = judged.browser("lead")
    page = lead.get(f"/published/new?name=agreement&{ASKED}")
    assert "cannot be published now" in words_of(page.text)
    refused = lead.post(f"/published/new?name=agreement&{ASKED}", {"title": "To the board"})
    assert refused.status_code == 503


def test_what_was_true_on_a_day_is_not_published(judged: Council) -> None:
    page = judged.browser("lead").post(
        f"/published/new?name=agreement&{ASKED}&true_on={judged.today}", {"title": "To the board"}
    )
    assert page.status_code == 422


def test_a_report_with_an_audit_sealed_from_its_reader_waits_for_them(judged: Council) -> None:
    judged.assigned("inadequate", moderator="moderator2")
    place = published(judged)
    sealed = judged.browser("moderator2").get(place)
    assert sealed.status_code == 403
    assert "moderating blind" in sealed.text


def test_the_api_publishes_restates_and_withdraws(judged: Council) -> None:
    lead = judged.program("lead")
    made = lead.post(f"/api/v1/published-reports/agreement?{ASKED}", json={"title": "To the board"})
    assert made.status_code == 201, made.text
    place = f"/api/v1/published-reports/{made.json()['result']['published']}"
    reference = taken_back(judged)
    told = lead.get(place)
    found = told.json()
    assert found["same_bytes"]
    assert any(reference in one["audits"] for one in found["untold"])
    done = lead.post(
        f"{place}/restatements",
        json={"note": found["note"]},
        headers={"If-Match": told.headers["etag"]},
    )
    assert done.status_code == 200, done.text
    assert lead.get(place).json()["untold"] == []
    assert [one["published"] for one in lead.get("/api/v1/published-reports").json()["reports"]]
    gone = lead.post(
        f"{place}/withdrawal",
        json={"reason": "The wrong period."},
        headers={"If-Match": lead.get(place).headers["etag"]},
    )
    assert gone.status_code == 200, gone.text
    assert (
        judged.program("auditor")
        .post(f"/api/v1/published-reports/agreement?{ASKED}", json={"title": "Mine"})
        .status_code
        == 403
    )


def test_a_report_published_by_the_first_formulas_is_made_by_them_for_ever(
    small_council: Council,
) -> None:
    """Its event has no version of formulas, and small numbers were a choice then."""
    for theirs in ("good", "good", "inadequate"):
        small_council.moderated("good", theirs)
    question = {"report": "agreement", "start": "2026-01-01", "end": "2026-03-31", "by": "quarter"}
    first = ReportAsked.model_validate(question)
    assert (first.formulas, first.hide_small) == (1, False)
    services, lead = small_council.services, small_council.actor("lead")
    with services.store.reading() as connection:
        sight = Sight(connection, as_at(services.store, connection), lead)
        agreement = report_called("agreement")
        old = agreement.frozen(sight, first).totals[0].figures
        asked = agreement.kept(agreement.query_of(first), sight.at)
        new = agreement.frozen(sight, asked).totals[0].figures
    assert (asked.formulas, asked.hide_small) == (NEWEST, True)
    assert old["moderation_agreement_rate"].display == "67%"
    assert new["moderation_agreement_rate"].display == "–"
    assert old["alpha"].interval is None
    assert old["direction_sign_test"].unit == "coefficient"
    assert new["direction_sign_test"].unit == "probability"


def test_a_report_is_published_as_known_and_not_as_true(
    judged: Council, told_codes: ToldCodes
) -> None:
    lead = judged.browser("lead")
    answer = lead.get(f"/published/new?name=agreement&{ASKED}&true_on={judged.today}")
    assert (answer.status_code, told_codes.taken()) == (422, ["publish-true-on"])


def test_what_is_published_on_a_later_day_opens_as_it_was_counted_then(
    small_council: Council,
) -> None:
    """A session was owed on the day of the report, and not yet on that of the last entry."""
    small_council.show_rates_of_few()
    begun(small_council)
    small_council.clock.advance(timedelta(days=60))
    lead, day = small_council.browser("lead"), small_council.today
    shown = lead.get(f"/supervision-report?from=2026-01-01&to={day}&by=financial-year").text
    [form] = {unescape(one) for one in re.findall(r'href="(/published/new[^"]+)"', shown)}
    small_council.clock.advance(timedelta(days=3))
    lead = small_council.browser("lead")
    sent = lead.post(form, {"title": "To the board"})
    assert sent.status_code == 303, words_of(sent.text)
    place = sent.headers["location"].partition("?")[0]
    page = lead.get(place).text
    table = page[page.index("As published") :].partition("</table>")[0]
    cells = re.findall(r'href="([^"]+)">([^<]*)<', table)
    assert any("of 2)" in drawn for _, drawn in cells)
    for there, drawn in cells:
        told = words_of(lead.get(unescape(there)).text)
        number, _, base = drawn.rstrip(")").partition(" (")
        assert f"{number} : {base}" in told if base else number in told
        assert f"counted as on {in_words(day)}" in told
    whole = re.search(r'href="([^"]+)">The whole report as it was published', page)
    assert whole is not None
    again = words_of(lead.get(unescape(whole[1])).text)
    assert all(drawn.rstrip(")").partition(" (")[2] in again for _, drawn in cells)
