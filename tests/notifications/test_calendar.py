"""The calendar feed: whole days, stable names, exact text, no child; and its secret address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from api.notifications.calendar import calendar
from api.web.waiting import Task
from qa.actions import handlers as actions
from qa.actions.commands import AcceptAction
from qa.people.commands import people
from qa.people.commands.people import OPERATOR
from tests.actions.support import raised
from tests.support.council import PASSWORD, Council, words_of

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
BASE = "https://caseloop.example.gov.uk"
ONE = Task(
    kind="action",
    title="Action to do; with, marks \\ and é" + "é" * 60,
    thing="action:a1",
    href="/actions/a1",
    reference="CA-ABCD-EFGH",
    child="C-00001",
    due_on=date(2026, 3, 30),
    details={"text": "A secret."},
)


def test_the_text_follows_rfc_5545() -> None:
    written = calendar([ONE, replace(ONE, due_on=None)], base=BASE, now=NOW)
    lines = written.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert all(line.decode() for line in lines[:-1]), "no fold breaks a letter"
    unfolded = written.replace(b"\r\n ", b"").decode().splitlines()
    assert unfolded.count("BEGIN:VEVENT") == 1
    for line in (
        "VERSION:2.0",
        "DTSTART;VALUE=DATE:20260330",
        "DTEND;VALUE=DATE:20260331",
        "DTSTAMP:20260302T090000Z",
        "SUMMARY:Action to do\\; with\\, marks \\\\ and é" + "é" * 60 + " CA-ABCD-EFGH",
        f"URL:{BASE}/actions/a1",
    ):
        assert line in unfolded
    assert "C-00001" not in written.decode()
    assert "secret" not in written.decode()


def test_an_event_keeps_its_name_when_its_date_moves() -> None:
    def uid(one: Task) -> str:
        found = Calendar.from_ical(calendar([one], base=BASE, now=NOW))
        return str(found.walk("VEVENT")[0]["UID"])

    moved = replace(ONE, due_on=date(2026, 4, 3), title="Other words")
    assert uid(ONE) == uid(moved) != uid(replace(ONE, thing="action:a2"))


def _address(page: str) -> str:
    found = re.search(r"http://testserver(/calendar/[^<\s]+\.ics)", page)
    assert found is not None
    return found[1]


def _made(council: Council, handle: str, password: str = PASSWORD) -> Any:
    """The answer to somebody who asks for an address and gives this password."""
    return council.browser(handle).post("/account/calendar", {"current": password})


def test_a_new_address_asks_for_the_password(small_council: Council) -> None:
    council = small_council
    council.with_password("worker")
    first = _address(_made(council, "worker").text)
    for wrong in ("", "another password"):
        answer = _made(council, "worker", wrong)
        assert answer.status_code == 422
        assert "This is not your present password." in words_of(answer.text)
    assert council.browser("nobody").client.get(first).status_code == 200


def test_the_address_opens_one_queue_until_it_is_revoked(small_council: Council) -> None:
    council = small_council
    audit, action = raised(council, text="An unmistakable thing.")
    browser = council.browser("worker")
    council.with_password("worker")
    first = _address(_made(council, "worker").text)
    assert first.removesuffix(".ics") not in browser.get("/account/calendar").text
    stranger = council.browser("nobody").client
    stranger.cookies.clear()
    answer = stranger.get(first)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in answer.headers
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    row = council.view(audit).row
    assert str(event["SUMMARY"]) == f"Action to accept {row.reference}"
    assert event["DTSTART"].dt == council.today + timedelta(days=7)
    assert str(event["URL"]) == f"http://testserver/actions/{action}"
    for kept in ("unmistakable", row.child, "Worker"):
        assert kept not in answer.text
    assert stranger.get(f"/actions/{action}").status_code == 303

    actions.accept(council.services.desk, AcceptAction(action=action), by=council.actor("worker"))
    assert "Action to do" in stranger.get(first).text
    second = _address(_made(council, "worker").text)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    browser.post("/account/calendar/revoke")
    assert stranger.get(second).status_code == 404
    assert "Make an address" in words_of(browser.get("/account/calendar").text)


def test_the_address_of_somebody_who_left_opens_nothing(small_council: Council) -> None:
    council = small_council
    council.with_password("auditor2")
    address = _address(_made(council, "auditor2").text)
    people.depart(council.services.desk, person=council.ids["auditor2"], by=OPERATOR)
    council.clock.advance(timedelta(days=1))
    assert council.browser("nobody").client.get(address).status_code == 404


def test_a_blind_moderator_s_calendar_tells_of_their_own_task_alone(
    small_council: Council,
) -> None:
    council = small_council
    audit, _ = raised(council, owner=council.ids["moderator"])
    council.seal(audit)
    council.with_password("moderator")
    address = _address(_made(council, "moderator").text)
    told = council.browser("moderator").client.get(address).text
    found = [str(one["SUMMARY"]) for one in Calendar.from_ical(told).walk("VEVENT")]
    assert found == [f"Audit to moderate {council.view(audit).row.reference}"]
