"""An inspector reads in a room: only that, only until its last day, and nothing beyond its pin."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from docx import Document

from api.audits.forms import fields_of
from api.imports.reading import read_sheet
from api.imports.run import run
from api.notifications.announcing import announce
from qa.audits import handlers as audits
from qa.audits.commands import SubmitAudit
from qa.core.errors import Forbidden, Refused
from qa.core.words import Role, Scope
from qa.inspections import handlers
from qa.inspections.commands import (
    AnswerInInspectorRoom,
    AskInInspectorRoom,
    CloseInspectorRoom,
    ExtendInspectorRoom,
)
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson, GrantRole, MovePerson, NameDeputy
from tests.inspections.support import opened, pinned_to_yesterday
from tests.notifications.support import told
from tests.support.council import Browser, Council, content, words_of
from tests.support.given import codes_of


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own, and its queries are tested on both."""
    return small_council


@pytest.fixture
def visited(council: Council) -> Council:
    """Two audits known by a Monday, and on the Tuesday everything of note is changed."""
    council.moderated("good", "good")
    council.submitted("good")
    council.clock.advance(timedelta(days=1))
    return council


def inspector(council: Council) -> Browser:
    return council.browser("nobody")


def test_an_inspector_is_given_no_work(council: Council) -> None:
    opened(council)
    owners = council.browser("lead").get("/actions/new").text.partition('id="owner"')[2]
    owners = owners.partition("</select>")[0]
    assert council.ids["lead"] in owners
    assert council.ids["nobody"] not in owners
    deputy = NameDeputy(
        person=council.ids["auditor"], deputy=council.ids["nobody"],
        since=council.today, until=council.today,
    )  # fmt: skip
    with pytest.raises(Refused) as told:
        people.name_deputy(council.services.desk, deputy, by=council.actor("auditor"))
    assert [fault.code for fault in told.value.faults] == ["person-inspects"]
    assert codes_of(lambda: council.allocated(case_holder=council.ids["nobody"])) == [
        "person-unknown"
    ]


@pytest.mark.parametrize(
    ("kind", "text", "by"),
    [
        ("people", "Name,Line manager\nNew Body,Nobody Tree\n", "admin"),
        (
            "actions",
            "Action ref,Team,Action,Kind,Owner,Raised,Due\n"
            "R-9,East,Write,Practice,Nobody Tree,2025-07-01,2025-09-01\n",
            "lead",
        ),
    ],
)
def test_no_file_gives_an_inspector_work(council: Council, kind: str, text: str, by: str) -> None:
    opened(council)
    sheet = read_sheet(f"{kind}.csv", text.encode())
    sent = partial(run, council.services, kind, sheet, by=council.actor(by))
    assert codes_of(sent) == ["person-inspects"]


def test_an_inspector_owns_no_action_of_an_audit(council: Council) -> None:
    audit, sentence = council.allocated(), "Choose somebody who is here and may read this record."
    auditor, action = council.actor("auditor"), council.action(owner=council.ids["nobody"])
    written = content(council.tool, council.today, actions=(action,), no_action_reason="")
    audits.save_draft(
        council.services.desk, audit=audit, fields=fields_of(written), seen=0, by=auditor
    )
    browser = council.browser("auditor")
    assert sentence not in words_of(browser.get(f"/audits/{audit}/check").text)
    opened(council)
    assert sentence in words_of(browser.get(f"/audits/{audit}/check").text)
    submitting = SubmitAudit(audit=audit, content=written)
    submit = partial(audits.submit, council.services.desk, submitting, by=auditor)
    assert codes_of(submit) == ["owner-unknown"]


def test_an_inspector_is_nobody_s_line_manager(council: Council) -> None:
    desk, ids = council.services.desk, council.ids
    opened(council)
    add = AddPerson(handle="new", name="New Tree", manager=ids["nobody"])
    assert codes_of(lambda: people.add_person(desk, add, by=OPERATOR)) == ["person-unknown"]
    move = MovePerson(person=ids["worker"], team="east", manager=ids["nobody"])
    assert codes_of(lambda: people.move_person(desk, move, by=OPERATOR)) == ["person-unknown"]
    move = move.model_copy(update={"manager": ids["lead"]})
    assert codes_of(lambda: people.move_person(desk, move, by=OPERATOR)) == []


