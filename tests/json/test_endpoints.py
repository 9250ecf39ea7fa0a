"""The JSON API: the same commands and queries, with tokens, ETags and problem documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.core.clock import SetClock
from tests.support.council import Council, content

V1 = "/api/v1"


def allocation(council: Council, **values: Any) -> dict[str, Any]:
    return {
        "child": "C-77001",
        "tool": "whole-case-file",
        "auditor": council.ids["auditor"],
        "team": "east",
        "practice_from": str(council.today - timedelta(days=180)),
        "practice_to": str(council.today),
        "due_on": str(council.today + timedelta(days=28)),
        **values,
    }


def etag(client: TestClient, audit: str) -> dict[str, str]:
    return {"If-Match": client.get(f"{V1}/case-audits/{audit}").headers["ETag"]}


def submission(council: Council, overall: str = "good") -> dict[str, Any]:
    return {"content": content(council.tool, council.today, overall).model_dump(mode="json")}


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


def test_a_dispute_is_decided_by_somebody_free_of_both(council: Council) -> None:
    audit, moderation = council.moderated("good", "inadequate")
    at = f"{V1}/case-audits/{audit}/moderations/{moderation}"
    lead, auditor, second = (council.program(h) for h in ("lead", "auditor", "lead2"))
    disputed = auditor.post(
        f"{at}/dispute",
        json={"about": ["overall"], "grounds": "The review minutes were overlooked."},
        headers=etag(auditor, audit),
    )
    assert disputed.status_code == 201
    partial = lead.put(
        f"{at}/dispute/decider",
        json={"decider": council.ids["moderator"]},
        headers=etag(lead, audit),
    )
    assert partial.json()["errors"][0]["code"] == "independence-party"
    named = lead.put(
        f"{at}/dispute/decider", json={"decider": council.ids["lead2"]}, headers=etag(lead, audit)
    )
    assert named.status_code == 200
    decision = {
        "outcome": "upheld",
        "overall": "good",
        "reason_code": "evidence-overlooked",
        "reasons": "The minutes show the effect asked for.",
    }
    decided = second.post(f"{at}/dispute/decision", json=decision, headers=etag(second, audit))
    assert decided.status_code == 201
    row = lead.get(f"{V1}/case-audits/{audit}").json()["audit"]
    assert (row["final_grade"], row["final_source"]) == ("good", "senior-decision")


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
    assert small_council.view(audit).row["status"] == "allocated"


def test_a_stale_version_is_a_conflict_and_saves_nothing(small_council: Council) -> None:
    audit = small_council.allocated()
    client = small_council.program("auditor")
    stale = etag(client, audit)
    lead = small_council.program("lead")
    lead.post(
        f"{V1}/case-audits/{audit}/extension",
        json={"due_on": str(small_council.today + timedelta(days=60)), "reason": "Leave"},
        headers=stale,
    )
    answer = client.post(
        f"{V1}/case-audits/{audit}/submission", json=submission(small_council), headers=stale
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "moved-on")
    missing = client.post(f"{V1}/case-audits/{audit}/submission", json=submission(small_council))
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-missing")


def test_the_same_key_does_the_work_once(council: Council) -> None:
    lead = council.program("lead")
    keyed = {"Idempotency-Key": "allocation-0001"}
    first = lead.post(f"{V1}/case-audits", json=allocation(council), headers=keyed)
    again = lead.post(f"{V1}/case-audits", json=allocation(council), headers=keyed)
    assert first.json()["result"] == again.json()["result"]
    assert (first.json()["replayed"], again.json()["replayed"]) == (False, True)
    other = lead.post(f"{V1}/case-audits", json=allocation(council, child="C-77002"), headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(lead.get(f"{V1}/case-audits").json()["audits"]) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer clp_wrong"}, 401), ({"Authorization": "Digest x"}, 401)],
)
def test_without_a_token_nothing_is_told(
    small_council: Council, headers: dict[str, str], status: int
) -> None:
    client = small_council.program("lead")
    client.headers.pop("Authorization")
    answer = client.get(f"{V1}/case-audits", headers=headers)
    assert answer.status_code == status
    assert answer.json()["code"] == "not-signed-in"


def test_a_change_needs_a_token_that_is_right_before_anything_is_looked_up(
    small_council: Council,
) -> None:
    """Without one nothing else is said. With a wrong one only what the public description says."""
    client, head = small_council.program("lead"), small_council.services.store.head()
    right, wrong = allocation(small_council), {**allocation(small_council), "tool": 7}
    bad = {"Authorization": "Bearer clp_wrong"}
    assert client.post(f"{V1}/case-audits", json=right, headers=bad).status_code == 401
    assert client.post(f"{V1}/case-audits", json=wrong, headers=bad).status_code == 422
    client.headers.pop("Authorization")
    for body in (right, wrong):
        assert client.post(f"{V1}/case-audits", json=body).status_code == 401
    assert small_council.services.store.head() == head


def test_a_token_is_held_to_its_scopes(small_council: Council) -> None:
    reading = small_council.program("lead", "read")
    answer = reading.post(f"{V1}/case-audits", json=allocation(small_council))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert small_council.program("lead", "write").get(f"{V1}/case-audits").status_code == 403
    assert reading.get(f"{V1}/exports/audits.csv").status_code == 403


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


def test_a_blind_moderator_learns_nothing_by_any_route(council: Council) -> None:
    """Grade, author and text of a sealed audit appear in no answer of the API."""
    secret = "An unmistakable sentence of evidence."
    judged = content(council.tool, council.today, "outstanding")
    first = judged.judgements[0].model_copy(update={"evidence": secret})
    audit = council.submitted("outstanding", judgements=(first, *judged.judgements[1:]))
    view = council.view(audit)
    moderation = view.row["moderation"]
    council.program("lead").put(
        f"{V1}/case-audits/{audit}/moderations/{moderation}/moderator",
        json={"moderator": council.ids["moderator"], "blind": True},
        headers={"If-Match": f'"{view.row["stream_version"]}"'},
    )
    client = council.program("moderator")
    for past in ("", f"&as_at={council.today}", f"&position={council.services.store.head()}"):
        for path in (
            f"/case-audits?limit=50{past}",
            f"/case-audits?grade=outstanding{past}",
            f"/case-audits?auditor={council.ids['auditor']}{past}",
            f"/case-audits/{audit}?{past}",
            f"/case-audits/{audit}/history?{past}",
            f"/children/{view.row['child']}/history?{past}",
            f"/search?q=unmistakable{past}",
            f"/search?q={view.row['reference']}{past}",
            f"/worklist?{past}",
            f"/exports/audits.csv?{past}",
            f"/exports/audits.json?{past}",
            f"/reports/agreement?from={council.today}&to={council.today}&by=month{past}",
            f"/reports/grades?from={council.today}&to={council.today}&by=month{past}",
        ):
            answer = client.get(V1 + path)
            told = answer.text
            assert secret not in told, path
            assert council.ids["auditor"] not in told, path
            assert "Auditor Tree" not in told, path
            if "/reports/" not in path:
                assert "outstanding" not in told.casefold(), path
    report = client.get(
        f"{V1}/reports/grades?from={council.today}&to={council.today}&by=month"
    ).json()
    assert report["rows"][0]["figures"]["audits_submitted"]["numerator"] == 0

    council.record(audit, moderation, "good")
    opened = client.get(f"{V1}/case-audits/{audit}").json()
    assert opened["audit"]["overall"] == "outstanding"


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


def test_a_file_is_imported_shown_first_and_undone(small_council: Council) -> None:
    lead = small_council.program("lead")
    rows = (
        "audit_id,child_ref,audit_date,team,auditor,overall\n"
        "A-1,C-1,2026-01-10,East,a1,Good\n"
        "A-2,C-2,2026-01-11,East,a1,Goood\n"
    )
    sent = {"file": ("audits.csv", rows.encode(), "text/csv")}
    shown = lead.post(f"{V1}/imports/audits", files=sent, data={"dry_run": "true"}).json()
    assert (len(shown["facts"]), shown["faults"][0]["row"]) == (1, 2)
    refused = lead.post(f"{V1}/imports/audits", files=sent)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["column"] == "overall"
    done = lead.post(f"{V1}/imports/audits", files=sent, data={"skip_bad": "true"}).json()
    assert done["result"]["imported"] == 1
    again = lead.post(f"{V1}/imports/audits", files=sent, data={"skip_bad": "true"}).json()
    assert (again["result"]["imported"], again["result"]["already_there"]) == (0, 1)
    batch = done["result"]["batch"]
    undone = lead.post(f"{V1}/imports/{batch}/reversal", json={"reason": "Wrong file."})
    assert undone.json()["result"]["records"] == 1
    assert lead.get(f"{V1}/case-audits").json()["audits"][0]["status"] == "voided"


def test_a_tool_goes_out_as_yaml_comes_back_and_is_published(small_council: Council) -> None:
    lead = small_council.program("lead")
    at = f"{V1}/audit-tools/dip-sample"
    text = lead.get(f"{at}/versions/1/yaml").text
    held = {"If-Match": lead.get(at).headers["ETag"]}
    saved = lead.put(
        f"{at}/working-copy/yaml",
        content=text.replace("Dip sample", "Quick look"),
        headers={**held, "Content-Type": "application/yaml"},
    )
    assert saved.status_code == 200
    published = lead.post(f"{at}/versions", headers={"If-Match": saved.headers["ETag"]})
    assert published.json()["result"]["tool_version"] == 2
    assert lead.get(f"{at}/versions/1").json()["title"] == "Dip sample"
    assert lead.get(f"{at}/versions/2").json()["title"] == "Quick look"


def test_people_are_added_given_roles_and_sent_off(small_council: Council) -> None:
    admin = small_council.program("admin")
    made = admin.post(f"{V1}/people", json={"handle": "new", "name": "New Sapling"})
    person = made.json()["result"]["person"]
    at = f"{V1}/people/{person}"
    granted = admin.post(
        f"{at}/grants", json={"role": "auditor"}, headers={"If-Match": made.headers["ETag"]}
    )
    assert granted.status_code == 201
    assert admin.get(at).json()["grants"][0]["role"] == "auditor"
    left = admin.post(f"{at}/departure", json={"reason": "New job"}, headers={"If-Match": '"2"'})
    assert left.status_code == 201
    taken = admin.post(f"{V1}/people", json={"handle": "new", "name": "Another"})
    assert (taken.status_code, taken.json()["code"]) == (409, "handle-taken")
    assert small_council.program("auditor").get(f"{V1}/people").status_code == 403


def test_the_description_of_the_api_is_whole(small_council: Council) -> None:
    document = small_council.program("lead").get(f"{V1}/openapi.json").json()
    operations = [
        operation
        for path in document["paths"].values()
        for verb, operation in path.items()
        if verb in ("get", "post", "put", "delete")
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation.get("description") for operation in operations)
    assert all(path.startswith(V1) for path in document["paths"])


def test_a_moderator_is_not_shown_in_passing_what_they_may_have_to_judge_blind(
    council: Council,
) -> None:
    """Audits picked for moderation and not yet assigned keep their grade from moderators' lists;
    who opens one is written down, and is never called blind."""
    first, second = council.submitted("outstanding"), council.submitted("outstanding")
    moderator, lead = council.program("moderator"), council.program("lead")
    for path in ("/case-audits", "/exports/audits.json", "/search?q=telephone"):
        told = moderator.get(V1 + path).text
        assert "outstanding" not in told.casefold()
        assert council.ids["auditor"] not in told
    assert lead.get(f"{V1}/case-audits").json()["audits"][0]["overall"] == "outstanding"
    moderator.get(f"{V1}/case-audits/{first}")
    blind = {}
    for audit in (first, second):
        row = council.view(audit).row
        done = lead.put(
            f"{V1}/case-audits/{audit}/moderations/{row['moderation']}/moderator",
            json={"moderator": council.ids["moderator"], "blind": True},
            headers={"If-Match": f'"{row["stream_version"]}"'},
        )
        blind[audit] = done.json()["result"]["blind"]
    assert blind == {first: False, second: True}
