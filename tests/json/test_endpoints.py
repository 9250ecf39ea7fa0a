"""What holds for every operation of the API: tokens, scopes, versions, keys and its description."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.case_audits import V1, allocation, etag, submission
from tests.support.council import Council


def test_a_stale_version_is_a_conflict_and_saves_nothing(small_council: Council) -> None:
    audit = small_council.allocated()
    client = small_council.program("auditor")
    stale = etag(client, audit)
    lead = small_council.program("lead")
    lead.post(
        f"{V1}/case-audits/{audit}/extension",
        json={"due_on": str(small_council.today + timedelta(days=60)), "reason": "On leave now"},
        headers=stale,
    )
    answer = client.post(
        f"{V1}/case-audits/{audit}/submission", json=submission(small_council), headers=stale
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "moved-on")
    missing = client.post(f"{V1}/case-audits/{audit}/submission", json=submission(small_council))
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-missing")
    for tag in ("", '""', '"x"', '"-1"', f'"{"1" * 19}"'):
        malformed = client.post(
            f"{V1}/case-audits/{audit}/submission",
            json=submission(small_council),
            headers={"If-Match": tag},
        )
        assert (malformed.status_code, malformed.json()["code"]) == (422, "etag-malformed")


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
    """Without a right one, for writing, nothing is said of what was sent."""
    client, head = small_council.program("lead"), small_council.services.store.head()
    right, wrong = allocation(small_council), {**allocation(small_council), "tool": 7}
    bad = {"Authorization": "Bearer clp_wrong"}
    reading = small_council.program("lead", "read")
    for body in (right, wrong):
        assert client.post(f"{V1}/case-audits", json=body, headers=bad).status_code == 401
        assert reading.post(f"{V1}/case-audits", json=body).status_code == 403
    assert client.post(f"{V1}/case-audits", json=wrong).status_code == 422
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