def test_a_room_is_the_inspectors_only_right(visited: Council) -> None:
    before = inspector(visited)
    assert before.get("/audits").status_code == 403
    pinned_to_yesterday(visited)
    page = inspector(visited).get("/audits")
    assert page.status_code == 200
    assert inspector(visited).get("/").headers["location"] == "/room"
    for path in ("/people", "/imports", "/access-log", "/inspections", "/audits/new"):
        assert inspector(visited).get(path).status_code == 403, path
    for handle, offered in (("nobody", False), ("auditor", True)):
        visited.with_password(handle)
        account = visited.browser(handle).get("/account")
        assert account.status_code == 200
        assert ("/deputies" in account.text) == offered
    then = f"true_on={visited.today - timedelta(days=1)}"
    assert f'?{then}"' in inspector(visited).get(f"/audits?{then}").text
    rights = words_of(inspector(visited).get("/account/rights").text)
    assert "In an inspector room, and nothing recorded after entry" in rights
    with pytest.raises(Refused, match="can hold no role beside it"):
        visited.grant("nobody", Role.AUDITOR)
    with pytest.raises(Refused, match="open one for this person"):
        visited.grant("worker", Role.INSPECTOR)
    with pytest.raises(Refused, match="has a room already"):
        opened(visited)
    with pytest.raises(Refused, match="holds a role in the council"):
        opened(visited, inspector=visited.ids["auditor"])
    with pytest.raises(Forbidden):
        opened(visited, by=visited.actor("auditor"))


def test_an_inspector_changes_nothing(visited: Council) -> None:
    opened(visited)
    audit = visited.first_audit()
    for change in ("correct", "return", "withdraw", "void", "finalise", "reopen", "reassign"):
        answer = inspector(visited).post(f"/audits/{audit}/{change}", {"seen": "1"})
        assert answer.status_code == 403, change


def test_the_room_ends_with_its_last_day_and_when_it_is_closed(visited: Council) -> None:
    room = opened(visited, until=visited.today + timedelta(days=3))
    desk, lead = visited.services.desk, visited.actor("lead")
    visited.clock.advance(timedelta(days=4))
    assert inspector(visited).get("/audits").status_code == 403
    handlers.extend_room(desk, ExtendInspectorRoom(room=room, until=visited.today), by=lead)
    assert inspector(visited).get("/audits").status_code == 200
    handlers.close_room(desk, CloseInspectorRoom(room=room, reason="The visit is over."), by=lead)
    assert inspector(visited).get("/audits").status_code == 403
    assert "The visit is over." in words_of(
        visited.browser("lead").get(f"/inspections/{room}").text
    )


def test_a_room_is_kept_to_its_scope(visited: Council) -> None:
    west = visited.submitted("good", team="west")
    opened(visited, scope=Scope(kind="team", code="east"))
    assert inspector(visited).get(f"/audits/{visited.first_audit()}").status_code == 200
    assert inspector(visited).get(f"/audits/{west}").status_code == 404
    with pytest.raises(Refused, match="no such team"):
        opened(visited, inspector=visited.ids["reader"], scope=Scope(kind="team", code="nowhere"))


def test_notes_are_the_inspectors_alone_and_questions_both_sides(visited: Council) -> None:
    room = opened(visited)
    browser = inspector(visited)
    kept = browser.post("/room/notes", {"seen": "0", "notes": "Look at supervision again."})
    assert kept.status_code == 303
    assert "Look at supervision again." in browser.get("/room").text
    stale = browser.post("/room/notes", {"seen": "0", "notes": "From the other device."})
    assert stale.status_code == 409
    assert "Look at supervision again." in stale.text
    assert "From the other device." in stale.text
    empty = browser.post("/room/questions", {"asked": " "})
    assert empty.status_code == 422
    assert "Write your question." in empty.text
    asked = browser.post("/room/questions", {"asked": "Who saw the child?", "subject": "CA-1"})
    assert asked.status_code == 303
    lead = visited.browser("lead")
    page = lead.get(f"/inspections/{room}")
    assert "Who saw the child?" in page.text
    assert "supervision again" not in page.text
    question = re.search(r'name="question" value="(\w+)"', page.text)
    assert question is not None
    nothing = lead.post(f"/inspections/{room}/answers", {"question": question[1], "answer": ""})
    assert nothing.status_code == 422
    assert "Write the answer." in nothing.text
    lead.post(
        f"/inspections/{room}/answers", {"question": question[1], "answer": "The key worker did."}
    )
    assert "The key worker did." in browser.get("/room").text
    announce(visited.services)
    assert told(visited, "lead")[-1] == "An inspector asked the council a question."
    assert not any("question" in one for one in told(visited, "auditor"))
    assert told(visited, "nobody")[-1] == "The council answered a question of yours."
    history = words_of(lead.get(f"/history?record=inspection:{room}").text)
    assert "Asked a question" in history
    assert browser.get(f"/history?record=inspection:{room}").status_code == 403


def test_both_sides_see_what_was_opened(visited: Council) -> None:
    room = opened(visited)
    browser = inspector(visited)
    reference = visited.view(visited.first_audit()).row.reference
    browser.get(f"/audits/{visited.first_audit()}")
    for page in (browser.get("/room"), visited.browser("lead").get(f"/inspections/{room}")):
        assert f"Audit {reference}" in words_of(page.text)


