"""The one queue of a person: every area of work in it, by due date, on every way in."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from api.jobs.run_due import run_due
from api.notifications.announcing import announce
from api.tasks import worklist
from api.web.moments import present
from qa.core.words import Role, Scope
from qa.follow_ups import handlers as follow_ups
from qa.follow_ups.commands import EscalateFollowUp
from qa.inspections import handlers as inspections
from qa.inspections.commands import OpenInspectorRoom
from qa.people import handlers as people
from qa.people.commands import MovePerson, RecordDeparture
from qa.practitioners import handlers as practitioner_commands
from qa.practitioners.commands import AnswerFactDispute, DisputeFact
from qa.safeguarding import handlers as safeguarding_commands
from qa.safeguarding.commands import AcknowledgeConcern, RaiseConcern, TellManager
from tests.actions.support import by_hand, claimed, raised
from tests.follow_ups.support import inadequate
from tests.notifications.support import told
from tests.practitioners.support import released
from tests.support.council import Council, words_of
from tests.support.forms import day, read, send


def test_one_queue_holds_every_area_by_due_date(small_council: Council) -> None:
    council = small_council
    audit = council.allocated(due_on=council.today + timedelta(days=10))
    near = by_hand(council, owner=council.ids["auditor"])
    by_hand(council, owner=council.ids["auditor2"])
    store, actor = council.services.store, council.actor("auditor")
    with store.reading() as connection:
        found = worklist.queue(connection, actor, present(store, connection, actor))
    assert [(one.kind, one.thing, one.whose) for one in found] == [
        ("accept-action", f"action:{near}", "own"),
        ("audit", f"case-audit:{audit}", "own"),
    ]
    assert [one.due_on for one in found] == [
        council.today + timedelta(days=7),
        council.today + timedelta(days=10),
    ]
    api = council.program("auditor").get("/api/v1/worklist").json()["items"]
    assert [(one["kind"], one["overdue"]) for one in api] == [
        ("accept-action", False),
        ("audit", False),
    ]
    page = words_of(council.browser("auditor").get("/").text)
    assert page.index("Action to accept") < page.index("Audit to make")


def test_the_queue_is_a_file_and_is_told_as_it_was(small_council: Council) -> None:
    council = small_council
    action = by_hand(council)
    before = council.today
    council.clock.advance(timedelta(days=3))
    claimed(council, action)
    lead = council.browser("lead")
    now = list(csv.DictReader(io.StringIO(lead.get("/your-work/export.csv").text.lstrip("\ufeff"))))
    assert [(line["What to do"], line["Task for"]) for line in now] == [
        ("Evidence to check", "You or a colleague")
    ]
    then = lead.get(f"/your-work/export.csv?as_at={before}").text
    assert "Evidence to check" not in then
    assert council.browser("worker").get("/your-work/export.csv").status_code == 403
    assert "Action to accept" in words_of(council.browser("worker").get(f"/?as_at={before}").text)


def stand_in(council: Council, person: str, deputy: str, *, by: str = "", length: int = 7) -> None:
    """Name a deputy from today on, through the page."""
    today = council.today
    fields = {"deputy": council.ids[deputy], **day("since", today)}
    fields |= day("until", today + timedelta(days=length))
    here = f"/people/{council.ids[person]}/deputies/name"
    answer = send(council.browser(by or person), here, fields)
    assert answer.status_code == 303, words_of(answer.text)


def test_a_deputy_sees_and_answers_and_never_checks(small_council: Council) -> None:
    council = small_council
    audit = council.allocated(auditor="auditor")
    action = by_hand(council, owner=council.ids["worker"], text="An unmistakable thing.")
    own = by_hand(council, "lead2", owner=council.ids["auditor"])
    lead = council.browser("lead")
    assert lead.get(f"/actions/{action}/claim").status_code == 403
    stand_in(council, "worker", "lead")
    stand_in(council, "auditor", "lead")
    told = words_of(council.browser("lead").get("/").text)
    assert "Action to accept for Worker Tree" in told
    assert "Audit to make for Auditor Tree" in told
    assert council.view(audit).row.reference not in told
    waits = council.program("lead").get("/api/v1/worklist").json()["items"]
    assert {(one["kind"], one["for_name"], one["href"]) for one in waits} == {
        ("accept-action", "Worker Tree", f"/actions/{action}"),
        ("accept-action", "Auditor Tree", f"/actions/{own}"),
        ("audit", "Auditor Tree", None),
    }
    claimed(council, action, "lead")
    council.clock.advance(timedelta(days=30))
    refused = send(council.browser("lead"), f"/actions/{action}/accept-evidence")
    assert refused.status_code == 403
    assert "you stood in for them" in words_of(refused.text)
    assert "Audit to make" not in words_of(council.browser("lead").get("/").text)
    for past in ("as_at=2026-03-02", "as_at=2026-03-02&true_on=2026-03-02"):
        then = words_of(council.browser("lead").get(f"/?{past}").text)
        assert "Audit to make for Auditor Tree" in then, past
    history = words_of(
        council.browser("lead").get(f"/history?record=person:{council.ids['worker']}").text
    )
    assert "Named a deputy from 2 March 2026 to 9 March 2026" in history, history


def test_a_deputy_who_moderates_blind_learns_nothing_by_standing_in(
    small_council: Council,
) -> None:
    council = small_council
    audit, action = raised(council, text="An unmistakable thing.")
    reference = council.view(audit).row.reference
    stand_in(council, "worker", "moderator")
    assert f"/actions/{action}" in council.browser("moderator").get("/").text
    council.seal(audit)
    for answer in (
        council.browser("moderator").get("/"),
        council.program("moderator").get("/api/v1/worklist"),
    ):
        assert action not in answer.text
        assert "Worker Tree" not in answer.text
        assert answer.text.count(reference) <= 2  # their own moderation of it
    assert council.browser("moderator").get(f"/actions/{action}").status_code == 404


def test_deputies_are_named_and_ended_by_those_who_may(small_council: Council) -> None:
    council = small_council
    here = f"/people/{council.ids['worker']}/deputies"
    stand_in(council, "worker", "reader", by="admin")
    page = council.browser("worker").get(here)
    assert "Reader Tree" in words_of(page.text)
    assert council.browser("auditor").get(here).status_code == 404
    assert council.browser("auditor").get(f"{here}/name").status_code == 404
    empty = send(council.browser("worker"), f"{here}/name", {})
    assert empty.status_code == 422
    assert words_of(empty.text).count("Enter a day.") >= 2
    send(council.browser("worker"), f"{here}/end", {
        "cover": f"{council.ids['reader']} {council.today}",
    })  # fmt: skip
    assert "Nobody stands in" in words_of(council.browser("worker").get(here).text)
    program = council.program("worker")
    tag = program.get(f"/api/v1{here}").headers["ETag"]
    body = {"deputy": council.ids["lead"], "since": "2026-03-02", "until": "2026-03-03"}
    made = program.post(f"/api/v1{here}", json=body, headers={"If-Match": tag})
    assert made.status_code == 201
    gone = program.post(
        f"/api/v1{here}/end",
        json={"deputy": council.ids["lead"], "since": "2026-03-02"},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert gone.status_code == 200
    assert program.get(f"/api/v1{here}").json()["deputies"] == []


def test_a_manager_sees_how_much_waits_and_not_what(small_council: Council) -> None:
    council = small_council
    council.grant("reader", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    council.allocated()
    made = [by_hand(council) for _ in range(3)]
    council.clock.advance(timedelta(days=40))
    page = council.browser("reader").get("/team-work")
    told = words_of(page.text)
    assert "1 person" in told
    assert "Worker Tree East 3 Action to accept: 3 3 9 March 2026" in told
    assert not any(action in page.text for action in made)
    whole = council.program("lead").get("/api/v1/team-work").json()["people"]
    assert {(one["name"], one["waiting"], one["overdue"]) for one in whole if one["waiting"]} == {
        ("Worker Tree", 3, 3),
        ("Auditor Tree", 1, 1),
    }
    assert council.browser("worker").get("/team-work").status_code == 403
    assert "Work in your teams" in council.browser("reader").get("/").text
    lead = council.browser("lead")
    first = {way: lead.get(f"/team-work?sort={way}").text for way in ("overdue", "-overdue")}
    assert {way: text.index("Worker Tree") > text.index("Auditor Tree") for way, text in
            first.items()} == {"overdue": True, "-overdue": False}  # fmt: skip
    assert "Nobody Tree" in lead.get("/team-work").text
    until = council.services.desk.today() + timedelta(days=30)
    opened = OpenInspectorRoom(inspector=council.ids["nobody"], title="Visit", until=until)
    inspections.open_room(council.services.desk, opened, by=council.actor("lead"))
    assert "Nobody Tree" not in lead.get("/team-work").text


def counts(council: Council) -> dict[str, int]:
    done = run_due(council.services)
    assert [one.trouble for one in done if one.trouble] == []
    return {one.name: one.count for one in done}


def test_a_concern_waits_is_told_and_goes_up_by_the_clock(council: Council) -> None:
    desk, ids = council.services.desk, council.ids
    announce(council.services)
    audit = council.allocated()
    done = safeguarding_commands.raise_concern(
        desk, RaiseConcern(audit=audit, what="Alone at night."), by=council.actor("auditor")
    )
    concern = str(done.response["concern"])
    assert "Manager to tell of a concern" in read(council, "auditor", "/")
    safeguarding_commands.tell_manager(
        desk,
        TellManager(audit=audit, concern=concern, manager=ids["moderator"], how="telephone"),
        by=council.actor("auditor"),
    )
    assert "Concern to acknowledge" in read(council, "moderator", "/")
    assert counts(council)["escalate"] == 0
    assert any("needs your acknowledgement" in text for text in told(council, "moderator"))
    assert "night" not in " ".join(told(council, "moderator"))
    council.clock.advance(timedelta(minutes=121))
    assert counts(council)["escalate"] == 1
    assert counts(council)["escalate"] == 0
    assert any("Nobody has acknowledged" in text for text in told(council, "lead"))
    assert "Concern to acknowledge" in read(council, "lead", "/")
    safeguarding_commands.acknowledge(
        desk,
        AcknowledgeConcern(audit=audit, concern=concern, doing="A visit."),
        by=council.actor("lead"),
    )
    council.clock.advance(timedelta(days=2))
    assert counts(council)["escalate"] == 0
    assert "Concern to acknowledge" not in read(council, "moderator", "/your-work")


def test_follow_ups_releases_and_disputed_facts_wait_for_whom_they_concern(
    small_council: Council,
) -> None:
    council = small_council
    desk = council.services.desk
    announce(council.services)
    audit, _ = inadequate(council)
    assert "Inadequate audit: to be escalated" in read(council, "lead", "/")
    escalation = EscalateFollowUp(audit=audit, owner=council.ids["lead2"])
    follow_ups.escalate(desk, escalation, by=council.actor("lead"))
    assert "Inadequate audit: plan to be agreed" in read(council, "lead2", "/")
    assert "Inadequate audit" not in read(council, "lead", "/your-work")
    assert "Inadequate audit" not in read(council, "auditor", "/your-work")

    case = released(council)
    practitioner_commands.dispute_fact(
        desk,
        DisputeFact(audit=case, stated="Two visits.", should_be="Four."),
        by=council.actor("worker"),
    )
    assert "Disputed statement to answer" in read(council, "auditor", "/")
    assert "Disputed statement to answer" in read(council, "lead", "/")
    assert "Disputed statement to answer" not in read(council, "auditor2", "/your-work")
    announce(council.services)
    assert any("You are responsible for the follow-up" in text for text in told(council, "lead2"))
    assert any("of your case is open to you" in text for text in told(council, "worker"))
    assert any("is disputed" in text for text in told(council, "auditor"))
    dispute = council.program("worker").get(f"/api/v1/case-audits/{case}/response").json()
    practitioner_commands.answer(
        desk,
        AnswerFactDispute(
            audit=case, dispute=dispute["entries"][0]["entry"], outcome="stands", answer="It does."
        ),
        by=council.actor("auditor"),
    )
    announce(council.services)
    assert any("was answered" in text for text in told(council, "worker"))
    assert "Disputed statement" not in read(council, "auditor", "/your-work")


def departed(council: Council, handle: str, *, days: int = 1) -> None:
    """Somebody's last day was today, and `days` have passed since."""
    people.depart(
        council.services.desk,
        RecordDeparture(person=council.ids[handle]),
        by=council.actor("admin"),
    )
    council.clock.advance(timedelta(days=days))


