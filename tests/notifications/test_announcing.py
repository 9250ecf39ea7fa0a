"""The outbox: who is told what, once; by whichever scheduler, and never by a replay."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from api.jobs import run_due
from api.notifications.announcing import announce
from api.notifications.reminding import remind
from projections.core.rebuild import rebuild
from projections.core.verify import verify
from qa.actions import handlers as actions
from qa.actions.commands import AcceptAction, DropAction, ReopenAction
from qa.core.words import Role, Scope
from qa.outbox import notices
from qa.people import handlers as people
from qa.people.commands import OPERATOR, GrantRole, MovePerson, NameDeputy, RecordDeparture
from qa.store.tables import event
from tests.actions.support import by_hand, claimed, closed, following, raised
from tests.notifications.support import told
from tests.support.council import Council, words_of
from tests.support.forms import send
from tests.support.tampering import lift_guards

pytestmark = pytest.mark.one_database


def manage(council: Council, person: str, manager: str) -> None:
    people.move_person(
        council.services.desk,
        MovePerson(
            person=council.ids[person], team="east", manager=council.ids[manager], job_title=""
        ),
        by=OPERATOR,
    )


def test_a_role_over_the_whole_council_is_told_to_every_other_lead_and_administrator(
    council: Council,
) -> None:
    announce(council.services)
    for scope in (Scope(kind="team", code="east"), Scope()):
        people.grant_role(
            council.services.desk,
            GrantRole(person=council.ids["lead2"], role=Role.READER, scope=scope),
            by=council.actor("admin"),
        )
    council.grant("lead2", Role.AUDITOR)
    assert announce(council.services) == 1
    assert told(council, "lead") == [
        "Admin Tree gave Lead2 Tree the role Reader for the whole council."
    ]
    assert told(council, "lead2") == told(council, "admin") == []


@pytest.mark.both_databases
def test_new_events_are_told_once_to_whom_they_concern(council: Council) -> None:
    services = council.services
    announce(services)
    audit, action = raised(council, text="An unmistakable thing.")
    reference = council.view(audit).row.reference
    council.seal(audit)
    assert announce(services) == 3
    assert announce(services) == 0
    assert told(council, "auditor") == [
        f"Audit {reference} was allocated to you, due 30 March 2026."
    ]
    assert told(council, "worker") == ["An action was given to you, due 1 April 2026."]
    assert told(council, "moderator")[0].startswith(f"Audit {reference} is yours to moderate")
    worker = council.browser("worker")
    page = worker.get("/notices")
    assert "Notices (1)" in words_of(page.text)
    assert f'href="/actions/{action}"' in page.text
    assert "unmistakable" not in page.text
    worker.post("/notices/read", {"upto": "1000"})
    assert "0 unread" in words_of(worker.get("/notices").text)
    listed = council.program("worker").get("/api/v1/notices").json()
    assert (listed["unread"], len(listed["notices"])) == (0, 1)


def test_a_rebuild_or_a_replay_tells_nobody(council: Council) -> None:
    services = council.services
    council.allocated()
    announce(services)
    council.clock.advance(timedelta(days=40))
    remind(services)
    before = [told(council, handle) for handle in council.ids]
    assert sum(map(len, before)) == 2
    rebuild(services.store, services.registry)
    assert list(verify(services.store, services.registry)) == []
    assert [told(council, handle) for handle in council.ids] == before
    assert [done.count for done in run_due.run_due(services)] == [0, 0, 0, 0]


def test_what_was_recorded_long_ago_is_passed_over(small_council: Council) -> None:
    council = small_council
    announce(council.services)
    council.allocated()
    council.clock.advance(timedelta(days=15))
    assert announce(council.services) == 0
    council.allocated()
    assert announce(council.services) == 1


def test_the_ladder_is_climbed_once_and_stops_when_the_work_is_done(
    small_council: Council,
) -> None:
    council = small_council
    manage(council, "worker", "reader")
    manage(council, "reader", "admin")
    services = council.services
    action = by_hand(council, due_on=council.today + timedelta(days=14), text="Unmistakable.")
    actions.accept(services.desk, AcceptAction(action=action), by=council.actor("worker"))
    heard: dict[str, list[int]] = {"worker": [], "reader": [], "admin": [], "lead": []}
    council.clock.advance(timedelta(days=7))
    for _ in range(22):
        council.clock.advance(timedelta(days=1))
        remind(services)
        for handle, days in heard.items():
            days.append(len(told(council, handle)))
    assert remind(services) == 0
    # Due on Monday 16 March: three working days before, on it, and 1, 5 and 10 after it.
    steps = {
        handle: [at + 8 for at in range(1, 22) if days[at] > days[at - 1]]
        for handle, days in heard.items()
    }
    assert steps == {"worker": [9, 14, 15, 21, 28], "reader": [21], "admin": [28], "lead": [28]}
    assert (
        "Action to do is overdue by 10 working days or more. Due date: 16 March 2026."
        in told(council, "lead")[-1]
    )
    assert not any("Unmistakable" in text for text in told(council, "worker"))
    done = by_hand(council, due_on=council.today + timedelta(days=1))
    actions.drop(
        services.desk,
        DropAction(action=done, reason="It is not needed now."),
        by=council.actor("lead"),
    )
    council.clock.advance(timedelta(days=30))
    assert remind(services) == 0


def test_a_deputy_is_reminded_in_place_of_whoever_is_away(small_council: Council) -> None:
    council = small_council
    manage(council, "worker", "reader")
    desk, today = council.services.desk, council.today
    for person, deputy in (("worker", "auditor2"), ("reader", "moderator2")):
        named = NameDeputy(
            person=council.ids[person],
            deputy=council.ids[deputy],
            since=today,
            until=today + timedelta(days=60),
        )
        people.name_deputy(desk, named, by=council.actor("admin"))
    by_hand(council, due_on=today + timedelta(days=7))
    council.clock.advance(timedelta(days=20))
    remind(council.services)
    assert told(council, "worker") == told(council, "reader") == []
    assert told(council, "auditor2") == [
        "Action to accept for Worker Tree is overdue by 5 working days or more. "
        "Due date: 9 March 2026."
    ]
    assert "It is with Worker Tree." in told(council, "moderator2")[0]
    people.depart(desk, RecordDeparture(person=council.ids["auditor2"]), by=OPERATOR)
    council.clock.advance(timedelta(days=7))
    remind(council.services)
    assert "overdue by 10 working days or more" in told(council, "worker")[0]


def test_what_waits_for_whoever_comes_first_is_told_to_the_leads_alone(
    small_council: Council,
) -> None:
    council = small_council
    council.grant("reader", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    claimed(council, by_hand(council))
    council.clock.advance(timedelta(days=35))
    remind(council.services)
    late = "Evidence to check is overdue by 10 working days or more. Due date: 16 March 2026."
    assert {handle for handle in council.ids if late in told(council, handle)} == {"lead", "lead2"}


def test_the_cap_counts_moved_dates_too(small_council: Council) -> None:
    council = small_council
    steps = {"soon_days": "1", "on_the_day": "yes", "late_days": "1, 2, 3", "manager_days": "5",
             "head_days": "10", "most": "2"}  # fmt: skip
    wrong = send(council.browser("lead"), "/reminder-policy/edit", {**steps, "late_days": "x"})
    assert "with commas between them" in words_of(wrong.text)
    assert send(council.browser("lead"), "/reminder-policy/edit", steps).status_code == 303
    assert "Set version 1 of the steps" in words_of(
        council.browser("reader").get("/reminder-policy").text
    )
    assert council.browser("reader").get("/reminder-policy/edit").status_code == 403
    by_hand(council, due_on=council.today + timedelta(days=7))
    council.clock.advance(timedelta(days=6))
    for _ in range(5):
        council.clock.advance(timedelta(days=1))
        remind(council.services)
    assert len(told(council, "worker")) == 2


def test_a_reopened_loop_is_told_to_owner_verifier_and_head_of_service(
    small_council: Council,
) -> None:
    council = small_council
    manage(council, "worker", "reader")
    manage(council, "reader", "admin")
    _, action = raised(council)
    closed(council, action)
    announce(council.services)
    actions.reopen(
        council.services.desk,
        ReopenAction(
            action=action,
            finding="Audit CA-ABCD-EFGH",
            next=following(council),
            reason="Seen again.",
        ),
        by=council.actor("lead2"),
    )
    announce(council.services)
    loop = {
        handle
        for handle in council.ids
        if any(text.startswith("An action is open again") for text in told(council, handle))
    }
    assert loop == {"worker", "reader", "admin", "lead"}


def test_a_blind_moderator_is_told_nothing_of_the_audit(small_council: Council) -> None:
    """Neither as the owner of one of its actions nor as somebody's manager."""
    council = small_council
    manage(council, "auditor2", "moderator")
    audit, action = raised(council, owner=council.ids["moderator"])
    other, theirs = raised(council, owner=council.ids["auditor2"])
    announce(council.services)
    council.seal(audit)
    council.seal(other)
    announce(council.services)
    council.clock.advance(timedelta(days=60))
    remind(council.services)
    kept = "".join(told(council, "moderator"))
    assert "It is with Auditor2 Tree." in kept
    page = council.browser("moderator").get("/notices").text
    listed = council.program("moderator").get("/api/v1/notices").text
    for shown in (page, listed):
        assert not any(
            word in shown for word in (action, theirs, "Auditor2 Tree", "ction to accept")
        )
    assert "is yours to moderate" in page
    council.browser("moderator").post("/notices/read", {"upto": "1000"})
    moderation = council.view(other).row.moderation
    council.record(other, moderation, "good")
    assert "Notices (2)" in words_of(council.browser("moderator").get("/notices").text)


