"""The pages for readers: work, lists and their files, an audit, history, children, search."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from api.routes import PAGES
from projections.audits import queries
from projections.audits.tables import AuditRow
from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit, ReassignAudit, SubmitAudit
from qa.core.clock import SetClock
from qa.core.words import Role, Scope
from qa.people import handlers as people
from qa.people.commands import OPERATOR, RenamePerson
from tests.support.case_audits import extended
from tests.support.council import Council, content, log_of, words_of

NOWHERE = "0" * 32


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own, and its queries are tested on both."""
    return small_council


def advance(council: Council, **by: int) -> None:
    assert isinstance(council.clock, SetClock)
    council.clock.advance(timedelta(**by))


def test_work_is_listed_by_due_date_and_late_work_says_so(council: Council) -> None:
    late = council.allocated(due_on=council.today + timedelta(days=3))
    council.allocated()
    advance(council, days=10)
    told = words_of(council.browser("auditor").get("/your-work").text)
    assert "2 tasks, the most urgent first" in told
    rows = told[told.index("2 tasks") :]
    assert rows.index(council.view(late).row.reference) < rows.index("Overdue")
    assert rows.count("Overdue") == 1


def test_leads_see_what_waits_for_a_name(small_council: Council) -> None:
    small_council.submitted()
    told = words_of(small_council.browser("lead").get("/").text)
    assert "Tasks for any QA lead (1)" in told
    assert "Moderation to assign" in told


@pytest.mark.parametrize(
    ("handle", "said"),
    [
        ("auditor", "You have nothing to do"),
        ("admin", "Get started"),
        ("nobody", "You have nothing to do"),
    ],
)
def test_nothing_to_do_is_said(small_council: Council, handle: str, said: str) -> None:
    assert said in words_of(small_council.browser(handle).get("/").text)


def test_the_list_is_filtered_counted_and_paged_both_ways(small_council: Council) -> None:
    council = small_council
    made = [council.allocated() for _ in range(30)]
    council.allocated(team="west")
    browser = council.browser("lead")
    first = browser.get("/audits?team=east")
    assert "<strong>30</strong> audits" in first.text
    assert "West" not in words_of(first.text.partition("<table")[2])
    assert made[-1] in first.text
    assert made[0] not in first.text
    onward = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = browser.get(onward.replace("&amp;", "&"))
    assert made[0] in second.text
    assert "team=east" in onward
    back = second.text.partition('rel="prev"')[0].rpartition('href="')[2].partition('"')[0]
    assert browser.get(back.replace("&amp;", "&")).text.count("/children/") == 25
    assert "Remove this filter: </span>Team: East" in first.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("audited_from=31/2/2026", "Enter a real date, like 31/3/2026."),
        ("audited_from=2026-03-01&audited_to=2026-02-01", "The last day is before the first."),
        ("as_at=tomorrow", "Enter a real date, like 31/3/2026."),
        ("as_at=2099-01-01", "Nothing is known yet of a day in the future."),
    ],
)
def test_a_filter_that_is_no_date_is_named(
    small_council: Council, query: str, sentence: str
) -> None:
    page = small_council.browser("lead").get(f"/audits?{query}")
    assert page.status_code == 422
    assert sentence in words_of(page.text)


def test_empty_lists_say_what_would_be_there(small_council: Council) -> None:
    browser = small_council.browser("lead")
    assert "There are no audits yet" in browser.get("/audits").text
    assert "No audit fits these filters" in browser.get("/audits?grade=good").text
    assert "Download" not in browser.get("/audits").text


def test_the_download_is_exactly_the_list_and_is_logged(council: Council) -> None:
    audit = council.submitted()
    council.allocated()
    browser = council.browser("lead")
    page = browser.get("/audits?grade=good&team=east")
    assert "/audits/export.csv?team=east&amp;grade=good" in page.text
    file = browser.get("/audits/export.csv?grade=good&team=east")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["Audit"] for row in rows] == [council.view(audit).row.reference]
    assert browser.get("/audits/export.xlsx?grade=good").content[:2] == b"PK"
    assert ("export", "audits.csv") in log_of(council)
    assert browser.get("/audits/export.csv?as_at=never").status_code == 422


def test_an_audit_is_shown_whole_and_the_visit_is_noted(council: Council) -> None:
    audit, _ = council.moderated("good", "good")
    told = words_of(council.browser("reader").get(f"/audits/{audit}").text)
    for words in (
        "Whole case-file audit, version 1",
        "Team at the time East, Safeguarding",
        "Auditor Auditor Tree",
        "Practice period judged 3 September 2025 to 2 March 2026",
        "Date of the audit 2 March 2026",
        "Submitted 2 March 2026",
        "As recorded today, 2 March 2026",
        "Evidence for Planning and review seen on the file.",
        "Good looks like: The plan is specific, timed and reviewed",
        "From the auditor’s grade.",
        "moderator Moderator Tree",
        "They agree.",
        "Readers read submitted audits of their scope.",
    ):
        assert words in told
    assert log_of(council)[-1] == ("view", f"judgement:{audit}")


