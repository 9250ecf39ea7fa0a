"""Who may be added, chosen, granted a role or seen off, and in which team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from qa.core.errors import Refused
from qa.core.event import Event
from qa.core.words import Grant, Role, Scope
from qa.people import decisions, deputies, teams
from qa.people.commands import (
    ChangeTeamService,
    CloseTeam,
    EndRole,
    MovePerson,
    OpenTeam,
    RecordDeparture,
    RenameTeam,
    ReopenTeam,
)
from qa.people.decisions import Person
from qa.people.events import (
    TeamClosed,
    TeamOpened,
    TeamRenamed,
    TeamReopened,
    TeamServiceChanged,
)
from qa.people.teams import Organisation, Team
from tests.people.support import ADDED, EAST, READS
from tests.support.given import TODAY, codes_of, given, recorded

COUNCIL = Organisation({"east": EAST, "old": Team("old", "Old", "care", "Care", closed=True)})


def test_whoever_is_chosen_is_here_and_holds_the_role() -> None:
    def chosen(person: Person, role: Role | None = None, *, inspects: bool = False) -> list[str]:
        given_work = partial(decisions.may_be_chosen, person, field="owner", on=TODAY)
        return codes_of(lambda: given_work(role=role, inspects=inspects))

    here = given(Person(), decisions.evolve, ADDED, READS).state
    assert chosen(here) == chosen(here, Role.READER) == []
    assert chosen(here, Role.AUDITOR) == ["role-missing"]
    assert chosen(Person()) == ["person-unknown"]
    gone = replace(here, departed_on=TODAY - timedelta(days=1))
    assert chosen(gone) == ["person-departed"]
    assert chosen(here, inspects=True) == ["person-inspects"]


@pytest.mark.parametrize(("code", "refused"), [("east", False), ("old", True), ("none", True)])
def test_a_team_in_use_is_open(code: str, refused: bool) -> None:
    found = codes_of(lambda: teams.team_in_use(COUNCIL, code, field="team"))
    assert found == (["team-unknown"] if refused else [])


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        (Scope(), False),
        (Scope(kind="team", code="east"), False),
        (Scope(kind="service", code="safeguarding"), False),
        (Scope(kind="service", code="east"), True),
        (Scope(kind="team", code="safeguarding"), True),
    ],
)
def test_a_reach_is_over_what_there_is(scope: Scope, refused: bool) -> None:
    found = codes_of(lambda: teams.scope_exists(COUNCIL, scope))
    assert found == (["scope-unknown"] if refused else [])


def test_an_inspector_reads_in_a_room_and_holds_no_role_beside_it() -> None:
    room = decisions.role_beside_room
    assert codes_of(lambda: room(Role.INSPECTOR, has_room=False)) == ["role-inspector"]
    assert codes_of(lambda: room(Role.READER, has_room=True)) == ["has-inspector-room"]
    assert codes_of(lambda: room(Role.READER, has_room=False)) == []


def test_a_line_manager_is_known_and_a_sign_in_name_is_free() -> None:
    assert codes_of(lambda: decisions.manager_known(False)) == ["person-unknown"]
    assert codes_of(lambda: decisions.manager_known(True)) == []
    assert codes_of(lambda: decisions.handle_free("pat", "p")) == ["handle-taken"]
    assert codes_of(lambda: decisions.handle_free("pat", None)) == []


def test_nobody_grants_to_themselves_nor_opens_the_work_of_others_to_themselves() -> None:
    granted, managed = decisions.granted_by_another, decisions.managed_by_another
    assert codes_of(lambda: granted("p", by="p")) == ["own-grant"]
    assert codes_of(lambda: granted("p", by="q")) == []
    assert codes_of(lambda: managed("p", None, by="p")) == ["own-line"]
    assert codes_of(lambda: managed("p", "p", by="p")) == []
    assert codes_of(lambda: managed("q", None, by="p")) == []
    named = deputies.named_for_another
    assert codes_of(lambda: named("p", Role.ADMINISTRATOR, by="p")) == ["own-emergency"]
    assert codes_of(lambda: named("p", Role.TEAM_MANAGER, by="p")) == []
    assert codes_of(lambda: named("q", Role.ADMINISTRATOR, by="p")) == []


def test_one_administrator_always_stays_and_nobody_sees_themselves_off() -> None:
    ended = decisions.ended_by_another
    assert codes_of(lambda: ended(Role.ADMINISTRATOR, "p", by="p")) == ["own-administrator-role"]
    assert codes_of(lambda: ended(Role.ADMINISTRATOR, "p", by="q")) == []
    assert codes_of(lambda: ended(Role.READER, "p", by="p")) == []
    assert codes_of(lambda: decisions.departure_by_another("p", by="p")) == ["own-departure"]
    assert codes_of(lambda: decisions.departure_by_another("p", by="q")) == []


@pytest.mark.parametrize(
    ("name", "service", "refused"),
    [
        ("West", "Care", []),
        ("West", "", ["service-missing"]),
        ("West", "?", ["service-missing"]),
        (" ", "Care", ["team-name-missing"]),
        ("?", "Care", ["team-name-missing"]),
        ("East", "Care", ["team-exists"]),
    ],
)
def test_a_team_is_opened_once_in_a_service(name: str, service: str, refused: list[str]) -> None:
    command = OpenTeam(name=name, service_name=service)
    assert codes_of(lambda: teams.open_team(COUNCIL, command)) == refused


def test_a_circle_of_line_managers_of_any_length_is_refused_and_named() -> None:
    line = [("b", "Bo"), ("c", "Cy"), ("d", "Di")]
    for length in range(1, 4):
        above = [*line[:length], ("p", "Pat"), ("e", "Ed")]
        with pytest.raises(Refused) as refused:
            decisions.no_circle("p", "Pat", above)
        assert [fault.code for fault in refused.value.faults] == ["manager-circle"]
        names = " → ".join(name for _, name in line[:length])
        assert f"Pat → {names} → Pat." in refused.value.sentence
    assert codes_of(lambda: decisions.no_circle("p", "Pat", line)) == []


def test_a_team_is_closed_with_a_successor_and_opened_again() -> None:
    west = Team("west", "West", "safeguarding", "Safeguarding")
    council = Organisation({**COUNCIL.teams, "west": west})

    def close(
        team: str, successor: str | None = None, running: Sequence[tuple[str, str, int]] = ()
    ) -> list[Event]:
        command = CloseTeam(team=team, successor=successor)
        return teams.close_team(council, command, running=running)

    def reopen(team: str) -> list[Event]:
        return teams.reopen_team(council, ReopenTeam(team=team))

    assert close("east", "west") == [TeamClosed(team="east", successor="west")]
    assert codes_of(lambda: close("east", "old")) == ["team-unknown"]
    assert codes_of(lambda: close("east", "east")) == ["own-successor"]
    assert codes_of(lambda: close("old")) == ["team-unknown"]
    runs = (("audit", "audits", 2), ("action", "actions", 0), ("follow-up", "follow-ups", 1))
    with pytest.raises(Refused) as refused:
        close("east", running=runs)
    [fault] = refused.value.faults
    assert (fault.field, fault.code) == ("successor", "successor-missing")
    assert fault.sentence == (
        "Choose the team that takes over: this one still has 2 audits and 1 follow-up."
    )
    assert close("east", running=[("audit", "audits", 0)])
    assert close("east", "west", runs)
    assert codes_of(lambda: reopen("none")) == ["team-unknown"]
    assert codes_of(lambda: reopen("east")) == ["team-open"]
    opened = TeamOpened(team="n", name="N", service="s", service_name="S")
    back = given(Organisation(), teams.evolve_organisation, opened, TeamClosed(team="n")).state
    assert back.teams["n"].closed
    assert teams.reopen_team(back, ReopenTeam(team="n"), seen=2) == [TeamReopened(team="n")]


def test_a_team_that_changed_meanwhile_is_not_overwritten_and_another_team_is_no_hindrance() -> (
    None
):
    events = (
        TeamOpened(team="n", name="N", service="s", service_name="S"),
        TeamOpened(team="m", name="M", service="s", service_name="S"),
        TeamRenamed(team="n", old="N", new="North"),
    )
    now = given(Organisation(), teams.evolve_organisation, *events).state
    renamed, closed = RenameTeam(team="n", name="X"), CloseTeam(team="n")
    assert codes_of(lambda: teams.rename_team(now, renamed, seen=1)) == ["moved-on"]
    assert codes_of(lambda: teams.close_team(now, closed, seen=1)) == ["moved-on"]
    reopened = ReopenTeam(team="n")
    assert codes_of(lambda: teams.reopen_team(now, reopened, seen=1)) == ["moved-on"]
    assert teams.rename_team(now, RenameTeam(team="m", name="Mid"), seen=2)


def test_a_departure_is_recorded_on_its_day_late_or_ahead_and_once() -> None:
    here = given(Person(), decisions.evolve, ADDED).state

    def left(on: date) -> list[str]:
        asked = RecordDeparture(person="p", on=on)
        return codes_of(lambda: decisions.depart(here, asked, today=TODAY))

    assert left(TODAY) == left(TODAY - timedelta(days=9)) == left(TODAY + timedelta(days=366)) == []
    assert left(TODAY + timedelta(days=367)) == ["date-far"]
    leaving = replace(here, departed_on=TODAY + timedelta(days=3))
    assert leaving.here_on(TODAY + timedelta(days=3))
    assert not leaving.here_on(TODAY + timedelta(days=4))
    again = RecordDeparture(person="p")
    assert codes_of(lambda: decisions.depart(leaving, again, today=TODAY)) == ["person-departed"]


def moved(person: Person, on: date, manager: str | None = None) -> list[Event]:
    command = MovePerson(person="p", team="east", manager=manager, job_title="Worker")
    return decisions.move(person, command, belongs=EAST, on=on, today=TODAY)


def test_somebody_works_elsewhere_from_the_day_of_the_move_whenever_it_is_told() -> None:
    person = Person()
    told = [ADDED, *moved(Person(id="p", name="Pat"), TODAY)]
    days = [TODAY, TODAY + timedelta(days=10), TODAY - timedelta(days=10)]
    for version, (event, day) in enumerate(
        zip([told[0], told[1], told[1].model_copy(update={"team": "west"})], days, strict=True), 1
    ):
        person = decisions.evolve(person, recorded(event, version, on=day))
    teams = [person.on(TODAY + timedelta(days=n)).team for n in (-11, -10, 0, 9, 10, 20)]
    assert teams == [None, "west", "west", "west", "east", "east"]


def test_a_move_is_refused_where_it_cannot_be() -> None:
    here = given(Person(), decisions.evolve, ADDED).state
    assert codes_of(lambda: moved(here, TODAY + timedelta(days=367))) == ["date-far"]
    assert codes_of(lambda: moved(here, TODAY, manager="p")) == ["own-manager"]
    leaving = replace(here, departed_on=TODAY + timedelta(days=3))
    assert codes_of(lambda: moved(leaving, TODAY + timedelta(days=4))) == ["person-departed"]
    assert codes_of(lambda: moved(leaving, TODAY + timedelta(days=3))) == []


def test_a_role_ends_on_a_day_on_which_it_is_held() -> None:
    person = given(Person(), decisions.evolve, ADDED, READS).state

    def ended(on: date, grant: Grant = READS.grant) -> list[str]:
        asked = EndRole(person="p", grant=grant, on=on)
        return codes_of(lambda: decisions.end_role(person, asked, today=TODAY))

    assert ended(TODAY) == ended(TODAY + timedelta(days=30)) == ended(READS.grant.since) == []
    assert ended(READS.grant.since - timedelta(days=1)) == ["role-not-held-then"]
    assert ended(TODAY + timedelta(days=367)) == ["date-far"]
    other = Grant(role=Role.AUDITOR, since=TODAY)
    assert ended(TODAY, other) == ["role-not-held"]


def test_a_team_changes_its_service_on_a_day() -> None:
    west = Team("west", "West", "care", "Care")
    council = Organisation({"east": EAST, "west": west, "old": COUNCIL.teams["old"]})

    def changed(
        on: date = TODAY, code: str = "east", service: str = "Care"
    ) -> list[TeamServiceChanged]:
        asked = ChangeTeamService(team=code, service_name=service, on=on)
        return teams.change_service(council, asked, on=on, today=TODAY)

    to_care = TeamServiceChanged(team="east", old="safeguarding", new="care", new_name="Care")
    assert changed() == [to_care]
    assert changed(service="Safeguarding") == []
    assert codes_of(lambda: changed(TODAY + timedelta(days=367))) == ["date-far"]
    assert codes_of(lambda: changed(code="none")) == ["team-unknown"]
    assert codes_of(lambda: changed(code="old")) == ["team-unknown"]
    for nothing in ("", "?"):
        assert codes_of(lambda: changed(service=nothing)) == ["service-missing"]  # noqa: B023
    state, ahead = Organisation(), TODAY + timedelta(days=5)
    opened = TeamOpened(team="east", name="East", service="safeguarding", service_name="SG")
    told: list[tuple[Event, date]] = [(opened, TODAY), (to_care, ahead)]
    for version, (event, on) in enumerate(told, 1):
        state = teams.evolve_organisation(state, recorded(event, version, "organisation", on))
    services = [state.on(TODAY + timedelta(days=n)).teams["east"].service for n in (-9, 4, 5)]
    assert services == ["safeguarding", "safeguarding", "care"]


def test_the_last_of_several_successors_answers_for_a_closed_team() -> None:
    opened = [TeamOpened(team=one, name=one, service="s", service_name="S") for one in "nmo"]
    closed = (TeamClosed(team="n", successor="m"), TeamClosed(team="m", successor="o"))
    chain = given(Organisation(), teams.evolve_organisation, *opened, *closed).state
    assert [getattr(chain.answering(one), "code", None) for one in "nmox"] == ["o", "o", "o", None]
    circle = (*closed, TeamReopened(team="n"), TeamClosed(team="o", successor="n"))
    back = given(Organisation(), teams.evolve_organisation, *opened, *circle).state
    assert getattr(back.answering("m"), "code", None) == "n"
