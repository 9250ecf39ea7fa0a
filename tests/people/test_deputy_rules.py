"""Who may stand in for whom, and when that is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from qa.authorisation.policy import can
from qa.core.errors import CaseloopError
from qa.core.event import Event
from qa.core.words import Actor, Grant, Resource, Role
from qa.people import deputies
from qa.people.commands import EndDeputy, NameDeputy
from qa.people.decisions import Person, evolve
from qa.people.events import DeputyEnded, DeputyNamed, PersonAdded, PersonDeparted, RoleGranted
from tests.support.given import TODAY, Given, given, recorded

NEXT_WEEK = TODAY + timedelta(days=7)
ROLE = RoleGranted(grant=Grant(role=Role.READER, since=date(2020, 1, 1)))


def person(name: str, *events: Event) -> Given[Person]:
    return given(
        Person(), evolve, PersonAdded(person=name, handle=name, name=name.title()), *events
    )


def named(al: Person, deputy: Person, since: date, until: date) -> list[Event]:
    command = NameDeputy(person=al.id, deputy=deputy.id, since=since, until=until)
    return deputies.name(al, command, deputy, today=TODAY)


def ended_by(al: Person, deputy: str, since: date) -> list[Event]:
    command = EndDeputy(person=al.id, deputy=deputy, since=since)
    return deputies.end(al, command, today=TODAY)


DEPUTY = person("bo", ROLE).state
COVER = DeputyNamed(deputy="bo", since=TODAY, until=NEXT_WEEK)


def test_a_deputy_is_named_for_days_that_are_still_to_come() -> None:
    person("al").when(lambda al: named(al, DEPUTY, TODAY, NEXT_WEEK)).then(COVER)


@pytest.mark.parametrize(
    ("who", "since", "until", "codes"),
    [
        (DEPUTY, TODAY - timedelta(days=1), NEXT_WEEK, {"date-past"}),
        (DEPUTY, NEXT_WEEK, TODAY, {"dates-reversed"}),
        (DEPUTY, TODAY, TODAY + timedelta(days=400), {"cover-long"}),
        (person("al").state, TODAY, NEXT_WEEK, {"own-deputy"}),
        (person("bo").state, TODAY, NEXT_WEEK, {"deputy-without-role"}),
        (person("bo", ROLE, PersonDeparted()).state, NEXT_WEEK, TODAY,
         {"deputy-without-role", "dates-reversed"}),
    ],
)  # fmt: skip
def test_every_fault_is_named(who: Person, since: date, until: date, codes: set[str]) -> None:
    asked = person("al").when(lambda al: named(al, who, since, until))
    assert set(asked.faults().values()) == codes


def test_one_deputy_at_a_time_until_it_is_ended() -> None:
    held = person("al", COVER)
    held.when(lambda al: named(al, DEPUTY, NEXT_WEEK, NEXT_WEEK)).refused("deputy-named")
    ended = held.when(lambda al: ended_by(al, "bo", TODAY))
    ended.then(DeputyEnded(deputy="bo", since=TODAY))
    over = person("al", COVER, *ended.events)
    over.when(lambda al: ended_by(al, "bo", TODAY)).refused("deputy-ended")
    over.when(lambda al: named(al, DEPUTY, TODAY, NEXT_WEEK)).then(COVER)


def test_whoever_stood_in_is_remembered_for_the_work_of_those_days_alone() -> None:
    al = person("al", COVER).state
    assert deputies.stood_in(al, NEXT_WEEK) == {"bo"}
    assert deputies.stood_in(al, NEXT_WEEK + timedelta(days=1)) == set()


def test_a_deputy_answers_for_actions_and_never_checks_or_judges() -> None:
    grants = (Grant(role=Role.PRACTITIONER, since=date(2020, 1, 1)),)
    bo = Actor("bo", grants, stands_for=frozenset({"al"}))
    mine = Resource(team="east", person="al", auditor="al", submitted=True)
    for verb in ("read-action", "work-action", "note-progress"):
        assert can(bo, verb, mine).allowed, verb
        assert not can(Actor("bo", grants), verb, mine).allowed, verb
    for verb in ("verify-impact", "check-evidence", "read-judgement", "write-audit", "run-action"):
        assert not can(bo, verb, mine).allowed, verb
    sealed = Resource(team="east", person="al", blind_for=frozenset({"bo"}), submitted=True)
    assert not can(bo, "read-action", sealed).allowed


TRIES = st.tuples(
    st.sampled_from(["name", "end"]),
    st.sampled_from(["bo", "cy"]),
    st.integers(-2, 20),
    st.integers(0, 10),
)


@settings(max_examples=30)
@for_all(st.lists(TRIES, max_size=15))
def test_whatever_is_tried_nobody_has_two_deputies_on_a_day(
    tries: list[tuple[str, str, int, int]],
) -> None:
    al, version = person("al").state, 1
    for what, who, start, length in tries:
        since = TODAY + timedelta(days=start)
        until = since + timedelta(days=length)
        try:
            if what == "name":
                standing = person(who, ROLE).state
                decided = named(al, standing, since, until)
            else:
                decided = ended_by(al, who, since)
        except CaseloopError:
            continue
        for event in decided:
            version += 1
            al = evolve(al, recorded(event, version, "person:al"))
        days = [TODAY + timedelta(days=on) for on in range(35)]
        for day in days:
            assert sum(one.since <= day <= one.until for one in al.deputies) <= 1
        if what == "end":
            assert not any(
                one.person == who and one.since == since and one.until >= max(TODAY, since)
                for one in al.deputies
            )
