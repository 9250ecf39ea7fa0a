"""What somebody answers for goes to others in one step, for one reason: all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from qa.core.errors import NotFound, Refused
from qa.core.words import Role
from qa.follow_ups.commands import EscalateFollowUp
from qa.follow_ups.handlers import escalate
from qa.moderation import handlers as moderation_handlers
from qa.moderation.commands import AssignDispute, DisputeGrade
from qa.people import handlers as people
from qa.people.commands import MovePerson
from qa.tasks import handlers
from qa.tasks.commands import HandOverWork, WorkPart
from tests.actions.support import by_hand
from tests.follow_ups.support import inadequate
from tests.supervision.support import begun
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import hidden

WHY = "They move to another council."


def hand_over(council: Council, parts: dict[str, str], by: str = "lead", **more: Any) -> Any:
    command = HandOverWork(
        **{
            "person": council.ids["moderator"],
            "parts": tuple(
                WorkPart(thing=thing, to=council.ids[to]) for thing, to in parts.items()
            ),
            "reason": WHY,
            **more,
        }
    )
    return handlers.hand_over(council.services.desk, command, by=council.actor(by))


def refused(council: Council, parts: dict[str, str], by: str = "lead") -> list[tuple[str, str]]:
    before = council.services.store.head()
    with pytest.raises(Refused) as caught:
        hand_over(council, parts, by)
    assert council.services.store.head() == before
    return [(fault.field, fault.code) for fault in caught.value.faults]


@pytest.fixture
def holding(small_council: Council) -> tuple[Council, dict[str, str]]:
    """The moderator with an audit to make, one to moderate, an action, and a follow-up: who is to
    take what."""
    council = small_council
    council.grant("moderator", Role.AUDITOR)
    audit = council.allocated("moderator")
    judged, _ = council.assigned()
    action = by_hand(council, owner=council.ids["moderator"])
    low, _ = inadequate(council)
    council.moderate(low, "inadequate", "moderator2")
    answered = EscalateFollowUp(audit=low, owner=council.ids["moderator"])
    escalate(council.services.desk, answered, by=council.actor("lead"))
    return council, {
        f"case-audit:{audit}": "auditor2",
        f"case-audit:{judged}": "moderator2",
        f"action:{action}": "worker",
        f"follow-up:{low}": "lead2",
    }


Holding = tuple[Council, dict[str, str]]


def test_all_work_of_somebody_goes_to_several_others_by_one_cause_and_reason(
    holding: Holding,
) -> None:
    council, parts = holding
    before = council.services.store.head()
    done = hand_over(council, parts)
    assert done.response == {"parts": 4}
    events = list(council.services.store.events(after=before))
    assert {one.type for one in events} == {
        "CaseAuditReassigned",
        "ModerationAssigned",
        "ActionTransferred",
        "FollowUpEscalated",
    }
    assert len({one.meta.correlation_id for one in events}) == 1
    assert {one.meta.reason for one in events} == {WHY}
    assert {one.meta.by for one in events} == {council.ids["lead"]}
    audit, judged, action, low = (one.partition(":")[2] for one in parts)
    assert council.view(audit).row.auditor == council.ids["auditor2"]
    assert council.view(judged).row.moderator == council.ids["moderator2"]
    program = council.program("lead")
    assert program.get(f"{V1}/actions/{action}").json()["action"]["owner"] == council.ids["worker"]
    follow_up = program.get(f"{V1}/case-audits/{low}/follow-up").json()["follow_up"]
    assert follow_up["owner"] == council.ids["lead2"]
    left = program.get(f"{V1}/people/{council.ids['moderator']}/work").json()["items"]
    assert left == []


def test_actions_are_accepted_at_once_or_none_of_them(small_council: Council) -> None:
    council = small_council
    first, second, third = (
        by_hand(council, text=f"Write standard {one} down.") for one in (1, 2, 3)
    )
    worker, page = council.browser("worker"), "/your-work/accept"
    shown = worker.get("/your-work").text
    assert page in shown
    form = worker.get(page)
    for one in ("Write standard 1 down.", "Write standard 2 down.", "All 3 of these"):
        assert one in form.text
    # One of them is somebody else's: nothing is accepted, and it is named at its box.
    both = {f"action-{first}": "yes", f"action-{second}": "yes", "reason": "Agreed on Monday."}
    other = by_hand(council, owner=council.ids["auditor2"], by=council.actor("lead"))
    before = council.services.store.head()
    sent = {**hidden(form.text, page), **both, f"action-{other}": "yes"}
    wrong = worker.post(page, sent)
    assert wrong.status_code == 422
    assert f'href="#action-{other}"' in wrong.text
    assert f'id="action-{other}"' in wrong.text
    assert council.services.store.head() == before
    none = worker.post(page, {**hidden(form.text, page), "reason": ""})
    assert "Choose at least one action." in none.text
    done = worker.post(page, {**hidden(wrong.text, page), **both})
    assert done.headers["location"] == "/your-work?done=2"
    events = list(council.services.store.events(after=before))
    assert [one.type for one in events] == ["ActionAccepted"] * 2
    assert len({one.meta.correlation_id for one in events}) == 1
    assert {one.meta.reason for one in events} == {"Agreed on Monday."}
    assert "2 actions are accepted." in words_of(worker.get("/your-work?done=2").text)
    every = f"action-{first} action-{third}"
    wrong = worker.post(page, {**hidden(form.text, page), "every": every, "reason": ""})
    assert f'href="#action-{first}"' in wrong.text
    assert council.services.store.head() == before + 2
    worker.post(page, {**hidden(wrong.text, page), "every": f"action-{third}", "reason": ""})
    assert council.services.store.head() == before + 3
    again = council.program("worker").post(f"{V1}/actions/acceptance", json={"actions": [first]})
    assert again.json()["errors"][0]["field"] == "actions.0"


def test_nothing_goes_where_one_part_cannot_and_each_is_named(holding: Holding) -> None:
    council, parts = holding
    audit, _, action, low = parts
    parts[audit] = "worker"  # holds the case, and is no auditor
    parts[low] = "auditor2"  # heads no service
    assert refused(council, parts) == [
        ("parts.0.to", "role-missing"),
        ("parts.3.to", "not-a-head"),
    ]
    gone = {f"action:{'0' * 32}": "worker", "supervision:x": "lead2", action: "moderator"}
    assert refused(council, gone) == [("parts.2.to", "same-person")]
    del gone[action]
    assert refused(council, gone) == [("parts.0.to", "not-found"), ("parts.1.thing", "thing-alone")]
    theirs = council.allocated("auditor")
    wrong = {f"case-audit:{theirs}": "auditor2"}
    assert refused(council, wrong) == [("parts.0.thing", "not-theirs")]


def test_a_dispute_goes_to_another_decider(small_council: Council) -> None:
    council = small_council
    council.grant("lead2", Role.MODERATOR)
    audit, moderation = council.moderated("good", "inadequate")
    desk, grounds = council.services.desk, "Evidence was overlooked."
    moderation_handlers.dispute(
        desk,
        DisputeGrade(audit=audit, moderation=moderation, about=("overall",), grounds=grounds),
        by=council.actor("auditor"),
    )
    moderation_handlers.assign_dispute(
        desk,
        AssignDispute(audit=audit, moderation=moderation, decider=council.ids["moderator2"]),
        by=council.actor("lead"),
    )
    hand_over(council, {f"case-audit:{audit}": "lead2"}, person=council.ids["moderator2"])
    assert council.view(audit).row.decider == council.ids["lead2"]


def test_who_oversees_somebody_hands_over_only_what_they_may(holding: Holding) -> None:
    council, parts = holding
    for handle in ("auditor", "admin", "worker", "reader"):
        with pytest.raises(NotFound):
            hand_over(council, parts, by=handle)
    with pytest.raises(NotFound):
        hand_over(council, parts, person="nobody-there")
    moved = MovePerson(
        person=council.ids["moderator"],
        team="moderation",
        manager=council.ids["worker"],
        job_title="",
    )
    people.move_person(council.services.desk, moved, by=council.actor("admin"))
    # A line manager sees that it waits; the audits and follow-ups of others are not open to them.
    assert [field for field, _ in refused(council, parts, by="worker")][:2] == [
        "parts.0.to",
        "parts.1.to",
    ]


def test_whoever_moderates_blind_does_not_learn_the_author_by_handing_over(
    small_council: Council,
) -> None:
    council = small_council
    council.grant("lead2", Role.MODERATOR)
    audit = council.submitted(auditor="auditor")
    council.seal(audit, "lead2")
    thing = f"case-audit:{audit}"
    found = set()
    for handle in ("auditor", "auditor2"):
        command = HandOverWork(
            person=council.ids[handle],
            parts=(WorkPart(thing=thing, to=council.ids["moderator2"]),),
            reason=WHY,
        )
        with pytest.raises(Refused) as caught:
            handlers.hand_over(council.services.desk, command, by=council.actor("lead2"))
        found.add(tuple(caught.value.faults))
    assert len(found) == 1


def test_the_page_hands_everything_to_one_and_something_else_to_another(holding: Holding) -> None:
    council, parts = holding
    audit, judged, action, _ = (one.replace(":", "-") for one in parts)
    lead, there = council.browser("lead"), f"/people/{council.ids['moderator']}/hand-over"
    page = lead.get(there)
    assert page.text.count("Stays with Moderator Tree") == 4
    assert f'href="{there}"' in lead.get("/team-work").text
    sent = {**hidden(page.text), "everything": council.ids["lead2"], "reason": WHY}
    answer = lead.post(there, {**sent, action: council.ids["worker"]})
    assert answer.status_code == 422
    assert f'href="#{audit}"' in answer.text
    assert "does not hold the role" in words_of(answer.text)
    again = lead.post(there, {**sent, **hidden(answer.text), audit: "stays", judged: "stays"})
    assert again.status_code == 303
    assert "2 tasks are handed over" in words_of(lead.get(again.headers["location"]).text)
    waiting = council.program("lead").get(f"{V1}/people/{council.ids['moderator']}/work").json()
    assert {one["thing"]: one["in_bulk"] for one in waiting["items"]} == dict.fromkeys(
        list(parts)[:2], True
    )
    nothing = lead.post(there, {**hidden(lead.get(there).text), "reason": WHY})
    assert "Choose what is handed over" in words_of(nothing.text)
    for handle in ("admin", "auditor"):
        assert council.browser(handle).get(there).status_code == 404
        program = council.program(handle)
        assert program.get(f"{V1}{there.removesuffix('hand-over')}work").status_code == 404


def test_a_manager_is_offered_what_they_may_hand_over_and_nothing_else(holding: Holding) -> None:
    council, parts = holding
    council.grant("reader", Role.TEAM_MANAGER)
    pair = begun(council, supervisor=council.ids["moderator"], days_ago=60)
    there = f"/people/{council.ids['moderator']}/hand-over"
    page, lead = council.browser("reader").get(there), council.browser("lead").get(there)
    offered = {one for one in parts if f'name="{one.replace(":", "-")}"' in page.text}
    assert offered == set(list(parts)[2:])
    assert f"/supervision/{pair}/end" not in page.text
    assert f"/supervision/{pair}/end" in lead.text
    assert words_of(page.text).count(": not open to you") == 3


def test_programs_hand_over_once_by_one_key(holding: Holding) -> None:
    council, parts = holding
    program = council.program("lead")
    at = f"{V1}/people/{council.ids['moderator']}/hand-over"
    items = program.get(at.replace("hand-over", "work")).json()["items"]
    assert {one["thing"] for one in items} == set(parts)
    body = {
        "parts": [{"thing": thing, "to": council.ids[to]} for thing, to in parts.items()],
        "reason": WHY,
    }
    key = {"Idempotency-Key": "hand-over-1"}
    first = program.post(at, json=body, headers=key)
    assert (first.status_code, first.json()["result"]) == (200, {"parts": 4})
    again = program.post(at, json=body, headers=key)
    assert again.json() == {**first.json(), "replayed": True}
    assert council.program("auditor").post(at, json=body).status_code == 404
