"""What becomes of the people and the open work of a team that closes or changes its service."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from api.notifications.reminding import remind
from projections.supervision import figures
from projections.supervision import queries as supervision_queries
from qa.core.words import Role, Scope
from qa.people import handlers as people
from qa.people.commands import CloseTeam
from qa.safeguarding.commands import RaiseConcern
from qa.safeguarding.handlers import raise_concern
from qa.supervision import handlers as handlers_of_supervision
from qa.supervision.clocks import DEFAULT_SUPERVISION_POLICY
from qa.supervision.commands import SubmitSupervisionCheck
from tests.actions.support import by_hand
from tests.follow_ups.support import inadequate
from tests.notifications.support import told
from tests.people.support import move, placed
from tests.restrictions.support import restrict
from tests.supervision.support import QUALITY, asked, begun, judged, managed
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import day, hidden


def close(council: Council, team: str, successor: str) -> None:
    people.close_team(
        council.services.desk, CloseTeam(team=team, successor=successor), by=council.actor("admin")
    )


def test_the_people_and_the_open_work_of_a_closed_team_go_to_its_successor_by_one_cause(
    small_council: Council,
) -> None:
    council = small_council
    done = council.submitted(team="east")
    waits = council.allocated(team="east")
    action = by_hand(council)
    ahead = council.today + timedelta(days=9)
    move(council, "reader", ahead, team="east")
    before = council.services.store.head()
    close(council, "east", "west")
    events = list(council.services.store.events(after=before))
    assert len({one.meta.correlation_id for one in events}) == 1
    assert [one.type for one in events if one.stream == "organisation"] == ["TeamClosed"]
    assert {one.type for one in events} == {
        "TeamClosed",
        "PersonMoved",
        "CaseAuditTeamChanged",
        "ActionTeamChanged",
    }
    assert placed(council, "worker").team == "west"
    assert placed(council, "reader").team is None
    assert placed(council, "reader", day=ahead).team == "west"
    assert council.view(waits).row.team == "west"
    assert council.view(waits).row.team_name == "West"
    assert council.view(done).row.team == "east"
    lead = council.program("lead")
    held = lead.get(f"{V1}/actions/{action}").json()
    assert held["action"]["team"] == "west"
    assert held["action"]["state"] == "raised"
    assert waits in lead.get(f"{V1}/case-audits?team=west").text
    page = words_of(council.browser("lead").get(f"/audits/{waits}/history").text)
    assert "The team West took over" in page
    story = words_of(council.browser("lead").get(f"/actions/{action}").text)
    assert "Another team took over" in story


def test_whatever_goes_on_in_a_closed_team_goes_to_its_successor_by_one_cause(
    small_council: Council,
) -> None:
    council, desk = small_council, small_council.services.desk
    managed(council)
    audit, action = inadequate(council)
    pair = begun(council, days_ago=100)
    waits, made = asked(council, pair), asked(council, pair, checker=council.ids["auditor2"])
    handlers_of_supervision.submit(
        desk,
        SubmitSupervisionCheck(check=made, content=judged(QUALITY, council.today)),
        by=council.actor("auditor2"),
    )
    concern = _feared(council, audit)
    before, owed = council.services.store.head(), _owed(council)
    close(council, "east", "west")
    events = list(council.services.store.events(after=before))
    assert len({one.meta.correlation_id for one in events}) == 1
    taken_over = [(one.stream, one.type) for one in events if one.type.endswith("TeamChanged")]
    assert sorted(taken_over) == [
        (f"action:{action}", "ActionTeamChanged"),
        (f"follow-up:{audit}", "FollowUpTeamChanged"),
        (f"safeguarding:{audit}", "SafeguardingTeamChanged"),
        (f"supervision-check:{waits}", "SupervisionCheckTeamChanged"),
        (f"supervision:{pair}", "SupervisionTeamChanged"),
    ]
    program = council.program("lead")
    assert program.get(f"{V1}/case-audits/{audit}/follow-up").json()["follow_up"]["team"] == "west"
    assert program.get(f"{V1}/supervision/{pair}").json()["pair"]["team"] == "west"
    checks = {one: program.get(f"{V1}/supervision-checks/{one}").json() for one in (waits, made)}
    assert checks[waits]["check"]["team"] == "west"
    assert checks[made]["check"]["team"] == "east"
    assert _concerns(council) == [(concern, "west", "safeguarding")]
    page = words_of(council.browser("lead").get(f"/audits/{audit}/concerns/{concern}").text)
    assert "Another team took over" in page
    assert council.view(audit).row.team == "east"
    assert owed == _owed(council) == {"east": 3}
    council.clock.advance(timedelta(days=31))
    assert _owed(council) == {"east": 3, "west": 1}


def _feared(council: Council, audit: str) -> str:
    asked = RaiseConcern(audit=audit, what="A child alone at night.")
    done = raise_concern(council.services.desk, asked, by=council.actor("auditor"))
    return str(done.response["concern"])


def _concerns(council: Council) -> list[tuple[str, str, str]]:
    found = council.program("lead").get(f"{V1}/concerns").json()["concerns"]
    return [(one["concern"], one["team"], one["service"]) for one in found]


def _owed(council: Council) -> dict[str, int]:
    """How many sessions were owed by now, by the team they were owed in."""
    with council.services.store.reading() as connection:
        policies = supervision_queries.policies(connection, DEFAULT_SUPERVISION_POLICY)
        found = list(figures.lines(connection, policies, council.today))
    return dict(Counter(one.team for one in found if one.kind == "supervision"))


def test_the_successor_sees_a_follow_up_through_and_the_closed_team_no_longer(
    small_council: Council,
) -> None:
    council = small_council
    for handle, team in (("nobody", "west"), ("admin", "east"), ("auditor", "quality")):
        council.grant(handle, Role.TEAM_MANAGER, Scope(kind="team", code=team))
    audit, _ = inadequate(council, child="C-00900", auditor="auditor2")
    there = f"/audits/{audit}/follow-up"
    assert council.browser("nobody").get(there).status_code == 404
    close(council, "east", "west")
    manager = council.browser("nobody")
    page = manager.get(f"{there}/escalate")
    assert page.status_code == 200
    answer = manager.post(
        f"{there}/escalate", {**hidden(page.text), "owner": council.ids["moderator"]}
    )
    assert answer.status_code == 303
    shown = manager.get(there)
    assert f'href="/audits/{audit}"' not in shown.text
    assert manager.get(f"/audits/{audit}").status_code == 404
    listed = council.program("nobody").get(f"{V1}/follow-ups").json()["follow_ups"]
    assert [one["audit"] for one in listed] == [audit]
    assert "Name another head of service" not in council.browser("admin").get(there).text
    body, tag = {"owner": council.ids["lead"]}, {"If-Match": '"3"'}
    at = f"{V1}/case-audits/{audit}/follow-up/escalation"
    assert council.program("admin").post(at, json=body, headers=tag).status_code == 403
    assert council.program("auditor").post(at, json=body, headers=tag).status_code == 404
    restrict(council, "C-00900", readers=[council.ids["lead2"]])
    assert manager.get(there).status_code == 404
    assert council.program("nobody").get(f"{V1}/follow-ups").json()["follow_ups"] == []


def test_what_begins_from_the_audit_of_a_closed_team_begins_in_its_successor(
    small_council: Council,
) -> None:
    council = small_council
    audit = council.submitted()
    close(council, "east", "west")
    action = by_hand(council, audit=audit, domain="lived-experience", raised_by="moderation")
    program = council.program("lead")
    assert program.get(f"{V1}/actions/{action}").json()["action"]["team"] == "west"
    close(council, "west", "moderation")
    assert program.get(f"{V1}/actions/{action}").json()["action"]["team"] == "moderation"
    concern = _feared(council, audit)
    assert _concerns(council) == [(concern, "moderation", "quality")]


def test_a_team_in_which_something_goes_on_is_closed_only_with_a_successor(
    small_council: Council,
) -> None:
    council = small_council
    council.allocated(team="east")
    inadequate(council)
    admin = council.browser("admin")
    page = admin.get("/teams/east").text
    answer = admin.post("/teams/east/close", {**hidden(page), "successor": ""})
    assert answer.status_code == 422
    assert (
        "Choose the team that takes over: this one still has 1 action that goes on, 1 audit that "
        "is not submitted and 1 follow-up that runs." in words_of(answer.text)
    )
    program = council.program("admin")
    teams = program.get(f"{V1}/teams").json()["teams"]
    version = next(one["version"] for one in teams if one["team"] == "east")
    at, headers = f"{V1}/teams/east/closing", {"If-Match": f'"{version}"'}
    refused = program.post(at, json={}, headers=headers)
    assert "successor-missing" in refused.text
    assert program.post(at, json={"successor": "west"}, headers=headers).status_code == 201


def test_the_leads_of_the_service_of_a_closed_team_are_still_told(small_council: Council) -> None:
    council = small_council
    council.grant("reader", Role.QA_LEAD, Scope(kind="service", code="safeguarding"))
    close(council, "east", "west")
    desk = council.services.desk
    with council.services.store.reading() as connection:
        found = desk.lookups.leads_of(connection, "east", council.today)
    assert council.ids["reader"] in found


def test_what_stays_with_a_closed_team_escalates_to_the_leads_of_its_successor(
    small_council: Council,
) -> None:
    council = small_council
    council.grant("nobody", Role.QA_LEAD, Scope(kind="team", code="west"))
    council.grant("reader", Role.QA_LEAD, Scope(kind="team", code="quality"))
    audit, _ = council.assigned()
    close(council, "east", "west")
    assert council.view(audit).row.team == "east"
    council.clock.advance(timedelta(days=60))
    remind(council.services)
    late = "It is with Moderator Tree."
    assert any(late in one for one in told(council, "nobody"))
    assert not any(late in one for one in told(council, "reader"))


def test_a_team_with_its_people_belongs_to_another_service_from_a_day_on(
    small_council: Council,
) -> None:
    council = small_council
    waits = council.allocated(team="east")
    begins = council.today + timedelta(days=5)
    fields = {"service_name": "Early help", **day("on", begins)}
    page = council.browser("admin").get("/teams/east").text
    answer = council.browser("admin").post("/teams/east/service", {**hidden(page), **fields})
    assert answer.status_code == 303
    assert placed(council, "worker").service == "safeguarding"
    council.clock.advance(timedelta(days=5))
    assert placed(council, "worker").service == "early-help"
    program = council.program("admin")
    teams = program.get(f"{V1}/teams").json()["teams"]
    assert {one["team"]: one["service_name"] for one in teams}["east"] == "Early help"
    then = program.get(f"{V1}/teams?as_at={begins - timedelta(days=1)}").json()["teams"]
    assert {one["team"]: one["service_name"] for one in then}["east"] == "Safeguarding"
    assert council.view(waits).row.service == "safeguarding"
    later = council.allocated(team="east")
    assert council.view(later).row.service == "early-help"
    history = words_of(council.browser("admin").get("/history?record=team:east").text)
    assert "Team belongs to Early help" in history


def test_programs_change_the_service_of_a_team_from_the_version_they_saw(
    small_council: Council,
) -> None:
    council = small_council
    admin = council.program("admin")
    team = next(t for t in admin.get(f"{V1}/teams").json()["teams"] if t["team"] == "east")
    at, body = f"{V1}/teams/east/service", {"service_name": "Early help"}
    assert admin.put(at, json=body).status_code == 428
    tag = {"If-Match": f'"{team["version"]}"'}
    assert admin.put(at, json=body, headers=tag).status_code == 200
    assert admin.put(at, json={"service_name": "Care"}, headers=tag).status_code == 409
    assert council.program("lead").put(at, json=body, headers=tag).status_code == 403


def test_a_day_that_is_none_is_named_on_the_page_of_the_team(small_council: Council) -> None:
    wrong = {"service_name": "Early help", "on.day": "31", "on.month": "2", "on.year": "2026"}
    admin = small_council.browser("admin")
    page = admin.get("/teams/east").text
    answer = admin.post("/teams/east/service", {**hidden(page), **wrong})
    assert answer.status_code == 422
    assert "Enter a real date" in answer.text
    assert 'value="Early help"' in answer.text
