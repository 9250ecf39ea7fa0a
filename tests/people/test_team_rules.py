"""Teams as their events leave them: opened, renamed, in which service, and who answers for one."""

from __future__ import annotations

from datetime import date

from qa.core.event import Event
from qa.people import events, teams
from qa.people.commands import OpenTeam, RenameTeam
from qa.people.teams import Organisation, Team
from tests.support.given import TODAY, codes_of, given

EAST = Team("east", "East", "safeguarding", "Safeguarding")
COUNCIL = Organisation({"east": EAST})


def opened(code: str, service: str = "care") -> events.TeamOpened:
    return events.TeamOpened(
        team=code, name=code.title(), service=service, service_name=service.title()
    )


def test_a_team_is_opened_in_a_service_under_the_name_that_this_has() -> None:
    def name_of(typed: str) -> tuple[str, str]:
        [made] = teams.open_team(COUNCIL, OpenTeam(name=" West ", service_name=typed))
        assert (made.team, made.name) == ("west", "West")
        return made.service, made.service_name

    assert name_of("safeguarding") == ("safeguarding", "Safeguarding")
    assert name_of(" Care for children ") == ("care-for-children", "Care for children")


def test_a_team_is_renamed_to_another_name_that_says_something() -> None:
    def renamed(name: str) -> list[Event]:
        return teams.rename_team(COUNCIL, RenameTeam(team="east", name=name))

    assert codes_of(lambda: renamed(" ")) == ["team-name-missing"]
    assert renamed(" East ") == []
    assert renamed("E") == [events.TeamRenamed(team="east", old="East", new="E")]
    assert teams.team_in_use(COUNCIL, "east", field="team") is EAST


def test_the_last_word_on_the_service_of_a_day_counts() -> None:
    days = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1))
    told = [
        events.TeamServiceChanged(team="east", old="care", new=new, new_name=new.title())
        for new in ("early", "wrong", "right")
    ]
    team = Team("east", "East", "care", "Care", services=((date.min, "care", "Care"),))
    for day, event in zip(days, told, strict=True):
        team = team.moved(event, day)
    assert len(team.services) == 3
    assert [team.on(day).service for day in (date(2025, 12, 31), *days[:2])] == [
        "care",
        "early",
        "right",
    ]
    assert team.on(TODAY).service_name == "Right"


def test_another_team_takes_over_whatever_service_it_is_in() -> None:
    assert EAST.taking_over("west", "care") == {
        "old_team": "west",
        "new_team": "east",
        "old_service": "care",
        "new_service": "safeguarding",
    }


def test_what_is_told_of_something_else_leaves_the_teams_as_they_are() -> None:
    told = (opened("north"), events.PersonRenamed(old="A", new="B"))
    found = given(Organisation(), teams.evolve_organisation, *told).state
    assert found.teams["north"].version == 1
    assert (found.teams["north"].service, found.teams["north"].service_name) == ("care", "Care")
    reopened = (events.TeamClosed(team="north"), events.TeamReopened(team="north"))
    found = given(Organisation(), teams.evolve_organisation, *told, *reopened).state
    assert (found.teams["north"].closed, found.teams["north"].successor) == (False, None)
    assert found.teams["north"].services == ((date.min, "care", "Care"),)


def test_who_answers_for_teams_that_followed_each_other_in_a_circle_is_found_in_the_end() -> None:
    told = (
        *(opened(code) for code in "abc"),
        *(
            events.TeamClosed(team=code, successor=after)
            for code, after in (("a", "b"), ("b", "c"), ("c", "b"))
        ),
    )
    found = given(Organisation(), teams.evolve_organisation, *told).state
    answering = found.answering("a")
    assert answering is not None
    assert answering.code in "bc"
