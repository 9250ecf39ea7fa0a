"""Pages and API of the follow-up of inadequate audits."""

from __future__ import annotations

import re
from html import unescape

from tests.follow_ups.support import inadequate, re_audit
from tests.support.council import Council, words_of
from tests.support.forms import read, send_as, sent


def test_an_inadequate_audit_is_followed_on_its_pages(small_council: Council) -> None:
    council = small_council
    assert "Nothing is being followed up" in read(council, "lead", "/follow-ups")
    audit, action = inadequate(council)
    here = f"/audits/{audit}/follow-up"
    assert "To be escalated" in read(council, "lead", f"/audits/{audit}")
    assert "To be escalated" in read(council, "lead", "/follow-ups")
    unsaid = send_as(council, "lead", f"{here}/escalate")
    assert unsaid.status_code == 422
    assert "Choose somebody from the list." in words_of(unsaid.text)
    sent(council, "lead", f"{here}/escalate", {"owner": council.ids["moderator2"]})
    empty = send_as(council, "lead", f"{here}/plan", {"plan": ""})
    assert "Choose what is done about it." in words_of(empty.text)
    assert "Say what the plan is." in words_of(empty.text)
    sent(council, "lead", f"{here}/plan", {"actions": [action], "plan": "A visit each week."})
    shown = read(council, "lead", here)
    assert "Actions to be done" in shown
    assert "A visit each week." in shown
    assert "Agreed a plan of 1 action" in shown
    assert "Escalated to a head of service" in read(council, "lead", f"/audits/{audit}/history")
    assert send_as(council, "lead", f"{here}/plan").status_code == 409
    re_audit(council, audit, "good")
    assert "Resolved by a re-audit" in read(council, "lead", here)
    assert "1 of 1 that have ended did so with a better re-audit." in read(
        council, "lead", "/follow-ups"
    )
    # Each number leads to what it counts.
    listed = unescape(council.browser("lead").get("/follow-ups").text)
    for words in ("1 with a better re-audit", "1 that have ended"):
        there = re.search(rf'href="([^"]+)">{words}<', listed)
        assert there is not None, words
        assert "1 follow-up" in read(council, "lead", there[1])
    for handle in ("worker", "admin", "nobody"):
        assert council.browser(handle).get(here).status_code in (403, 404)
    assert council.browser("lead").get(f"{here}/dance").status_code == 404
    good = council.submitted("good")
    assert council.browser("lead").get(f"/audits/{good}/follow-up").status_code == 404


def test_clocks_of_follow_ups_are_set_by_qa_leads(small_council: Council) -> None:
    council = small_council
    page = "/follow-up-policy"
    assert "The time limits that Caseloop starts with" in read(council, "lead", page)
    days = {
        "escalate_within_working_days": "2",
        "plan_within_working_days": "",
        "actions_within_working_days": "30",
        "re_audit_within_days": "70",
    }
    wrong = send_as(council, "lead", f"{page}/edit", days)
    assert "Enter a whole number of days." in words_of(wrong.text)
    sent(council, "lead", f"{page}/edit", {**days, "plan_within_working_days": "6"})
    assert "Working days to agree a plan 6" in read(council, "auditor", page)
    assert council.browser("auditor").get(f"{page}/edit").status_code == 403


def test_programs_follow_an_inadequate_audit(small_council: Council) -> None:
    council = small_council
    audit, action = inadequate(council)
    lead = council.program("lead", "read", "write")
    place = f"/api/v1/case-audits/{audit}/follow-up"
    listed = lead.get("/api/v1/follow-ups", params={"running": True}).json()["follow_ups"]
    assert [one["owed"]["step"] for one in listed] == ["escalate"]
    tag = lead.get(place).headers["ETag"]
    owner = {"owner": council.ids["lead2"]}
    assert lead.post(f"{place}/escalation", json=owner).status_code == 428
    done = lead.post(f"{place}/escalation", json=owner, headers={"If-Match": tag})
    assert done.is_success
    plan = {"actions": [action], "plan": "A visit each week."}
    assert lead.post(f"{place}/plan", json=plan, headers={"If-Match": tag}).status_code == 409
    assert lead.post(
        f"{place}/plan", json=plan, headers={"If-Match": done.headers["ETag"]}
    ).is_success
    found = lead.get(place).json()
    assert found["follow_up"]["owed"]["step"] == "actions"
    assert [one["action"] for one in found["planned"]] == [action]
    other = {"owner": council.ids["lead"]}
    tag = lead.get(place).headers["ETag"]
    handed = lead.post(f"{place}/escalation", json=other, headers={"If-Match": tag})
    assert handed.is_success
    after = lead.get(place).json()
    assert after["follow_up"]["owner"] == council.ids["lead"]
    assert after["follow_up"]["owed"]["step"] == "actions"
    assert [one["action"] for one in after["planned"]] == [action]
    policy = "/api/v1/follow-up-policy"
    held = lead.get(policy)
    clocks = {name: value for name, value in held.json().items() if name != "policy_version"}
    clocks["re_audit_within_days"] = 70
    assert lead.put(policy, json=clocks, headers={"If-Match": held.headers["ETag"]}).is_success
    assert lead.get(policy).json()["re_audit_within_days"] == 70
