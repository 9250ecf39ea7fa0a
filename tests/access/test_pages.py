"""The access log: asked for a purpose, never changed, searched, told week by week."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from projections.audits import part_queries
from qa.core.access import Access, What
from qa.core.clock import SetClock
from qa.learning.commands import OpenLearningTheme
from qa.learning.handlers import open_theme
from qa.moderation import handlers
from qa.moderation.commands import AssignModeration
from qa.security import access_log
from qa.security.access_log import AccessLine, AccessLogFilter
from tests.restrictions.support import CHILD, restrict
from tests.support.council import Browser, Council, words_of

V1 = "/api/v1"


@pytest.fixture
def asking(tmp_path: Path, clock: SetClock) -> Any:
    """A council that asks what records of other teams, files and people's work are opened for."""
    made = Council.open(
        f"sqlite:///{tmp_path / 'asking.db'}",
        clock,
        tmp_path,
        ask_purpose="out-of-team, export, work, restricted",
    )
    yield made
    made.services.store.close()


def log(council: Council, **asked: Any) -> list[Access]:
    with council.services.store.reading() as connection:
        return access_log.page(connection, AccessLogFilter(**asked), limit=500)


@pytest.mark.parametrize("table", ["access_log", "access_purpose"])
@pytest.mark.parametrize("change", ["UPDATE {} SET person = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_line(council: Council, table: str, change: str) -> None:
    with council.services.store.writing() as connection:
        access_log.note(
            connection,
            council.clock,
            AccessLine(person="p", in_role="", what=What.VIEW, subject="s"),
        )
        access_log.say_purpose(
            connection, council.clock, session="s", person="p", subject="s", purpose="why"
        )
    with (
        pytest.raises((DBAPIError, Exception), match="append-only"),
        council.services.store.writing() as connection,
    ):
        connection.execute(text(change.format(table)))


def test_a_record_of_another_team_asks_once_in_a_session_what_it_is_for(asking: Council) -> None:
    audit = asking.submitted()
    browser = asking.browser("reader")
    sent = browser.get(f"/audits/{audit}?as_at=2026-03-02")
    assert sent.status_code == 303
    question = browser.get(sent.headers["location"])
    assert "What do you need this for?" in words_of(question.text)
    given = dict(re.findall(r'name="(of|next)" value="([^"]*)"', question.text))
    nothing = browser.post("/purpose", given)
    assert nothing.status_code == 422
    assert "Choose what you need this for." in nothing.text
    short = browser.post("/purpose", {**given, "purpose": "other", "words": "because"})
    assert "Say in a few words" in words_of(short.text)
    done = browser.post("/purpose", {**given, "purpose": "other", "words": "A complaint of May"})
    assert done.headers["location"] == f"/audits/{audit}?as_at=2026-03-02"
    assert browser.get(done.headers["location"]).status_code == 200
    assert browser.get(f"/audits/{audit}/history").status_code == 200
    noted = log(asking, subjects=(f"judgement:{audit}",))
    assert {line.purpose for line in noted} == {"A complaint of May"}
    assert len(noted) == 2
    assert asking.browser("reader").get(f"/audits/{audit}").status_code == 303, "another session"


def test_those_with_a_part_in_it_are_not_asked_and_programs_say_it_in_a_header(
    asking: Council,
) -> None:
    audit = asking.submitted()
    assert asking.browser("auditor").get(f"/audits/{audit}").status_code == 200
    program = asking.program("reader")
    refused = program.get(f"{V1}/case-audits/{audit}")
    assert refused.status_code == 428
    assert refused.json()["code"] == "purpose-missing"
    said = {"Caseloop-Purpose": "Figures for the board"}
    assert program.get(f"{V1}/case-audits/{audit}", headers=said).status_code == 200
    assert log(asking, subjects=(f"judgement:{audit}",))[0].purpose == "Figures for the board"


def test_a_restricted_record_asks_those_who_are_named_whatever_their_part_in_it(
    asking: Council,
) -> None:
    audit = asking.submitted(child="C-7")
    auditor = asking.program("auditor")
    assert auditor.get(f"{V1}/case-audits/{audit}").status_code == 200
    restrict(asking, child="C-7", readers=[asking.ids["auditor"]])
    assert auditor.get(f"{V1}/case-audits/{audit}").status_code == 428


def test_files_and_other_people_s_work_ask_too(asking: Council) -> None:
    asking.submitted()
    browser = asking.browser("lead")
    for path in (
        "/audits/export.csv",
        f"/history?record=work:{asking.ids['auditor']}",
        f"/history.csv?record=tool:{asking.tool.id}",
    ):
        assert browser.get(path).headers["location"].startswith("/purpose?of="), path
    assert browser.get(f"/history?record=work:{asking.ids['lead']}").status_code == 200
    assert log(asking, what=What.EXPORT) == []


def test_where_a_purpose_leads_stays_in_this_service(asking: Council) -> None:
    browser = asking.browser("lead")
    answer = browser.post(
        "/purpose",
        {"of": "x:1", "next": "https://elsewhere.example/", "purpose": "I prepare a report"},
    )
    assert answer.headers["location"] == "/"


def test_whoever_may_not_know_of_a_record_is_not_asked_about_it(asking: Council) -> None:
    audit = asking.submitted()
    nobody = asking.browser("nobody")
    assert nobody.get(f"/audits/{audit}").status_code == 404
    (line,) = log(asking, what=What.DENIED)
    assert (line.person, line.subject) == (asking.ids["nobody"], f"case-audit:{audit}")


def test_the_log_is_searched_by_child_role_day_and_purpose(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    row = council.view(audit).row
    council.browser("reader").get(f"/audits/{audit}")
    council.browser("moderator2").get(f"/children/{row.child}")
    lead = council.browser("lead")

    def people(query: str) -> set[str]:
        told = words_of(lead.get(f"/access-log?{query}").text.partition("<tbody")[2])
        return {name for name in ("Reader Tree", "Moderator2 Tree", "Lead Tree") if name in told}

    assert people(f"child={row.child}") >= {"Reader Tree"}
    assert people(f"child={row.child}&role=reader") == {"Reader Tree"}
    assert people("child=C-99999") == set()
    assert people("first=2026-03-03") == set()
    assert people("last=2026-03-02") >= {"Reader Tree", "Lead Tree"}
    assert people("purpose=complaint") == set()
    wrong = lead.get("/access-log?first=31/2/2026")
    assert wrong.status_code == 422
    assert "Enter a real date" in words_of(wrong.text)
    file = lead.get(f"/access-log/export.csv?child={row.child}")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {one["Name"] for one in rows} >= {"Reader Tree"}
    assert log(council, what=What.EXPORT)[0].subject == "access-log"


def test_everybody_sees_their_own_lines_and_only_those(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    council.browser("reader").get(f"/audits/{audit}")
    council.browser("auditor2").get("/audits")
    page = council.browser("reader").get(f"/account/accesses?person={council.ids['auditor2']}")
    told = words_of(page.text.partition("<tbody")[2])
    assert "Reader Tree" in told
    assert "Auditor2 Tree" not in told
    program = council.program("reader")
    own = program.get(f"{V1}/access-log?person={council.ids['reader']}").json()["lines"]
    assert {line["name"] for line in own} == {"Reader Tree"}
    for other in ("", f"?person={council.ids['auditor2']}", "/unusual"):
        assert program.get(f"{V1}/access-log{other}").status_code == 403


def test_the_log_does_not_tell_a_blind_moderator_who_made_the_audit(small_council: Council) -> None:
    council = small_council
    audit = council.submitted(auditor="auditor2")
    council.grant("moderator", council.actor("lead").grants[0].role)
    row = council.view(audit).row
    handlers.assign(
        council.services.desk,
        AssignModeration(
            audit=audit,
            moderation=row.moderation,
            moderator=council.ids["moderator"],
            blind=True,
        ),
        by=council.actor("lead"),
    )
    author = council.browser("auditor2")
    for path in ("", "/history", "/submitted"):
        author.get(f"/audits/{audit}{path}")
    author.get(f"/children/{row.child}")
    browser, program = council.browser("moderator"), council.program("moderator")
    for query in ("", f"?child={row.child}", f"?subject=judgement:{audit}"):
        for answer in (
            browser.get(f"/access-log{query}"),
            browser.get(f"/access-log/export.csv{query}"),
            program.get(f"{V1}/access-log{query}"),
        ):
            assert answer.status_code == 200
            assert row.reference not in answer.text
            rows = answer.text.partition("<tbody")[2] or answer.text
            assert f"judgement:{audit}" not in rows or "<form" in rows
            assert f"child:{row.child}" not in rows


def test_the_week_s_report_names_rule_share_and_lines(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    with council.services.store.reading() as connection:
        holder = part_queries.whose(connection, [audit])[audit].case_holder
    assert holder == council.ids["worker"]
    council.grant("worker", council.actor("reader").grants[0].role)
    worker = council.browser("worker")
    worker.get(f"/audits/{audit}")
    worker.get(f"/audits/{audit}/history")
    for _ in range(6):
        council.browser("nobody").get(f"/audits/{audit}")
    assert isinstance(council.clock, SetClock)
    council.clock.advance(timedelta(days=7))
    lead = council.browser("lead")
    told = words_of(lead.get("/access-log/unusual").text)
    assert "Unusual access, 2 March 2026 to 8 March 2026" in told
    assert "Worker Tree : Own case 2 2" in told
    assert "Nobody Tree : Often refused 6 6" in told
    beneath = lead.get(f"/access-log/unusual?rule=own-case&person={council.ids['worker']}").text
    assert words_of(beneath).count("Looked at") == 2
    file = lead.get("/access-log/unusual.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {(r["Rule"], r["Name"], r["How many"]) for r in rows} == {
        ("own-case", "Worker Tree", "2"),
        ("refused", "Nobody Tree", "6"),
    }
    program = council.program("lead").get(f"{V1}/access-log/unusual?week=2026-03-04").json()
    found = {one["rule"]: one["findings"] for one in program["rules"]}
    assert found["own-case"][0]["numerator"] == 2
    assert lead.get("/access-log/unusual?week=1/1/2099").status_code == 422
    assert council.browser("reader").get("/access-log/unusual").status_code == 403


def test_a_wrong_password_is_noted_as_refused(small_council: Council) -> None:
    council = small_council
    council.with_password("reader")
    browser = council.browser("nobody")
    browser.client.cookies.clear()
    form = browser.get("/sign-in").text
    given = dict(re.findall(r'name="(csrf)" value="([^"]*)"', form))
    browser.client.post(
        "/sign-in",
        data={**given, "name": "reader", "password": "wrong words here"},
        headers={"accept": "text/html", "origin": "http://testserver"},
    )
    (line,) = log(council, what=What.DENIED)
    assert (line.person, line.subject) == (council.ids["reader"], "sign-in")


def test_reading_never_changes_the_events(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    before = council.services.store.head()
    council.browser("reader").get(f"/audits/{audit}")
    assert council.services.store.head() == before
    with council.services.store.reading() as connection:
        held = connection.execute(select(access_log.access_log.c.position)).scalars().all()
    assert held[-1] == before


@pytest.fixture
def admin(small_council: Council) -> Browser:
    return small_council.browser("admin")


def test_the_access_log_names_who_read_what_and_notes_its_own_reading(
    small_council: Council,
) -> None:
    audit = small_council.submitted()
    reference = small_council.view(audit).row.reference
    small_council.browser("reader").get(f"/audits/{audit}")
    lead = small_council.browser("lead")
    said = words_of(lead.get("/access-log").text)
    assert f"Reader Tree Reader Looked at Audit {reference}, with its judgement" in said
    again = words_of(lead.get(f"/access-log?person={small_council.ids['lead']}").text)
    assert "Lead Tree QA lead Looked at The access log" in again
    assert "Reader Tree Reader" not in again
    only = words_of(lead.get(f"/access-log?subject=judgement:{audit}&what=view").text)
    assert f"Audit {reference}" in only
    assert "No line fits these filters" in words_of(lead.get("/access-log?what=export").text)
    with small_council.services.store.reading() as connection:
        t = access_log.access_log.c
        noted = select(t.detail).where(t.subject == "access-log").order_by(t.id)
        details = list(connection.execute(noted).scalars())
    assert details[:2] == ["", f"person={small_council.ids['lead']}"]
    assert len(details) == 4


def test_the_access_log_goes_back_page_by_page_and_hides_links_from_administrators(
    small_council: Council, admin: Browser
) -> None:
    audit = small_council.submitted()
    with small_council.services.store.writing() as connection:
        for number in range(60):
            access_log.note(
                connection,
                small_council.clock,
                AccessLine(
                    person=small_council.ids["reader"],
                    in_role="reader",
                    what=access_log.What.VIEW,
                    subject=f"judgement:{audit}",
                    detail=f"line {number}",
                ),
            )
    first = admin.get("/access-log?what=view").text
    assert "line 59" in first
    assert "line 9 " not in words_of(first)
    assert f'href="/audits/{audit}"' not in first
    following = re.search(r'href="(/access-log\?[^"]*after=[^"]*)"', first)
    assert following is not None
    second = words_of(admin.get(following[1].replace("&amp;", "&")).text)
    assert "line 9 " in second
    assert "From the latest" in second


def test_whoever_reads_the_log_is_offered_its_file(admin: Browser) -> None:
    admin.get("/access-log")
    page = admin.get("/access-log?what=view").text
    offered = re.findall(r'href="(/access-log/export[^"]*)"', page)
    assert len(offered) == 2
    for there in offered:
        assert admin.get(there.replace("&amp;", "&")).status_code == 200


def test_what_is_closed_on_a_line_neither_finds_it_nor_leads_to_it(small_council: Council) -> None:
    council = small_council
    restrict(council)
    with council.services.store.writing() as connection:
        for subject, purpose in ((f"child:{CHILD}", "a marmalade cat"), ("child:C-1", "a cat")):
            line = AccessLine(
                person=council.ids["lead2"], in_role="qa-lead", what=What.VIEW, subject=subject,
                purpose=purpose,
            )  # fmt: skip
            access_log.note(connection, council.clock, line)
    counts = {}
    for handle in ("lead", "lead2"):
        browser, program = council.browser(handle), council.program(handle)
        whole = browser.get("/access-log?what=view").text
        assert "subject=restricted-record" not in whole
        for query in ("purpose=cat", f"child={CHILD}"):
            found = len(program.get(f"{V1}/access-log?{query}").json()["lines"])
            file = browser.get(f"/access-log/export.csv?{query}").content.decode("utf-8-sig")
            assert len(list(csv.DictReader(io.StringIO(file)))) == found
            page = browser.get(f"/access-log?{query}").text.partition("<tbody")[2]
            assert page.count(">Looked at<") == found
            counts[handle, query] = found
    assert counts == {
        ("lead", "purpose=cat"): 1,
        ("lead", f"child={CHILD}"): 0,
        ("lead2", "purpose=cat"): 2,
        ("lead2", f"child={CHILD}"): 1,
    }


def test_the_navigation_offers_the_access_log_only_to_those_who_may_read_it(
    small_council: Council,
) -> None:
    for handle, offered in (("lead", True), ("admin", True), ("auditor", False)):
        page = small_council.browser(handle).get("/about").text
        assert ('href="/access-log"' in page) is offered, handle


@pytest.mark.parametrize("kind", ["%7B", "%7B0%7D", "%25s"])
def test_a_record_that_was_only_sent_breaks_no_page(small_council: Council, kind: str) -> None:
    lead = small_council.browser("lead")
    assert lead.get(f"/tools/history?record={kind}%3Ax").status_code in (403, 404)
    page = lead.get("/access-log")
    assert page.status_code == 200
    assert f"{unquote(kind)} x" in words_of(page.text)


def test_lines_name_what_was_opened(small_council: Council) -> None:
    council = small_council
    action = council.action()
    audit = council.submitted(actions=(action,), no_action_reason="")
    reference, stranger = council.view(audit).row.reference, council.browser("nobody")
    lead = council.browser("lead")
    assert lead.get(f"/actions/{action.action}").status_code == 200
    assert lead.get("/reports/closing-the-loop").status_code == 200
    command = OpenLearningTheme(title="Chronologies", question="What helps to keep them?")
    done = open_theme(council.services.desk, command, by=council.actor("lead"))
    theme = done.response["theme"]
    assert stranger.get(f"/history?record=learning-theme:{theme}").status_code == 403
    told = words_of(lead.get("/access-log").text)
    assert f"Looked at Action of audit {reference}" in told
    assert "Report: Closing the loop" in told
    assert "Was refused Learning theme “Chronologies”" in told
    told = words_of(stranger.get("/account/accesses").text)
    assert f"Learning theme {theme}" in told, "what was refused has no name for who was refused"
