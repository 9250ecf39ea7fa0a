"""Who restricts, who is named, who breaks the glass: events, or a refusal with its codes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.restrictions import decisions
from qa.restrictions.commands import (
    BreakGlass,
    LiftRestriction,
    NameRestrictionReaders,
    RestrictChild,
)
from qa.restrictions.events import (
    ChildRestricted,
    RestrictionLifted,
    RestrictionOverridden,
    RestrictionReadersNamed,
)
from qa.restrictions.state import Restriction, evolve
from tests.support.given import TODAY, Given, codes_of, given

WHY = "The child of a colleague in the east team."
MAKER = "p-auditor"  # whoever `recorded` says made every event
RESTRICTED = ChildRestricted(restriction="r1", child="C-1", readers=("p1", "p2"), why=WHY)
GLASS = RestrictionOverridden(reader="p3", until=TODAY + timedelta(days=1), why=WHY)
LIFTED = RestrictionLifted(why=WHY)


def past(*events: Any) -> Given[Restriction]:
    return given(Restriction(), evolve, *events)


def restrict(
    child: str = "C-1", readers: tuple[str, ...] = ("p1",), why: str = WHY, already: bool = False
) -> list[Any]:
    command = RestrictChild(child=child, readers=readers, why=why)
    return decisions.restrict(command, restriction="r1", child=child, already=already)


def name_readers(state: Restriction, by: str, readers: tuple[str, ...], why: str = WHY) -> Any:
    command = NameRestrictionReaders(restriction="r1", readers=readers, why=why)
    return decisions.name_readers(state, command, by=by)


def break_glass(state: Restriction, person: str = "p3", why: str = WHY, today: date = TODAY) -> Any:
    command = BreakGlass(child="C-1", why=why)
    return [decisions.break_glass(state, command, person=person, today=today)]


def lift(state: Restriction, why: str = WHY) -> Any:
    return decisions.lift(state, LiftRestriction(restriction="r1", why=why))


def test_a_restriction_names_its_readers_and_says_why() -> None:
    assert restrict(readers=("p2", "p1", "p2"), why=f" {WHY} ") == [RESTRICTED]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"child": ""}, ["child-missing"]),
        ({"child": "C" * 61}, ["child-long"]),
        ({"readers": ()}, ["readers-missing"]),
        ({"why": "None."}, ["why-missing"]),
        ({"why": ""}, ["why-missing"]),
        ({"why": "a long reason " * 200}, ["why-long"]),
        ({"already": True}, ["restricted-already"]),
        ({"child": "C" * 60, "why": "A colleague’s child " * 100}, []),
    ],
)
def test_each_thing_wrong_with_a_restriction_is_refused(
    values: dict[str, Any], codes: list[str]
) -> None:
    assert codes_of(lambda: restrict(**values)) == codes


def test_only_whoever_is_named_reads_and_everybody_once_it_is_lifted() -> None:
    state = past(RESTRICTED).state
    assert [state.reads(one, TODAY) for one in ("p1", "p2", "p3", MAKER)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert past(RESTRICTED, LIFTED).state.reads("p3", TODAY)
    assert Restriction().reads("p3", TODAY)


def test_who_made_it_or_reads_it_has_a_say_in_it() -> None:
    state = past(RESTRICTED).state

    def refused(by: str) -> list[str]:
        return codes_of(lambda: decisions.open_to(state, by=by, today=TODAY))

    assert [refused(one) for one in (MAKER, "p1", "p3")] == [[], [], ["not-found"]]
    none = Restriction()
    assert codes_of(lambda: decisions.open_to(none, by="p1", today=TODAY)) == ["not-found"]


def test_others_are_named_and_the_same_are_no_change() -> None:
    changed = past(RESTRICTED).when(lambda state: name_readers(state, "p1", ("p4", "p1")))
    changed.then(RestrictionReadersNamed(old=("p1", "p2"), new=("p1", "p4"), why=WHY))
    past(RESTRICTED).when(lambda state: name_readers(state, "p1", ("p2", "p1"))).nothing()
    state = past(RESTRICTED, RestrictionReadersNamed(old=("p1", "p2"), new=("p4",), why=WHY)).state
    assert [state.reads(one, TODAY) for one in ("p1", "p4")] == [False, True]


def test_nobody_adds_themselves_and_a_lifted_restriction_changes_no_more() -> None:
    def named(state: Restriction, by: str, **values: Any) -> Any:
        return name_readers(state, by, **{"readers": ("p1", by), **values})

    past(RESTRICTED).when(lambda state: named(state, MAKER)).refused("own-reader")
    past(RESTRICTED, GLASS).when(lambda state: named(state, "p3")).refused("own-reader")
    past(RESTRICTED).when(lambda state: named(state, "p1", readers=())).refused("readers-missing")
    past(RESTRICTED).when(lambda state: named(state, "p1", why="x")).refused("why-missing")
    past(RESTRICTED, LIFTED).when(lambda state: named(state, "p1")).refused("restriction-lifted")


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 3, 2), date(2026, 3, 3)),  # a Monday
        (date(2026, 3, 6), date(2026, 3, 9)),  # a Friday
        (date(2026, 3, 7), date(2026, 3, 9)),  # a Saturday
        (date(2026, 4, 2), date(2026, 4, 7)),  # before Good Friday
    ],
)
def test_the_glass_is_broken_to_the_end_of_the_next_working_day(today: date, until: date) -> None:
    made = past(RESTRICTED).when(lambda state: break_glass(state, today=today))
    (event,) = made.then(RestrictionOverridden(reader="p3", until=until, why=WHY))
    state = past(RESTRICTED, event).state
    assert state.reads("p3", until)
    assert not state.reads("p3", until + timedelta(days=1))
    assert not state.reads("p4", until)


def test_the_glass_is_broken_with_a_reason_where_there_is_any_and_by_who_needs_it() -> None:
    past(RESTRICTED).when(lambda state: break_glass(state, why="Because.")).refused("why-missing")
    past(RESTRICTED).when(lambda state: break_glass(state, "p1")).refused("reads-already")
    past(RESTRICTED, GLASS).when(break_glass).refused("reads-already")
    past(RESTRICTED, LIFTED).when(break_glass).refused("not-restricted")
    past().when(break_glass).refused("not-restricted")


def test_it_is_lifted_once_and_with_a_reason() -> None:
    past(RESTRICTED).when(lambda state: lift(state, WHY)).then(LIFTED)
    past(RESTRICTED).when(lambda state: lift(state, "n/a")).refused("why-missing")
    past(RESTRICTED, LIFTED).when(lambda state: lift(state, WHY)).refused("restriction-lifted")


def test_nobody_is_given_what_they_cannot_read_nor_begins_a_record_that_is_closed_to_them() -> None:
    state = past(RESTRICTED).state

    def given_to(person: str) -> list[str]:
        return codes_of(
            lambda: decisions.may_be_given(
                state, name="Ann", person=person, field="owner", today=TODAY
            )
        )

    assert [given_to("p1"), given_to("p3")] == [[], ["not-a-reader"]]
    assert codes_of(lambda: decisions.may_begin(state, by="p3", today=TODAY)) == [
        "child-restricted"
    ]
    assert codes_of(lambda: decisions.may_begin(state, by="p1", today=TODAY)) == []