def test_what_a_leaver_holds_is_told_where_the_departure_is_recorded_and_to_those_above_them(
    small_council: Council,
) -> None:
    council = small_council
    audit = council.allocated(due_on=council.today + timedelta(days=21))
    action = by_hand(council, owner=council.ids["auditor"])
    reference = council.view(audit).row.reference
    leaving = f"/people/{council.ids['auditor']}"
    form = words_of(council.browser("admin").get(f"{leaving}/leave").text)
    assert "What Auditor Tree holds (2)" in form
    assert "For a QA lead or manager" in form
    assert reference not in form
    assert "left" not in {w["whose"] for w in _waiting(council, "lead")}
    departed(council, "auditor")
    page = council.browser("lead").get(leaving)
    assert f'href="/audits/{audit}/reassign"' in page.text
    assert f'href="/actions/{action}/transfer"' in page.text
    assert reference in page.text
    told = [one for one in _waiting(council, "lead") if one["whose"] == "left"]
    assert [(one["kind"], one["for_name"], one["href"]) for one in told] == [
        ("accept-action", "Auditor Tree", f"/actions/{action}/transfer"),
        ("audit", "Auditor Tree", f"/audits/{audit}/reassign"),
    ]
    start = words_of(council.browser("lead").get("/").text)
    assert "Tasks of people who have left, to hand over (2)" in start
    for handle in ("auditor2", "moderator", "reader", "admin"):
        assert not [one for one in _waiting(council, handle) if one["whose"] == "left"], handle
    assert council.browser("lead").get(f"/audits/{audit}/reassign").status_code == 200
    handed = {"auditor": council.ids["auditor2"], "reason": "They have left."}
    assert send(council.browser("lead"), f"/audits/{audit}/reassign", handed).status_code == 303
    left = [one["kind"] for one in _waiting(council, "lead") if one["whose"] == "left"]
    assert left == ["accept-action"]
    past = council.browser("lead").get(f"/?as_at={council.today - timedelta(days=1)}").text
    assert "Tasks of people who have left" not in past


