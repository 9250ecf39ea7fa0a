"""Case audits over the API: the same commands and queries as on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qa.core.clock import SetClock
from tests.support.case_audits import V1, allocation, etag, submission
from tests.support.council import Council


def test_an_audit_goes_from_allocation_to_its_final_grade(council: Council) -> None:
    lead, auditor = council.program("lead"), council.program("auditor")
    moderator = council.program("moderator")
    made = lead.post(f"{V1}/case-audits", json=allocation(council))
    assert made.status_code == 201
    audit = made.json()["result"]["audit"]
    assert made.headers["Location"] == f"{V1}/case-audits/{audit}"

    done = auditor.post(
        f"{V1}/case-audits/{audit}/submission",
        json=submission(council),
        headers=etag(auditor, audit),
    )
    assert done.status_code == 201
    moderation = lead.get(f"{V1}/case-audits/{audit}").json()["audit"]["moderation"]
    at = f"{V1}/case-audits/{audit}/moderations/{moderation}"
    assigned = lead.put(
        f"{at}/moderator",
        json={"moderator": council.ids["moderator"]},
        headers=etag(lead, audit),
    )
    assert assigned.json()["result"]["blind"] is True
    given = submission(council)["content"]["judgements"]
    recorded = moderator.post(
        f"{at}/judgement",
        json={
            "overall": "requires-improvement",
            "rationale": "Oversight is not regular enough.",
            "judgements": [{"domain": j["domain"], "grade": j["grade"]} for j in given],
        },
        headers=etag(moderator, audit),
    )
    assert recorded.json()["result"]["agrees"] is False
    settled = auditor.post(
        f"{at}/consensus",
        json={"overall": "requires-improvement", "rationale": "Agreed on reading it together."},
        headers=etag(auditor, audit),
    )
    assert settled.status_code == 201
    row = lead.get(f"{V1}/case-audits/{audit}").json()["audit"]
    assert (row["status"], row["overall"], row["final_grade"], row["final_source"]) == (
        "finalised",
        "good",
        "requires-improvement",
        "consensus",
    )
    said = [e["said"] for e in lead.get(f"{V1}/case-audits/{audit}/history").json()["entries"]]
    assert said[0].startswith("Allocated audit")
    assert said[-1] == "Final grade: Requires improvement (from consensus)"


def test_every_fault_of_a_submission_is_named_at_its_field(small_council: Council) -> None:
    audit = small_council.allocated()
    client = small_council.program("auditor")
    body = submission(small_council)
    body["content"]["judgements"][0]["grade"] = None
    body["content"]["rationale"] = ""
    body["content"]["no_action_reason"] = ""
    answer = client.post(
        f"{V1}/case-audits/{audit}/submission", json=body, headers=etag(client, audit)
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {e["field"] for e in answer.json()["errors"]} == {
        "judgements.lived-experience.grade",
        "rationale",
        "no_action_reason",
    }
    assert small_council.view(audit).row.status == "allocated"


@pytest.mark.parametrize("handle", ["auditor", "moderator", "admin", "reader", "worker"])
def test_only_a_qa_lead_allocates(small_council: Council, handle: str) -> None:
    answer = small_council.program(handle).post(f"{V1}/case-audits", json=allocation(small_council))
    assert answer.status_code == 403


def test_an_audit_out_of_reach_is_not_told_from_one_that_is_not_there(
    small_council: Council,
) -> None:
    audit = small_council.submitted()
    stranger = small_council.program("auditor2")
    known = stranger.get(f"{V1}/case-audits/{audit}")
    unknown = stranger.get(f"{V1}/case-audits/{'0' * 32}")
    assert known.status_code == unknown.status_code == 404
    assert known.json()["detail"] == unknown.json()["detail"]


def test_a_reading_can_be_asked_for_as_at_a_past_day(council: Council) -> None:
    audit = council.allocated()
    lead = council.program("lead")
    allocated_on = council.today
    assert isinstance(council.clock, SetClock)
    council.clock.advance(timedelta(days=3))
    done = council.program("auditor").post(
        f"{V1}/case-audits/{audit}/submission",
        json=submission(council),
        headers={"If-Match": '"1"'},
    )
    assert done.status_code == 201
    then = lead.get(f"{V1}/case-audits/{audit}?as_at={allocated_on}").json()
    now = lead.get(f"{V1}/case-audits/{audit}").json()
    assert (then["audit"]["status"], then["audit"]["overall"]) == ("allocated", None)
    assert now["audit"]["overall"] == "good"
    ahead = lead.get(f"{V1}/case-audits?as_at={council.today + timedelta(days=1)}")
    beyond = lead.get(f"{V1}/case-audits?position=999999")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "date-future")
    assert (beyond.status_code, beyond.json()["code"]) == (422, "position-beyond-head")


def test_lists_are_paged_by_cursor(small_council: Council) -> None:
    made = [small_council.allocated() for _ in range(5)]
    lead = small_council.program("lead")
    first = lead.get(f"{V1}/case-audits?limit=2").json()
    second = lead.get(f"{V1}/case-audits?limit=2&before={first['next']}").json()
    third = lead.get(f"{V1}/case-audits?limit=2&before={second['next']}").json()
    got = [row["audit"] for page in (first, second, third) for row in page["audits"]]
    assert got == made[::-1]
    assert third["next"] is None
