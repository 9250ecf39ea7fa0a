"""The working days on their page and over the API, and the clocks that run by them."""

from __future__ import annotations

from datetime import date, timedelta

from qa.core.clock import ENGLAND
from qa.working_days import handlers
from qa.working_days.commands import SetWorkingDays
from tests.actions.support import by_hand
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import send


def test_a_closed_day_is_set_on_the_page_and_every_version_stays(small_council: Council) -> None:
    council = small_council
    lead = council.browser("lead")
    assert "None" in words_of(lead.get("/working-days").text)
    wrong = send(lead, "/working-days/edit", {"closed": "24/12/2026\nsome day"})
    assert wrong.status_code == 422
    assert "some day is no date" in wrong.text
    past = send(lead, "/working-days/edit", {"closed": "1/1/2026"})
    assert past.status_code == 422
    assert "2026-01-01 is over and stays as it was." in words_of(past.text)
    done = send(lead, "/working-days/edit", {"closed": "24/12/2026\n2026-12-29"})
    assert done.status_code == 303
    page = words_of(council.browser("auditor").get("/working-days").text)
    assert "24 December 2026, 29 December 2026" in page
    assert "Set version 1 of the working days" in page
    assert council.browser("auditor").get("/working-days/edit").status_code == 403


def test_programs_set_the_working_days_from_the_version_they_saw(small_council: Council) -> None:
    lead = small_council.program("lead")
    at = f"{V1}/working-days"
    first = lead.get(at)
    assert first.json()["policy_version"] == 0
    body = {"closed": ["2026-12-24"]}
    assert lead.put(at, json=body).status_code == 428
    tag = {"If-Match": first.headers["ETag"]}
    assert lead.put(at, json=body, headers=tag).status_code == 200
    assert lead.put(at, json={"closed": []}, headers=tag).status_code == 409
    held = lead.get(at).json()
    assert (held["policy_version"], held["closed"]) == (1, ["2026-12-24"])
    assert small_council.program("auditor").put(at, json=body, headers=tag).status_code == 403


def test_a_clock_counts_by_the_calendar_of_the_day_on_which_it_started(
    small_council: Council,
) -> None:
    council = small_council

    def accept_by(action: str) -> date:
        found = council.program("lead").get(f"{V1}/actions/{action}").json()["action"]
        return date.fromisoformat(found["accept_by"])

    before = by_hand(council)
    plain = accept_by(before)
    assert plain == ENGLAND.after(council.today, 5)
    closed = (council.today + timedelta(days=1), council.today + timedelta(days=2))
    handlers.set_working_days(
        council.services.desk, SetWorkingDays(closed=closed), by=council.actor("lead")
    )
    assert accept_by(by_hand(council)) == ENGLAND.after(council.today, 7)
    assert accept_by(before) == plain