def test_the_past_is_shown_as_it_was_and_says_so(council: Council) -> None:
    audit = council.allocated()
    then = council.today
    advance(council, days=5)
    audit_handlers.submit(
        council.services.desk,
        SubmitAudit(audit=audit, content=content(council.tool, council.today)),
        by=council.actor("auditor"),
    )
    browser = council.browser("lead")
    past = browser.get(f"/audits/{audit}?as_at={then}")
    told = words_of(past.text)
    assert "As recorded up to the end of 2 March 2026" in told
    assert "Status Allocated" in told
    assert "Evidence for" not in told
    assert f"/history?as_at={then}" in past.text
    assert "Withdraw" not in told
    assert "Status To be moderated" in words_of(browser.get(f"/audits/{audit}").text)
    listed = words_of(browser.get(f"/audits?as_at={then}").text)
    assert "None yet" in listed
    early = browser.get(f"/audits/{audit}?as_at=2026-01-01")
    assert early.status_code == 422
    assert "The record begins on" in words_of(early.text)


def test_an_imported_audit_shows_what_its_file_stated(small_council: Council) -> None:
    council = small_council
    rows = "audit_id,child_ref,audit_date,team,auditor,overall\nA-1,C-1,2026-01-10,East,a1,Good\n"
    lead = council.program("lead")
    sent = {"file": ("audits.csv", rows.encode(), "text/csv")}
    assert lead.post("/api/v1/imports/audits", files=sent).status_code == 201
    with council.services.store.reading() as connection:
        audit = queries.by_reference(connection, "A-1")
    told = words_of(council.browser("reader").get(f"/audits/{audit}").text)
    assert "Auditor, as written a1" in told


def test_history_tells_who_did_what_under_the_name_they_had_then(council: Council) -> None:
    audit = council.submitted()
    lead = council.actor("lead")
    audit_handlers.correct(
        council.services.desk,
        CorrectAudit(
            audit=audit,
            field="rationale",
            new="The reasons for this mark follow from what the file shows of the child's life, "
            "the plan and how managers kept the work moving over the whole period.",
            kind="typo",
            reason="Wrong word.",
        ),
        by=lead,
    )
    people.rename_person(
        council.services.desk,
        RenamePerson(person=council.ids["auditor"], name="Auditor Oak"),
        by=OPERATOR,
    )
    page = council.browser("lead").get(f"/audits/{audit}/history")
    told = words_of(page.text)
    assert "Auditor Tree, Auditor, Quality" in told
    assert "Auditor Oak" not in told
    assert "Reason: Wrong word." in told
    assert "Reasons for the overall grade:" in told
    assert "removed: </span>grade</del>" in page.text
    assert "added: </span>mark</ins>" in page.text
    assert "Entry" in told
    face = words_of(council.browser("reader").get(f"/audits/{audit}").text)
    assert "Corrected since it was submitted: Reasons for the overall grade" in face