def test_run_due_says_what_it_would_do(
    small_council: Council, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.jobs import cli

    council = small_council
    announce(council.services)
    council.allocated()
    monkeypatch.setattr(cli, "open_services", lambda: council.services)
    cli.run_due(dry_run=True, as_json=True)
    would = json.loads(capsys.readouterr().out)
    assert next(one for one in would["steps"] if one["name"] == "announce") == {
        "name": "announce", "said": "notices of new facts", "count": 1, "trouble": "",
    }  # fmt: skip
    assert told(council, "auditor") == []
    cli.run_due(dry_run=False, as_json=False)
    assert "1 notices of new facts." in capsys.readouterr().out
    assert len(told(council, "auditor")) == 1


def test_the_day_is_london_s_also_at_midnight_in_summer(small_council: Council) -> None:
    council = small_council
    council.clock.set(datetime(2026, 6, 1, 9, tzinfo=UTC))
    by_hand(council, due_on=council.today)
    council.clock.set(datetime(2026, 6, 8, 22, 59, tzinfo=UTC))
    remind(council.services)
    assert "due today" in told(council, "worker")[-1]
    council.clock.set(datetime(2026, 6, 8, 23, 1, tzinfo=UTC))
    remind(council.services)
    assert "overdue by 1 working day or more" in told(council, "worker")[-1]


def test_an_event_that_cannot_be_read_is_named_and_passed_over(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    services = council.services
    announce(services)
    first, second, third = (by_hand(council) for _ in range(3))
    place = f"action:{second}"
    with services.store.engine.begin() as connection:
        lift_guards(connection)
        of = event.c.stream == place
        [position] = connection.execute(select(event.c.position).where(of)).scalars()
        connection.execute(update(event).where(of).values(state=b"{spoilt"))
    announce(services)
    with services.store.reading() as connection:
        hrefs = {one.href for one in notices.of(connection, council.ids["worker"], limit=200)}
    assert {f"/actions/{first}", f"/actions/{third}"} <= hrefs
    assert f"/actions/{second}" not in hrefs
    assert f"Fact {position} cannot be read" in caplog.text
    caplog.clear()
    assert announce(services) == 0
    assert caplog.text == ""
