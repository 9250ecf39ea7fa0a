"""People over the API."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.support.case_audits import V1
from tests.support.council import Council


def test_people_are_added_given_roles_and_sent_off(small_council: Council) -> None:
    admin = small_council.program("admin")
    made = admin.post(f"{V1}/people", json={"handle": "new", "name": "New Sapling"})
    person = made.json()["result"]["person"]
    at = f"{V1}/people/{person}"
    granted = admin.post(
        f"{at}/grants", json={"role": "auditor"}, headers={"If-Match": made.headers["ETag"]}
    )
    assert granted.status_code == 201
    own = f"{V1}/people/{small_council.ids['admin']}"
    refused = admin.post(
        f"{own}/grants",
        json={"role": "qa-lead"},
        headers={"If-Match": admin.get(own).headers["ETag"]},
    )
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "own-grant")
    assert admin.get(at).json()["grants"][0]["role"] == "auditor"
    left = admin.post(
        f"{at}/departure", json={"reason": "A new job now"}, headers={"If-Match": '"2"'}
    )
    assert left.status_code == 201
    taken = admin.post(f"{V1}/people", json={"handle": "new", "name": "Another"})
    assert (taken.status_code, taken.json()["code"]) == (409, "handle-taken")
    assert small_council.program("auditor").get(f"{V1}/people").status_code == 403


def test_a_person_who_was_added_signs_in_with_a_code_and_can_be_shut_out(
    small_council: Council,
) -> None:
    admin, lead = small_council.program("admin"), small_council.program("lead")
    made = admin.post(f"{V1}/people", json={"handle": "new", "name": "New Sapling"})
    at = f"{V1}/people/{made.json()['result']['person']}"
    assert lead.post(f"{at}/one-time-code").status_code == 403
    told = admin.post(f"{at}/one-time-code")
    assert (told.status_code, told.json()["page"]) == (201, "/set-password")
    visitor = TestClient(small_council.app, follow_redirects=False)
    chosen = "cloud over harbour"
    page = visitor.post(
        "/set-password",
        data={"code": told.json()["code"], "password": chosen, "again": chosen},
        headers={"Origin": "http://testserver"},
    )
    assert page.status_code == 303
    assert visitor.get("/account").status_code == 200
    assert lead.post(f"{at}/access/end").status_code == 403
    ended = admin.post(f"{at}/access/end")
    assert (ended.status_code, ended.json()["version"]) == (201, 3)
    for nobody in ("access/end", "one-time-code"):
        assert admin.post(f"{V1}/people/nobody-here/{nobody}").status_code == 404
    assert visitor.get("/account").status_code == 303
