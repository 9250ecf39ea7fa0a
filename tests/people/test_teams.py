"""What becomes of the people and the open work of a team that closes or changes its service."""

from __future__ import annotations

from datetime import timedelta

from qa.people.commands import people
from tests.actions.support import by_hand
from tests.people.support import move, placed
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import day, hidden


def close(council: Council, team: str, successor: str) -> None:
    people.close_team(
        council.services.desk, team=team, successor=successor, by=council.actor("admin")
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
    assert placed(council, "worker")["team"] == "west"
    assert placed(council, "reader")["team"] is None
    assert placed(council, "reader", day=ahead)["team"] == "west"
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
    told = words_of(council.browser("lead").get(f"/actions/{action}").text)
    assert "Another team took over" in told


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
    assert placed(council, "worker")["service"] == "safeguarding"
    council.clock.advance(timedelta(days=5))
    assert placed(council, "worker")["service"] == "early-help"
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