def test_a_lead_opens_extends_and_closes_a_room_by_the_form(visited: Council) -> None:
    lead = visited.browser("lead")
    assert "No room was opened yet" in lead.get("/inspections").text
    form = lead.get("/inspections/new").text
    assert "Nobody Tree" in form
    assert "Auditor Tree" not in form
    wrong = lead.post(
        "/inspections/new",
        {"inspector": "", "title": "", "until.day": "31", "until.month": "2", "until.year": "2027"},
    )
    assert wrong.status_code == 422
    assert "Enter a real date" in wrong.text
    day = visited.today + timedelta(days=5)
    fields = {
        "inspector": visited.ids["nobody"],
        "title": "Focused visit",
        "scope": "service:safeguarding",
        "until.day": str(day.day),
        "until.month": str(day.month),
        "until.year": str(day.year),
    }
    missing = lead.post("/inspections/new", {**fields, "title": "", "inspector": ""})
    assert missing.status_code == 422
    made = lead.post("/inspections/new", fields)
    assert made.status_code == 303
    place = made.headers["location"].partition("?")[0]
    page = lead.get(place)
    assert "The service safeguarding" in page.text
    version = re.search(r'name="seen" value="(\d+)"', page.text)
    assert version is not None
    moved = lead.post(
        f"{place}/until",
        {"seen": version[1], "until.day": "1", "until.month": "6", "until.year": "2026"},
    )
    assert moved.status_code == 303
    stale = lead.post(f"{place}/close", {"seen": version[1], "reason": "The visit is over."})
    assert stale.status_code == 409
    closed = lead.post(
        f"{place}/close", {"seen": str(int(version[1]) + 1), "reason": "The visit is over."}
    )
    assert closed.status_code == 303
    assert "Closed" in lead.get("/inspections").text
    assert lead.get("/inspections/" + "0" * 32).status_code == 404


def test_the_api_does_the_same(visited: Council) -> None:
    lead = visited.program("lead")
    made = lead.post(
        "/api/v1/inspections",
        json={
            "inspector": visited.ids["nobody"],
            "title": "Focused visit",
            "until": str(visited.today + timedelta(days=5)),
        },
    )
    assert made.status_code == 201, made.text
    room = made.json()["result"]["room"]
    own = visited.program("nobody")
    asked = own.post(f"/api/v1/inspections/{room}/questions", json={"asked": "Who decides?"})
    assert asked.status_code == 201, asked.text
    question = asked.json()["result"]["question"]
    answered = lead.post(
        f"/api/v1/inspections/{room}/questions/{question}/answers", json={"answer": "The lead."}
    )
    assert answered.status_code == 201, answered.text
    told = own.get(f"/api/v1/inspections/{room}").json()
    assert told["questions"][0]["answers"][0]["said"] == "The lead."
    assert own.get("/api/v1/inspections").status_code == 403
    assert visited.program("auditor").get(f"/api/v1/inspections/{room}").status_code == 404
    tag = lead.get(f"/api/v1/inspections/{room}").headers["etag"]
    closed = lead.post(
        f"/api/v1/inspections/{room}/closure",
        json={"reason": "The visit is over."},
        headers={"If-Match": tag},
    )
    assert closed.status_code == 200, closed.text
    assert own.get(f"/api/v1/case-audits/{visited.first_audit()}").status_code == 404


def test_who_may_not_add_people_is_told_whom_to_ask(small_council: Council) -> None:
    people.grant_role(
        small_council.services.desk,
        GrantRole(
            person=small_council.ids["nobody"], role=Role.READER, scope=Scope(kind="council")
        ),
        by=OPERATOR,
    )
    page = small_council.browser("lead").get("/inspections/new").text
    assert "Ask an administrator to add the inspector" in words_of(page)
    assert "/people/new" not in page


def test_questions_and_answers_are_a_document_for_both_sides(council: Council) -> None:
    room = opened(council, title="Focused visit, March")
    desk, subject = council.services.desk, "audit CA-1"
    lead, visitor = council.browser("lead"), inspector(council)
    asker = council.actor("nobody")
    asked = AskInInspectorRoom(room=room, asked="Who saw the child?\nAnd when?", subject=subject)
    question = str(handlers.ask(desk, asked, by=asker).response["question"])
    given = AnswerInInspectorRoom(room=room, question=question, answer="The key worker, in May.")
    handlers.answer(desk, given, by=council.actor("lead"))
    assert f"/inspections/{room}/questions.docx" in lead.get(f"/inspections/{room}").text
    assert "/room/questions.pdf" in visitor.get("/room").text
    for client, path in ((lead, f"/inspections/{room}"), (visitor, "/room")):
        told = Document(BytesIO(client.get(f"{path}/questions.docx").content))
        words = "\n".join(one.text for one in told.paragraphs)
        for part in ("Focused visit, March", f"Question 1: {subject}", "And when?", "in May."):
            assert part in words
        assert client.get(f"{path}/questions.pdf").content.startswith(b"%PDF")
    for handle, status in (("lead", 200), ("nobody", 200), ("auditor", 404)):
        program = council.program(handle)
        path = f"/api/v1/inspections/{room}/questions.docx"
        assert program.get(path).status_code == status, handle
    assert council.browser("auditor").get("/room/questions.pdf").status_code == 403
