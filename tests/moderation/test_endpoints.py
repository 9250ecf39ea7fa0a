"""Moderation over the API: disputes decided, and nothing sealed told by any route."""

from __future__ import annotations

import pytest

from qa.safeguarding import handlers as concerns
from qa.safeguarding.commands import RaiseConcern
from tests.support.addresses import addresses_of
from tests.support.case_audits import V1, etag
from tests.support.council import Council, content

pytestmark = pytest.mark.one_database


@pytest.mark.both_databases
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


def test_a_blind_moderator_learns_nothing_by_any_route(council: Council) -> None:
    """Grade, author and text of a sealed audit appear in no answer of the API."""
    secret = "An unmistakable sentence of evidence."
    judged = content(council.tool, council.today, "outstanding")
    first = judged.judgements[0].model_copy(update={"evidence": secret})
    audit = council.submitted(
        "outstanding",
        judgements=(first, *judged.judgements[1:]),
        actions=(council.action(text=secret),),
        no_action_reason="",
    )
    concerns.raise_concern(
        council.services.desk, RaiseConcern(audit=audit, what=secret), by=council.actor("auditor")
    )
    view = council.view(audit)
    moderation = view.row.moderation
    council.program("lead").put(
        f"{V1}/case-audits/{audit}/moderations/{moderation}/moderator",
        json={"moderator": council.ids["moderator"], "blind": True},
        headers={"If-Match": f'"{view.row.stream_version}"'},
    )
    client = council.program("moderator")
    for past in ("", f"&as_at={council.today}", f"&position={council.services.store.head()}"):
        for path in (
            f"/case-audits?limit=50{past}",
            f"/case-audits?grade=outstanding{past}",
            f"/case-audits?auditor={council.ids['auditor']}{past}",
            f"/case-audits/{audit}?{past}",
            f"/case-audits/{audit}/history?{past}",
            f"/children/{view.row.child}/history?{past}",
            f"/search?q=unmistakable{past}",
            f"/search?q={view.row.reference}{past}",
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
    walked = 0
    pages = council.browser("moderator")
    for path in addresses_of(council, audit):
        answer = (client if path.startswith("/api/") else pages).get(path)
        walked += answer.status_code == 200
        assert secret not in answer.text, path
        # Whom a form offers says nothing of who wrote this audit.
        assert "Auditor Tree" not in answer.text or "<option" in answer.text, path
    assert walked > 60
    report = client.get(
        f"{V1}/reports/grades?from={council.today}&to={council.today}&by=month"
    ).json()
    assert report["rows"][0]["figures"]["audits_submitted"]["numerator"] == 0

    council.record(audit, moderation, "good")
    opened = client.get(f"{V1}/case-audits/{audit}").json()
    assert opened["audit"]["overall"] == "outstanding"


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
            f"{V1}/case-audits/{audit}/moderations/{row.moderation}/moderator",
            json={"moderator": council.ids["moderator"], "blind": True},
            headers={"If-Match": f'"{row.stream_version}"'},
        )
        blind[audit] = done.json()["result"]["blind"]
    assert blind == {first: False, second: True}


def test_a_lead_asks_for_the_moderation_of_an_audit_that_was_not_picked(council: Council) -> None:
    audit = next(
        audit
        for audit in (council.submitted() for _ in range(20))
        if council.view(audit).row.moderation is None
    )
    lead, at = council.program("lead"), f"{V1}/case-audits/{audit}"
    asked = {"If-Match": lead.get(at).headers["ETag"]}
    done = lead.post(f"{at}/moderations", headers=asked)
    assert done.status_code == 201
    assert council.view(audit).row.moderation == done.json()["result"]["moderation"]
    assert lead.post(f"{at}/moderations", headers=asked).status_code == 409
