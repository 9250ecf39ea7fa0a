"""Pages and API of safeguarding concerns: what they show, to whom, and the forms on them."""

from __future__ import annotations

from datetime import timedelta

from tests.support.council import Council, words_of
from tests.support.forms import read, send_as, sent

WHAT = "The child is alone at night."


def raised(council: Council, **fields: str) -> tuple[str, str]:
    """A concern raised on its page from a draft: (audit, address)."""
    audit = council.allocated()
    place = sent(council, "auditor", f"/audits/{audit}/concern", {"what": WHAT, **fields})
    return audit, place.partition("?")[0]


def test_a_concern_is_raised_from_a_draft_told_and_acknowledged(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    assert "Raise a safeguarding concern" in read(council, "auditor", f"/audits/{audit}/write")
    empty = send_as(council, "auditor", f"/audits/{audit}/concern", {"how": "telephone"})
    assert empty.status_code == 422
    assert "Say what you fear for the child, and why." in words_of(empty.text)

    audit, here = raised(council)
    shown = read(council, "auditor", here)
    assert "No manager told" in shown
    assert WHAT in shown
    assert "Safeguarding concern : No manager told" in read(
        council, "auditor", f"/audits/{audit}/write"
    )
    moderator = council.ids["moderator"]
    sent(council, "auditor", f"{here}/tell", {"manager": moderator, "how": "telephone"})
    assert "To be acknowledged" in read(council, "auditor", here)
    assert "Acknowledge this concern" not in read(council, "auditor", here)
    silent = send_as(council, "moderator", f"{here}/acknowledge")
    assert silent.status_code == 422
    assert "Say what is being done for the child." in words_of(silent.text)
    council.clock.advance(timedelta(minutes=50))
    sent(council, "moderator", f"{here}/acknowledge", {"doing": "A visit today."})
    shown = read(council, "auditor", here)
    assert "A visit today." in shown
    assert "acknowledging 50" in shown
    listed = read(council, "lead", "/safeguarding")
    assert "1 of 1 (100%)" in listed
    assert "1 acknowledged by the first deadline" in listed
    assert "1 concern" in read(council, "lead", "/safeguarding?in_time=yes")
    assert "No concern" in read(council, "lead", "/safeguarding?in_time=no")
    history = read(council, "lead", f"/audits/{audit}/history")
    assert "Told a manager of the safeguarding concern" in history
    assert "Acknowledged the safeguarding concern" in history


def test_a_concern_is_closed_to_everybody_else(small_council: Council) -> None:
    council = small_council
    _, here = raised(council)
    for handle in ("worker", "auditor2", "admin", "reader", "nobody"):
        assert council.browser(handle).get(here).status_code in (403, 404)
    assert "There are no concerns" in read(council, "auditor2", "/safeguarding")
    assert council.browser("worker").get("/safeguarding").status_code == 403
    assert council.browser("auditor").get(here[:-32] + "0" * 32).status_code == 404
    assert council.browser("auditor").get(f"{here}/dance").status_code == 404
    assert council.browser("moderator").get(f"{here}/acknowledge").status_code in (403, 404)


def test_the_clock_is_set_by_qa_leads(small_council: Council) -> None:
    council = small_council
    assert "time limit that Caseloop starts with" in read(council, "lead", "/safeguarding-policy")
    numbers = {
        "acknowledge_within_minutes": "30",
        "escalate_every_minutes": "",
        "escalations_at_most": "3",
    }
    wrong = send_as(council, "lead", "/safeguarding-policy/edit", numbers)
    assert "Enter a whole number." in words_of(wrong.text)
    numbers["escalate_every_minutes"] = "15"
    sent(council, "lead", "/safeguarding-policy/edit", numbers)
    shown = read(council, "auditor", "/safeguarding-policy")
    assert "Version 1." in shown
    assert "Minutes to acknowledge a concern 30" in shown
    assert council.browser("auditor").get("/safeguarding-policy/edit").status_code == 403


def test_programs_raise_tell_and_acknowledge(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    auditor = council.program("auditor", "read", "write")
    lead = council.program("lead", "read", "write")
    place = f"/api/v1/case-audits/{audit}/concerns"
    told = {"what": WHAT, "manager": council.ids["lead"], "how": "in-person"}
    made = auditor.post(place, json=told, headers={"Idempotency-Key": "concern-key-1"})
    assert made.status_code == 201, made.text
    here = made.headers["Location"]
    again = auditor.post(place, json=told, headers={"Idempotency-Key": "concern-key-1"})
    assert again.json()["replayed"]
    assert lead.get("/api/v1/concerns", params={"waiting": True}).json()["concerns"][0]["told"]
    opened = lead.get(here)
    assert opened.json()["concern"]["what"] == WHAT
    doing = {"doing": "A visit today."}
    stale = lead.post(f"{here}/acknowledgement", json=doing, headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    tag = opened.headers["ETag"]
    assert (
        lead.post(f"{here}/acknowledgement", json=doing, headers={"If-Match": tag}).status_code
        == 200
    )
    timeline = [step["type"] for step in lead.get(here).json()["timeline"]]
    assert timeline == [
        "SafeguardingConcernRaised", "SafeguardingManagerTold", "SafeguardingConcernAcknowledged",
    ]  # fmt: skip
    clock = {
        "acknowledge_within_minutes": 30, "escalate_every_minutes": 15, "escalations_at_most": 3,
    }  # fmt: skip
    policy = "/api/v1/safeguarding-policy"
    held = lead.get(policy)
    assert held.json()["policy_version"] == 0
    assert lead.put(policy, json=clock, headers={"If-Match": held.headers["ETag"]}).is_success
    assert lead.get(policy).json()["escalate_every_minutes"] == 15


def test_what_was_learnt_of_a_concern_leads_to_the_history_of_its_audit(
    small_council: Council,
) -> None:
    council = small_council
    audit, _ = raised(council)
    earlier = council.services.store.head() - 2
    lead = council.program("lead")
    told = lead.get("/api/v1/compare", params={"from_position": earlier})
    assert told.status_code == 200, told.text
    places = [
        fact["href"]
        for one in told.json()["records"]
        if one["kind"] == "safeguarding"
        for fact in one["facts"]
    ]
    assert places
    assert all(place.startswith(f"/audits/{audit}/history?") for place in places)
    assert council.browser("lead").get(places[0]).status_code == 200