def _waiting(council: Council, handle: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = council.program(handle).get("/api/v1/worklist").json()["items"]
    return found


def test_a_line_manager_learns_what_waits_and_whoever_moderates_it_blind_learns_nothing(
    small_council: Council,
) -> None:
    council = small_council
    admin, desk = council.actor("admin"), council.services.desk
    managed = {"team": "quality", "manager": council.ids["moderator"], "job_title": ""}
    response = council.allocated(auditor="auditor2")
    audit = council.submitted(auditor="auditor2")
    council.seal(audit)
    people.move_person(desk, MovePerson(person=council.ids["auditor2"], **managed), by=admin)
    departed(council, "auditor2")
    left = [one for one in _waiting(council, "moderator") if one["whose"] == "left"]
    assert [(one["kind"], one["href"], one["reference"]) for one in left] == [("audit", None, None)]
    assert response not in council.browser("moderator").get("/your-work").text


def test_what_is_overdue_with_a_leaver_escalates_to_those_who_are_here(
    small_council: Council,
) -> None:
    council = small_council
    desk, admin = council.services.desk, council.actor("admin")
    for person, manager in (("auditor", "reader"), ("auditor2", None)):
        people.move_person(
            desk,
            MovePerson(
                person=council.ids[person],
                team="quality",
                manager=manager and council.ids[manager],
                job_title="",
            ),
            by=admin,
        )
    council.allocated(due_on=council.today + timedelta(days=2))
    council.allocated(auditor="auditor2", due_on=council.today + timedelta(days=2))
    for handle in ("auditor", "auditor2"):
        people.depart(desk, RecordDeparture(person=council.ids[handle]), by=admin)
    council.clock.advance(timedelta(days=3))
    run_due(council.services)
    assert any("It is with Auditor Tree, who has left." in one for one in told(council, "reader"))
    assert any("is with Auditor2 Tree, who has left." in one for one in told(council, "lead"))
    assert not told(council, "auditor")


def test_a_leaver_is_chosen_in_filters_and_shown_by_name(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    departed(council, "auditor")
    lead = council.browser("lead")
    filters = lead.get("/audits").text
    assert f'value="{council.ids["auditor"]}"' in filters
    found = lead.get(f"/audits?auditor={council.ids['auditor']}")
    assert audit in found.text
    assert "Auditor Tree" in words_of(lead.get(f"/audits/{audit}").text)


def test_whoever_holds_something_is_among_the_holders_of_its_area(small_council: Council) -> None:
    council = small_council
    inadequate(council)
    council.moderated("requires-improvement")
    store = council.services.store
    with store.reading() as connection:
        at = present(store, connection, council.actor("lead"))
        everybody = set(council.ids.values())
        areas = worklist.areas_of(connection, everybody, at)
        whole = {one: worklist.own_queue(connection, one, at) for one in everybody}
        assert any(whole.values())
        for person, waiting in whole.items():
            narrowed = areas.get(person, ())
            assert worklist.own_queue(connection, person, at, areas=narrowed) == waiting
        assert worklist.areas_of(connection, [council.ids["nobody"]], at) == {}


def test_the_scenario_of_a_leaver_with_an_audit_and_two_overdue_disputed_facts(
    small_council: Council,
) -> None:
    council = small_council
    desk = council.services.desk
    case = released(council)
    for stated in ("Two visits.", "No plan."):
        practitioner_commands.dispute_fact(
            desk,
            DisputeFact(audit=case, stated=stated, should_be="Four."),
            by=council.actor("worker"),
        )
    audit = council.allocated(due_on=council.today + timedelta(days=21))
    council.clock.advance(timedelta(days=7))
    form = read(council, "admin", f"/people/{council.ids['auditor']}/leave")
    assert "What Auditor Tree holds (3)" in form
    assert form.count("Disputed statement to answer") == 2
    departed(council, "auditor", days=7)
    found = {(one["kind"], one["whose"]): one for one in _waiting(council, "lead")}
    assert set(found) == {("answer-fact-dispute", "shared"), ("audit", "left")}
    assert found["answer-fact-dispute", "shared"]["overdue"]
    assert found["audit", "left"]["href"] == f"/audits/{audit}/reassign"
    run_due(council.services)
    escalated = [one for one in told(council, "lead") if "Disputed statement to answer" in one]
    assert any("It is with Auditor Tree, who has left." in one for one in escalated)
