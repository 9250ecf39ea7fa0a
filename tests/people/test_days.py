"""Moves, roles and departures hold from their own day, be they told ahead or late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.gate.current_actor import acting
from projections.people import queries
from qa.core.errors import Refused
from qa.core.words import Role
from qa.people import handlers as people
from qa.people.commands import EndRole
from tests.people.support import move, placed
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import day, send


def test_a_move_dated_ahead_holds_from_its_day_in_lists_rights_and_lines(
    small_council: Council,
) -> None:
    council = small_council
    begins = council.today + timedelta(days=10)
    path = f"/people/{council.ids['auditor']}"
    fields = {"team": "west", "manager": council.ids["reader"], "job_title": "Lead auditor"}
    fields |= day("effective_on", begins)
    assert send(council.browser("admin"), f"{path}/move", fields).status_code == 303
    page = words_of(council.browser("admin").get(path).text)
    assert "Team Quality" in page
    assert "From 12 March 2026: Lead auditor, team West, line manager Reader Tree." in page
    program = council.program("admin")
    told = program.get(f"{V1}{path}").json()
    assert (told["team"], told["moves_ahead"][0]["team"]) == ("quality", "west")
    before = council.services.store.head()
    assert council.browser("reader").get("/team-work").status_code == 403
    council.clock.advance(timedelta(days=10))
    told = council.program("admin").get(f"{V1}{path}").json()
    assert (told["team"], told["service"], told["moves_ahead"]) == ("west", "safeguarding", [])
    assert council.actor("auditor").team == "west"
    assert "Auditor Tree" in words_of(council.browser("reader").get("/team-work").text)
    with council.services.store.reading() as connection:
        assert queries.managers(connection, council.ids["auditor"]) == [council.ids["reader"]]
        yesterday = acting(connection, council.ids["auditor"], begins - timedelta(days=1))
        assert yesterday is not None
        assert yesterday.team == "quality"
    assert placed(council, "auditor", position=before).team == "west"
    eve = begins - timedelta(days=1)
    assert placed(council, "auditor", position=before, day=eve).team == "quality"
    then = council.browser("admin").get(f"{path}?as_at={eve}")
    assert "From 12 March 2026" in words_of(then.text)


def test_a_move_told_late_holds_from_its_day_until_the_one_told_before_it(
    small_council: Council,
) -> None:
    council = small_council
    today = council.today
    move(council, "auditor", today, team="west")
    council.clock.advance(timedelta(days=5))
    move(council, "auditor", today - timedelta(days=20), team="east")
    days = {n: today + timedelta(days=n) for n in (-21, -20, -1, 0, 5)}
    found = {n: placed(council, "auditor", day=day).team for n, day in days.items()}
    assert found == {-21: "quality", -20: "east", -1: "east", 0: "west", 5: "west"}
    path = f"/people/{council.ids['auditor']}"
    true = council.browser("admin").get(f"{path}?true_on={today - timedelta(days=3)}")
    assert "Team East" in words_of(true.text)


def test_a_circle_that_would_close_on_a_day_still_to_come_is_refused(
    small_council: Council,
) -> None:
    council = small_council
    ids, today = council.ids, council.today
    move(council, "auditor2", today + timedelta(days=30), manager=ids["auditor"])
    with pytest.raises(Refused) as refused:
        move(council, "auditor", today + timedelta(days=10), manager=ids["auditor2"])
    assert [fault.code for fault in refused.value.faults] == ["manager-circle"]
    assert "Auditor Tree → Auditor2 Tree → Auditor Tree" in refused.value.sentence
    move(council, "auditor", today + timedelta(days=40))
    move(council, "auditor2", today + timedelta(days=35))
    move(council, "auditor", today + timedelta(days=36), manager=ids["auditor2"])


def test_a_departure_ahead_is_a_day_like_any_other_until_it_is_over(
    small_council: Council,
) -> None:
    council = small_council
    last = council.today + timedelta(days=10)
    path = f"/people/{council.ids['auditor']}"
    assert send(council.browser("admin"), f"{path}/leave", day("on", last)).status_code == 303
    assert "Leaves on 12 March 2026" in words_of(council.browser("admin").get(path).text)
    council.allocated(due_on=last)
    council.clock.advance(timedelta(days=10))
    assert council.browser("auditor").get("/reports").status_code == 200
    council.clock.advance(timedelta(days=1))
    assert council.browser("auditor").get("/reports").status_code == 403
    assert "Left on 12 March 2026" in words_of(council.browser("admin").get(path).text)
    here = {one["name"] for one in council.program("admin").get(f"{V1}/people").json()["people"]}
    assert "Auditor Tree" not in here
    earlier = council.program("admin").get(f"{V1}/people?as_at={last}").json()["people"]
    assert "Auditor Tree" in {one["name"] for one in earlier}


def test_a_departure_still_to_come_is_called_off(small_council: Council) -> None:
    council = small_council
    path = f"/people/{council.ids['auditor']}"
    fields = day("on", council.today + timedelta(days=3))
    assert send(council.browser("admin"), f"{path}/leave", fields).status_code == 303
    assert "Cancel the departure" in words_of(council.browser("admin").get(path).text)
    assert send(council.browser("admin"), f"{path}/return").status_code == 303
    council.clock.advance(timedelta(days=9))
    assert council.browser("auditor").get("/reports").status_code == 200


def test_a_role_is_ended_ahead_and_late(small_council: Council) -> None:
    council = small_council
    actor = council.actor("auditor")
    person, grant = council.ids["auditor"], actor.grants[0]
    at = f"{V1}/people/{person}"
    admin = council.program("admin")
    ends = council.today + timedelta(days=4)
    body = {"grant": grant.model_dump(mode="json"), "on": str(ends)}
    tag = {"If-Match": admin.get(at).headers["ETag"]}
    assert admin.post(f"{at}/grants/end", json=body, headers=tag).status_code == 201
    council.clock.advance(timedelta(days=4))
    assert council.actor("auditor").has(Role.AUDITOR)
    council.clock.advance(timedelta(days=1))
    assert not council.actor("auditor").has(Role.AUDITOR)
    other = council.actor("moderator").grants[0]
    people.end_role(
        council.services.desk,
        EndRole(person=council.ids["moderator"], grant=other, on=council.today - timedelta(days=2)),
        by=council.actor("admin"),
    )
    with council.services.store.reading() as connection:
        held = queries.grants(connection, council.ids["moderator"])
    assert held[0].until == council.today - timedelta(days=2)
