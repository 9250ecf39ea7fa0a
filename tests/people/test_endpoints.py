"""People over the API."""

from __future__ import annotations

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
    assert admin.get(at).json()["grants"][0]["role"] == "auditor"
    left = admin.post(f"{at}/departure", json={"reason": "New job"}, headers={"If-Match": '"2"'})
    assert left.status_code == 201
    taken = admin.post(f"{V1}/people", json={"handle": "new", "name": "Another"})
    assert (taken.status_code, taken.json()["code"]) == (409, "handle-taken")
    assert small_council.program("auditor").get(f"{V1}/people").status_code == 403
