"""What a room opens: cases by their references, tools, what is left out, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from qa.core.clock import microseconds
from qa.core.errors import NotNow, Refused
from qa.core.words import KeptTo, Scope
from qa.inspections import decisions, events
from qa.inspections.commands import ChangeInspectorRoomReach
from qa.inspections.events import RoomAudit, RoomReach
from qa.inspections.state import RoomCase
from qa.store.codec import decode
from tests.inspections.support import OPENED, room
from tests.support.given import START

EAST = Scope(kind="team", code="east")
CASES = (
    RoomCase("a1", "CA-1", "C-1", "c-1", "care", "east"),
    RoomCase("a2", "CA-2", "C-1", "c-1", "care", "east"),
    RoomCase("a3", "CA-3", "C-3", "c-3", "care", "west"),
    RoomCase("a4", "CA-4", "Hush", "hush", "care", "east"),
    RoomCase("a5", "CA-5", "", "", "care", "east"),
)
TOOLS = ("whole-file", "thematic")


def asking(**values: Any) -> ChangeInspectorRoomReach:
    return ChangeInspectorRoomReach(
        **{"room": "r1", "scope": EAST, "reason": "They track other children.", **values}
    )


def asked(**values: Any) -> decisions.ReachChoice:
    return decisions.reach_asked(asking(**values), cases=CASES, restricted={"hush"}, tools=TOOLS)


def codes(found: decisions.ReachChoice) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in found.faults]


def test_cases_are_audits_or_children_by_any_letters_and_each_once() -> None:
    found = asked(cases=(" ca-1 ", "CA-1", "c-1", "CA-5", ""), tools=("thematic", "thematic"))
    assert found.reach == RoomReach(
        scope=EAST,
        audits=(RoomAudit(audit="a1", reference="CA-1"), RoomAudit(audit="a5", reference="CA-5")),
        children=("C-1",),
        tools=("thematic",),
    )
    assert (codes(found), found.left_out) == ([], ())


def test_without_cases_a_room_is_about_all_of_its_scope() -> None:
    assert asked(cases=(" ",)).reach == RoomReach(scope=EAST)


def test_every_case_that_is_not_within_the_scope_is_named_as_one_that_is_not_there() -> None:
    found = asked(cases=("CA-1", "CA-3", "C-3", "nobody"), tools=("other",))
    assert codes(found) == [("cases", "case-unknown"), ("tools", "tool-unknown")]
    said = found.faults[0].sentence
    assert all(name in said for name in ("CA-3", "C-3", "nobody"))
    assert "CA-1" not in said


def test_restricted_children_are_left_out_and_said_so() -> None:
    found = asked(cases=("HUSH", "CA-4", "C-1"))
    assert found.reach.children == ("C-1",)
    assert found.reach.audits == ()
    assert found.left_out == ("HUSH", "CA-4")
    # Nothing would be left, and a room about nothing would be one about everything.
    assert codes(asked(cases=("hush",))) == [("cases", "cases-left-out")]


def test_a_room_is_about_five_hundred_cases_at_most() -> None:
    many = tuple(f"X-{number}" for number in range(decisions.MOST_CASES + 1))
    assert codes(asked(cases=many)) == [("cases", "cases-many")]
    assert codes(asked(cases=many[1:])) == [("cases", "case-unknown")]


def test_what_a_room_opens_is_changed_with_a_reason() -> None:
    found = asked(cases=("CA-1",))
    before = RoomReach(scope=OPENED.scope)
    changed = decisions.change_reach(room(), asking(), reach=found)
    assert changed == [events.InspectorRoomReachChanged(old=before, new=found.reach)]
    assert room(*changed).reach == found.reach
    assert decisions.change_reach(room(*changed), asking(), reach=found) == []


@pytest.mark.parametrize("reason", ["", "x"])
def test_a_change_without_a_reason_and_faults_of_the_cases_are_refused_together(
    reason: str,
) -> None:
    with pytest.raises(Refused) as refused:
        decisions.change_reach(room(), asking(reason=reason), reach=asked(cases=("nobody",)))
    assert {fault.field for fault in refused.value.faults} == {"reason", "cases"}


def test_a_closed_room_opens_nothing_else() -> None:
    with pytest.raises(NotNow):
        decisions.change_reach(
            room(events.InspectorRoomClosed()), asking(), reach=asked(cases=("CA-1",))
        )


def test_a_room_holds_the_audits_that_are_named_and_of_these_the_tools() -> None:
    cases = KeptTo(frozenset({"a1", "a2"}))
    assert (cases.holds("a1", None), cases.holds("a3", None)) == (True, False)
    both = KeptTo(frozenset({"a1", "a2"}), frozenset({"thematic"}))
    assert (both.holds("a1", "thematic"), both.holds("a1", "other")) == (True, False)
    tools = KeptTo(tools=frozenset({"thematic"}))
    assert (tools.holds("a9", "thematic"), tools.holds("a9", None)) == (True, False)
    # What belongs to no audit is in no room, and a room about nothing holds nothing.
    assert not any(one.holds(None, "thematic") for one in (cases, both, tools))
    assert not tools.holds("", "thematic")
    assert not KeptTo(frozenset()).holds("a1", None)


def test_a_room_as_it_was_stored_before_is_about_all_of_its_part() -> None:
    stored = b"""{"v":1,"m":{"fact_id":"f1","effective_on":"2026-03-02","by":"p-lead",
        "in_role":"qa-lead","team_then":null,"correlation_id":"c1","reason":null,"about":null},
        "d":{"room":"r1","title":"Focused visit","inspector":"p-out",
        "scope":{"kind":"service","code":"safeguarding"},"since":"2026-03-02",
        "until":"2026-03-31","pin":40,"pinned_on":"2026-02-28"}}"""
    row = (1, "inspection:r1", 1, "InspectorRoomOpened", microseconds(START), stored)
    assert decode(row, lambda _stream, sealed, _about: sealed).event == OPENED
