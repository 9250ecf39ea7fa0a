"""Moderation over the API."""

from __future__ import annotations

from tests.support.council import Council

V1 = "/api/v1"


def test_a_lead_asks_for_the_moderation_of_an_audit_that_was_not_picked(council: Council) -> None:
    audit = next(
        audit
        for audit in (council.submitted() for _ in range(20))
        if council.view(audit).row["moderation"] is None
    )
    lead, at = council.program("lead"), f"{V1}/case-audits/{audit}"
    asked = {"If-Match": lead.get(at).headers["ETag"]}
    done = lead.post(f"{at}/moderations", headers=asked)
    assert done.status_code == 201
    assert council.view(audit).row["moderation"] == done.json()["result"]["moderation"]
    assert lead.post(f"{at}/moderations", headers=asked).status_code == 409