def test_a_handed_over_audit_names_both_auditors(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    audit_handlers.reassign(
        council.services.desk,
        ReassignAudit(audit=audit, auditor=council.ids["auditor2"], reason="On leave until May."),
        by=council.actor("lead"),
    )
    page = council.browser("lead").get(f"/audits/{audit}/history")
    assert "Auditor Tree" in page.text
    assert "Auditor2 Tree" in page.text
    assert council.ids["auditor"] not in page.text


def test_long_histories_are_paged_from_the_start(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    extended(council, audit, range(29, 60))
    browser = council.browser("lead")
    first = browser.get(f"/audits/{audit}/history")
    assert "32 entries" in first.text
    assert "Illness for 29 days." in first.text
    assert "Illness for 59 days." not in first.text
    onward = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert "Illness for 59 days." in browser.get(onward).text


def test_a_child_s_page_holds_every_audit_and_one_history(council: Council) -> None:
    first = council.submitted()
    child = council.view(first).row.child
    second = council.allocated("auditor2", child=child, re_audit_of=first)
    browser = council.browser("lead")
    page = browser.get(f"/children/{child}")
    told = words_of(page.text)
    for audit in (first, second):
        assert council.view(audit).row.reference + ": " in told
    assert "Audits of this child’s file (2)" in told
    assert ("view", f"judgement:{first}") in log_of(council)
    assert "Repeats" in words_of(browser.get(f"/audits/{second}").text)
    assert browser.get("/children/C-99999").status_code == 404


@pytest.mark.parametrize("path", ["", "/history", "/write", "/check", "/submitted", "/correct"])
def test_an_unknown_audit_and_one_out_of_reach_look_the_same(
    small_council: Council, path: str
) -> None:
    council = small_council
    council.grant("nobody", Role.READER, Scope(kind="team", code="west"))
    audit = council.submitted()
    browser = council.browser("nobody")
    known, unknown = browser.get(f"/audits/{audit}{path}"), browser.get(f"/audits/{NOWHERE}{path}")
    assert known.status_code == unknown.status_code == 404
    assert known.text == unknown.text


@pytest.mark.parametrize("path", ["/audits", "/audits/export.csv", "/children/C-1"])
def test_administrators_see_no_case_content(small_council: Council, path: str) -> None:
    small_council.submitted()
    assert small_council.browser("admin").get(path).status_code == 403


def test_administrators_find_no_case_content(small_council: Council) -> None:
    """They may search for people and tools; what an audit holds is not among what they find."""
    audit = small_council.with_secret("An unmistakable sentence of evidence.")
    admin = small_council.browser("admin")
    for wanted in ("unmistakable", small_council.view(audit).row.child, "C-00001"):
        found = admin.get(f"/search?q={wanted}")
        assert found.status_code == 200
        assert "Nothing found" in words_of(found.text)
        assert audit not in found.text


def test_a_blind_moderator_learns_nothing_on_any_page(small_council: Council) -> None:
    """Author, grade and text of a sealed audit appear on no page, whatever date is asked for."""
    council = small_council
    secret = "An unmistakable sentence of evidence."
    audit = council.with_secret(secret)
    row = council.view(audit).row
    council.seal(audit)
    before = council.today
    advance(council, days=2)
    browser = council.browser("moderator")
    for turn, path in enumerate(_addresses(council, audit, row)):
        for past in ("", f"{('as_at', 'true_on')[turn % 2]}={before}"):
            page = browser.get(f"{path}{'&' if '?' in path else '?'}{past}")
            assert page.status_code in (200, 204, 303, 403, 404, 422), path
            _tells_nothing(page.text, secret, path)
    for change in ("correct", "return", "withdraw", "void", "finalise", "reopen", "reassign"):
        page = browser.post(
            f"/audits/{audit}/{change}", {"seen": "1", "comments": "Tell me of the plan."}
        )
        assert page.status_code == 403, change
        _tells_nothing(page.text, secret, change)
    for place in ("check", "write/overall/draft", "write/overall", "write/overall/merge"):
        page = browser.post(f"/audits/{audit}/{place}", {"revision": "0", "section": "overall"})
        assert page.status_code == 403, place
        _tells_nothing(page.text, secret, place)
    assert "Sealed." in browser.get(f"/audits/{audit}").text
    assert row.reference in browser.get("/audits").text

    council.record(audit, row.moderation, "outstanding")
    assert secret in browser.get(f"/audits/{audit}").text


def _addresses(council: Council, audit: str, row: AuditRow) -> list[str]:
    """Every page that this product serves to a reader, with this audit wherever one is named."""
    routed = [route.path for route in PAGES if "GET" in route.methods]
    named = {
        "{audit}": audit,
        "{section}": "overall",
        "{child:path}": row.child,
        "{kind}": "csv",
        "{name}": "agreement",
        "{moderation}": row.moderation,
    }
    found = []
    for path in routed:
        for name, value in named.items():
            path = path.replace(name, value)
        found.append(path)
    assert f"/audits/{audit}/history" in found
    return [
        *found,
        f"/audits?child={row.child}",
        "/audits?grade=outstanding",
        f"/audits?auditor={council.ids['auditor2']}",
        "/search?q=unmistakable",
        f"/search?q={row.reference}",
        f"/search?q={row.child}",
    ]


OF_NO_AUDIT = ("/actions/new", "/scales", "/tools", "/moderation-policy", "/reports")
"""Pages that name every grade, or everybody in a filter or choice, whatever this audit holds.
Reports are attacked by their figures in `test_report_pages`."""


def _tells_nothing(html: str, secret: str, where: str) -> None:
    told = html
    if where.partition("?")[0] == "/audits":
        # The choices of the filters are the same whatever the audit holds.
        told = words_of(re.sub(r"<details.*?</details>", "", html, flags=re.S))
    assert secret not in told, where
    if where.startswith(OF_NO_AUDIT) or "/moderation/judge" in where:
        return
    assert "Auditor2 Tree" not in told, where
    assert "outstanding" not in told.casefold(), where
