"""Pages of actions: what they show, whom they are open to, and the forms that move a loop along."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

from qa.actions import handlers as actions
from qa.actions.commands import AcceptAction
from tests.actions.support import by_hand, claimed, closed, evidenced, raised, row
from tests.support.council import Council, words_of
from tests.support.forms import day, read, send_as, sent

EVIDENCE = {
    "evidence.0.kind": "case-record",
    "evidence.0.what": "The chronology of May.",
    "evidence.0.where": "Case file",
}
PROOF = {"proof": "dip-sample", "reference": "June sample", "note": "Nothing has changed."}


def test_a_loop_is_gone_through_on_its_pages(small_council: Council) -> None:
    council = small_council
    audit, action = raised(council)
    here = f"/actions/{action}"
    assert "Action to accept" in read(council, "worker", "/")
    shown = read(council, "worker", here)
    assert "Bring the chronology up to date." in shown
    assert "Accept this action" in shown
    assert "Accept the evidence" not in shown
    assert sent(council, "worker", f"{here}/accept") == f"{here}?done=accept"
    sent(council, "worker", f"{here}/progress", {"note": "Half way."})
    empty = send_as(council, "worker", f"{here}/claim", {"evidence.0.kind": "document"})
    assert empty.status_code == 422
    assert "Show what was done." in words_of(empty.text)
    sent(council, "worker", f"{here}/claim", EVIDENCE)

    assert "Evidence to check" in read(council, "lead", "/")
    sent(council, "lead", f"{here}/return-evidence", {"why": "Not signed."})
    assert "Action to do" in read(council, "worker", "/")
    sent(council, "worker", f"{here}/claim", EVIDENCE)
    sent(council, "lead", f"{here}/accept-evidence")
    assert "Confirm the impact" not in read(council, "lead", here)
    early = send_as(council, "lead", f"{here}/confirm-impact", PROOF)
    assert early.status_code in (409, 422)
    assert "27 April 2026" in words_of(early.text)

    council.clock.advance(timedelta(days=56))
    assert "Impact to check" in read(council, "lead", "/")
    on = council.today + timedelta(days=30)
    backwards = {**PROOF, "next_text": "Try again.", "next_owner": council.ids["worker"]}
    wrong = send_as(
        council,
        "lead",
        f"{here}/impact-not-seen",
        {**backwards, **day("next_due_on", "2026-01-01")},
    )
    assert "An action cannot be due in the past." in words_of(wrong.text)
    sent(
        council,
        "lead",
        f"{here}/impact-not-seen",
        {**backwards, **day("next_due_on", on.isoformat())},
    )
    told = read(council, "lead", here)
    for words in (
        "Raised", "Accepted by its owner", "Half way.", "Evidence returned", "Not signed.",
        "Record on the child’s file: The chronology of May. (Case file)", "56 days later",
        "Dip sample: June sample", "Impact not seen: another action follows", "Try again.",
    ):  # fmt: skip
        assert words in told, words
    audited = read(council, "lead", f"/audits/{audit}")
    assert "What became of the actions" in audited
    assert "Try again." in audited
    assert "Challenged" not in told
    history = read(council, "worker", f"/history?record=action:{action}")
    assert "Saw no impact; another action follows" in history
    assert "Lead Tree" in history


def test_a_closed_loop_is_reopened_from_its_page(small_council: Council) -> None:
    council = small_council
    _, action = raised(council)
    closed(council, action)
    due = (council.today + timedelta(days=30)).isoformat()
    sent(
        council,
        "lead",
        f"/actions/{action}/reopen",
        {
            "finding": "Audit CA-ABCD-EFGH",
            "next_text": "Once more.",
            "next_owner": council.ids["worker"],
            "reason": "Seen again.",
            **day("next_due_on", due),
        },
    )
    assert row(council, action).state == "reopened"
    assert "Once more." in read(council, "lead", "/actions")


def test_an_action_is_raised_by_hand_and_handed_over(small_council: Council) -> None:
    council = small_council
    fields = {
        "raised_by": "thematic-finding",
        "source": "Visits in 2026",
        "team": "east",
        "text": "Write the visiting standard down.",
        "kind": "practice",
        "owner": council.ids["worker"],
        "evidence_asked": "document",
        **day("due_on", "2026-04-30"),
    }
    answer = send_as(council, "lead", "/actions/new", {**fields, "audit": "CA-NONE-SUCH"})
    assert "There is no audit with this reference." in words_of(answer.text)
    here = sent(council, "lead", "/actions/new", fields).partition("?")[0]
    assert "thematic finding: Visits in 2026" in read(council, "worker", here)
    sent(
        council,
        "lead",
        f"{here}/transfer",
        {"owner": council.ids["auditor2"], "team": "west", "reason": "It is their work."},
    )
    assert council.browser("worker").get(here).status_code == 404
    assert "From Worker Tree to Auditor2 Tree." in read(council, "auditor2", here)
    undated = send_as(council, "lead", f"{here}/move", {"reason": "On leave until May."})
    assert "Enter the new date." in words_of(undated.text)
    sent(
        council,
        "lead",
        f"{here}/move",
        {**day("due_on", "2026-06-30"), "reason": "On leave until May."},
    )
    sent(council, "auditor2", f"{here}/challenge", {"why": "It is not our work."})
    reference = council.view(council.submitted()).row.reference
    sent(council, "lead", f"{here}/link", {"audit": reference})
    assert f"Also answers audit {reference}" in read(council, "lead", here)
    sent(council, "lead", f"{here}/contributors", {"contributors": [council.ids["worker"]]})
    assert "Contributors Worker Tree" in read(council, "worker", here)
    ticked = council.browser("lead").get(f"{here}/contributors").text
    assert re.findall(r'value="(\w+)" checked', ticked) == [council.ids["worker"]]
    sent(council, "lead", f"{here}/drop", {"reason": "Done by another team."})
    assert "No longer applicable" in read(council, "lead", here)


def test_the_list_shows_each_reader_their_own_and_their_part(small_council: Council) -> None:
    council = small_council
    _, action = raised(council)
    other = by_hand(council, owner=council.ids["auditor2"], team="west", text="Another thing.")
    assert "Another thing." not in read(council, "worker", "/actions")
    assert "1 action " in read(council, "worker", "/actions")
    assert "2 actions," in read(council, "lead", "/actions")
    assert council.browser("worker").get(f"/actions/{other}").status_code == 404
    council.clock.advance(timedelta(days=31))
    late = read(council, "lead", "/actions?view=overdue")
    assert "2 actions," in late
    assert "Overdue" in late
    claimed(council, action)
    assert "1 action " in read(council, "lead", "/actions?view=evidence")
    assert "0 actions " in read(council, "lead", "/actions?view=impact")
    assert "0 actions " in read(council, "lead", "/actions?view=mine")
    assert "1 action " in read(council, "lead", "/actions?team=west&state=raised&kind=practice")
    before = (council.today - timedelta(days=1)).isoformat()
    assert "Waiting to be accepted" in read(council, "lead", f"/actions?as_at={before}")
    page = council.browser("lead").get("/actions/export.csv?team=west")
    lines = list(csv.DictReader(io.StringIO(page.text.lstrip("\ufeff"))))
    assert [line["What must be done"] for line in lines] == ["Another thing."]
    assert council.browser("lead").get("/actions/export.xlsx").status_code == 200


def test_pages_go_through_every_action_once(small_council: Council) -> None:
    council = small_council
    made = {by_hand(council, text=f"Thing number {at}.") for at in range(27)}
    first = council.browser("lead").get("/actions")
    seen = set(re.findall(r'href="/actions/([0-9a-f]{32})"', first.text))
    onward = re.search(r'href="(/actions\?after=\d+)"', first.text)
    assert onward is not None
    second = council.browser("lead").get(onward[1])
    rest = set(re.findall(r'href="/actions/([0-9a-f]{32})"', second.text))
    assert (len(seen), len(rest)) == (25, 2)
    assert seen | rest == made


SECRET = "An unmistakable thing to do."


def test_a_blind_moderator_meets_no_word_of_the_action(small_council: Council) -> None:
    """Not on a page, in a list, in a file, over the API or in a history; not even as its owner."""
    council = small_council
    audit, action = raised(council, text=SECRET, owner=council.ids["moderator"])
    actions.accept(
        council.services.desk, AcceptAction(action=action), by=council.actor("moderator")
    )
    before = council.today
    moderation = council.seal(audit)
    council.clock.advance(timedelta(days=2))
    pages = [
        "/", "/actions", "/actions?view=mine", "/actions/export.csv", f"/actions/{action}",
        f"/actions/{action}/claim", f"/history?record=action:{action}",
        f"/history?record=work:{council.ids['moderator']}", f"/audits/{audit}",
        "/search?q=unmistakable",
    ]  # fmt: skip
    browser, program = council.browser("moderator"), council.program("moderator")
    for path in pages:
        for past in ("", f"as_at={before}"):
            told = browser.get(f"{path}{'&' if '?' in path else '?'}{past}").text
            assert SECRET not in told, path
            # A form tells nobody of a past moment, and says its own address back.
            unsaid = re.sub(r"record=[^\"]*", "", told).replace(f'href="{path}"', "")
            assert action not in unsaid or path.endswith(action), path
    for path in ("actions", f"actions/{action}", "worklist", "exports/actions.json"):
        answer = program.get(f"/api/v1/{path}")
        assert SECRET not in answer.text, path
    assert program.get(f"/api/v1/actions/{action}").status_code == 404
    council.record(audit, moderation, "good")
    assert SECRET in council.browser("moderator").get(f"/actions/{action}").text


def test_whoever_opened_an_action_is_never_called_blind_to_its_audit(
    small_council: Council,
) -> None:
    council = small_council
    audit, action = raised(council, overall="inadequate", text=SECRET)
    assert council.view(audit).row.moderation_status == "selected"
    listed = council.browser("moderator").get("/actions").text
    assert SECRET not in listed
    assert SECRET in council.browser("moderator").get(f"/actions/{action}").text
    council.seal(audit)
    view = council.view(audit)
    assert [one["already_seen"] for one in view.moderations] == [1]


def test_forms_are_open_to_those_who_may_send_them(small_council: Council) -> None:
    council = small_council
    _, action = raised(council)
    for handle, step, status in (
        ("worker", "accept", 200),
        ("worker", "move", 403),
        ("worker", "accept-evidence", 403),
        ("lead", "accept", 403),
        ("reader", "drop", 403),
        ("auditor", "accept-evidence", 200),
        ("auditor2", "accept", 404),
        ("nobody", "accept", 404),
        ("lead", "no-such-step", 404),
    ):
        answer = council.browser(handle).get(f"/actions/{action}/{step}")
        assert answer.status_code == status, (handle, step)
    assert council.browser("worker").get("/actions/new").status_code == 403
    assert council.browser("nobody").get("/actions").status_code == 403


def test_the_clocks_are_shown_and_set(small_council: Council) -> None:
    council = small_council
    shown = read(council, "reader", "/action-policy")
    assert "56" in shown
    assert "The time limits and the evidence that Caseloop starts with" in shown
    assert "Time limits and evidence for actions" in shown
    assert "Time limits and evidence for actions" in read(council, "reader", "/actions")
    assert council.browser("reader").get("/action-policy/edit").status_code == 403
    fields = {
        "accept_within_working_days": "2",
        "check_evidence_within_working_days": "3",
        "impact_after_days": "10",
        "impact_within_days": "5",
        "reopen_within_days": "100",
        "evidence_of_compliance": ["document"],
        "evidence_of_practice": ["supervision-note", "practice-seen"],
        "evidence_of_outcome": ["family-feedback"],
    }
    wrong = send_as(council, "lead", "/action-policy/edit", fields)
    assert "Impact cannot be owed before it can be checked." in words_of(wrong.text)
    sent(council, "lead", "/action-policy/edit", {**fields, "impact_within_days": "20"})
    shown = read(council, "lead", "/action-policy")
    assert "Version 1." in shown
    assert "Set version 1 of the time limits for actions" in shown
    assert "Supervision note or practice that somebody saw" in shown
    nonsense = {**fields, "impact_within_days": "20", "evidence_of_outcome": ["nonsense"]}
    assert send_as(council, "lead", "/action-policy/edit", nonsense).status_code == 422


def test_the_api_lists_reads_and_changes_actions(small_council: Council) -> None:
    council = small_council
    _, action = raised(council)
    lead, worker = council.program("lead"), council.program("worker")
    read_it = worker.get(f"/api/v1/actions/{action}")
    tag = {"If-Match": read_it.headers["ETag"]}
    assert read_it.json()["chain"][0]["steps"][0]["type"] == "ActionRaised"
    assert worker.post(f"/api/v1/actions/{action}/acceptance", headers=tag).status_code == 200
    stale = worker.post(f"/api/v1/actions/{action}/claim", json={"evidence": []}, headers=tag)
    assert (stale.status_code, stale.json()["code"]) == (409, "moved-on")
    council.clock.advance(timedelta(days=31))
    lead, worker = council.program("lead"), council.program("worker")
    for way in ("current", "first"):
        late = lead.get(f"/api/v1/actions?overdue={way}").json()["actions"]
        assert [(one["action"], one["overdue"]) for one in late] == [(action, True)]
    work = worker.get("/api/v1/worklist").json()["items"]
    assert [(one["kind"], one["action"], one["overdue"]) for one in work] == [
        ("action", action, True)
    ]
    made = lead.post(
        "/api/v1/actions",
        json={
            "text": "Write it down.",
            "kind": "practice",
            "owner": council.ids["worker"],
            "due_on": "2026-06-01",
            "team": "east",
        },
    )
    assert made.status_code == 201
    assert lead.get("/api/v1/actions?limit=1").json()["next"] is not None
    assert lead.get("/api/v1/exports/actions.csv?state=raised").text.count("Write it down.") == 1
    clocks = lead.get("/api/v1/action-policy")
    changed = lead.put(
        "/api/v1/action-policy",
        json={**{k: v for k, v in clocks.json().items() if k != "policy_version"},
              "reopen_within_days": 90},
        headers={"If-Match": clocks.headers["ETag"]},
    )  # fmt: skip
    assert changed.status_code == 200
    history = lead.get(f"/api/v1/history?record=action:{action}").json()
    assert [entry["type"] for entry in history["entries"]] == ["ActionRaised", "ActionAccepted"]


def test_the_api_carries_a_check_through(small_council: Council) -> None:
    council = small_council
    _, action = raised(council)
    evidenced(council, action)
    council.clock.advance(timedelta(days=57))
    lead = council.program("lead")
    tag = lead.get(f"/api/v1/actions/{action}").headers["ETag"]
    body = {
        "proof": "other",
        "note": "Nothing has changed.",
        "next": {
            "text": "Try again.",
            "owner": council.ids["worker"],
            "due_on": (council.today + timedelta(days=20)).isoformat(),
        },
    }
    done = lead.post(
        f"/api/v1/actions/{action}/impact/not-seen", json=body, headers={"If-Match": tag}
    )
    assert done.status_code == 200, done.text
    second = lead.get(f"/api/v1/actions/{done.json()['result']['action']}").json()
    assert second["action"]["follows"] == action
    assert second["chain"][0]["action"] == action
