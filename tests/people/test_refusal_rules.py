"""What is refused of a person: names, themselves as manager, roles nobody holds or may be given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.core.event import Event
from qa.core.words import Grant, Role, Scope
from qa.people import decisions
from qa.people.commands import AddPerson, EndRole, GrantRole, MovePerson
from qa.people.decisions import Person
from qa.people.events import PersonDeparted, PersonMoved, RoleEnded, RoleGranted
from tests.people.support import ADDED, EAST, READS
from tests.support.given import TODAY, codes_of, given

SINCE = date(2020, 1, 1)


def person(*past: Any) -> Person:
    return given(Person(), decisions.evolve, ADDED, *past).state


def grant(role: Role, on: Person | None = None, **values: Any) -> list[str]:
    command = GrantRole(person="p", role=role, **{"since": SINCE, **values})
    return codes_of(lambda: decisions.grant_role(on or person(), command, today=TODAY))


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({}, []),
        ({"handle": "ab"}, ["handle-malformed"]),
        ({"handle": "abc"}, []),
        ({"handle": "a" * 40}, []),
        ({"handle": "a" * 41}, ["handle-malformed"]),
        ({"handle": "Pat"}, ["handle-malformed"]),
        ({"handle": "pat."}, ["handle-malformed"]),
        ({"name": " "}, ["name-missing"]),
        ({"name": "x" * 120}, []),
        ({"name": "x" * 121}, ["name-long"]),
    ],
)
def test_a_person_is_added_with_a_name_to_sign_in_by(
    values: dict[str, Any], refused: list[str]
) -> None:
    command = AddPerson(**{"handle": "pat.tree", "name": "Pat Tree", **values})
    assert codes_of(lambda: decisions.add(command, person="p", belongs=None)) == refused


def test_nobody_becomes_their_own_manager_by_moving() -> None:
    def move(manager: str) -> list[Event]:
        command = MovePerson(person="p", team="east", manager=manager)
        return decisions.move(person(), command, belongs=EAST, on=TODAY, today=TODAY)

    assert codes_of(lambda: move("p")) == ["own-manager"]
    [event] = move("q")
    assert event == PersonMoved(team="east", service="safeguarding", manager="q", job_title="")


def test_nobody_is_granted_the_role_of_the_service_itself() -> None:
    assert grant(Role.SYSTEM) == ["role-reserved"]
    for role in set(Role) - {Role.SYSTEM}:
        assert grant(role) == []


def test_a_role_is_held_once_for_a_reach_and_a_time() -> None:
    assert grant(Role.READER, person(READS)) == ["role-held"]
    assert grant(Role.READER, person(READS), scope=Scope(kind="team", code="east")) == []
    assert grant(Role.AUDITOR, person(READS)) == []
    ended = READS.grant.model_copy(update={"until": TODAY - timedelta(days=1)})
    past = RoleGranted(grant=ended)
    assert grant(Role.READER, person(past), since=TODAY) == []
    assert grant(Role.READER, person(past), since=TODAY - timedelta(days=1)) == ["role-held"]


def test_a_grant_lasts_a_day_at_least() -> None:
    assert grant(Role.READER, until=SINCE - timedelta(days=1)) == ["dates-reversed"]
    assert grant(Role.READER, until=SINCE) == []


def test_a_role_that_is_not_held_is_not_ended() -> None:
    other = Grant(role=Role.AUDITOR, since=SINCE)

    def end(grant: Grant) -> list[Event]:
        return decisions.end_role(person(READS), EndRole(person="p", grant=grant), today=TODAY)

    assert codes_of(lambda: end(other)) == ["role-not-held"]
    assert end(READS.grant) == [RoleEnded(grant=READS.grant)]


def test_only_who_left_comes_back() -> None:
    assert codes_of(lambda: decisions.come_back(person())) == ["person-present"]
    assert codes_of(lambda: decisions.come_back(person(PersonDeparted()))) == []
