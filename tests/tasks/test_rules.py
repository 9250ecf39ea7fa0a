"""What of somebody's work may be handed over at once, and what is said of what may not."""

from __future__ import annotations

import pytest

from qa.core.errors import Fault, Forbidden, NotFound, NotNow, Refused
from qa.tasks import decisions
from qa.tasks.commands import MOST, HandOverWork, WorkPart
from tests.support.given import codes_of

WHY = "They move to another council."


def test_a_hand_over_names_things_once_for_a_reason_of_substance() -> None:
    def asked(*things: str, reason: str = WHY, to: str = "q") -> list[str]:
        parts = tuple(WorkPart(thing=one, to=to) for one in things)
        command = HandOverWork(person="p", parts=parts, reason=reason)
        return codes_of(lambda: decisions.may_hand_over(command))

    assert asked("action:1", "action:2") == []
    assert asked() == ["parts-missing"]
    assert asked("action:1", reason=" ") == ["reason-missing"]
    assert asked("action:1", reason="x") == ["reason-thin"]
    assert asked("action:1", "action:1") == ["thing-twice"]
    assert asked("action:1", to="p") == ["same-person"]
    assert asked(*(f"action:{n}" for n in range(MOST))) == []
    assert asked(*(f"action:{n}" for n in range(MOST + 1))) == ["parts-many"]


def test_each_thing_named_wrongly_is_named_at_its_place() -> None:
    parts = tuple(WorkPart(thing=one, to="p" if one == "c" else "q") for one in "aabcb")
    with pytest.raises(Refused) as refused:
        decisions.may_hand_over(HandOverWork(person="p", parts=parts, reason=WHY))
    assert [(one.field, one.code) for one in refused.value.faults] == [
        ("parts.1.thing", "thing-twice"),
        ("parts.3.to", "same-person"),
        ("parts.4.thing", "thing-twice"),
    ]


def test_only_the_work_of_the_person_goes_and_only_what_is_known() -> None:
    assert codes_of(lambda: decisions.oversees(False)) == ["not-found"]
    assert codes_of(lambda: decisions.oversees(True)) == []
    part = WorkPart(thing="action:1", to="q")
    for known, codes in ((True, []), (False, ["thing-alone"])):
        assert codes_of(lambda known=known: decisions.kind_of(part, known)) == codes
    for held_by, codes in (("p", []), ("q", ["not-theirs"]), ("", ["not-theirs"])):
        assert codes_of(lambda held_by=held_by: decisions.theirs(held_by, "p")) == codes


def test_what_kept_a_part_back_is_told_at_its_place() -> None:
    where = Refused([Fault("auditor", "a", "A."), Fault("thing", "b", "B.")])
    assert decisions.faults_of(3, where) == [
        Fault("parts.3.to", "a", "A."),
        Fault("parts.3.thing", "b", "B."),
    ]
    for error in (NotFound("None."), Forbidden("No.", rule="r"), NotNow("Not now.")):
        [fault] = decisions.faults_of(0, error)
        assert (fault.field, fault.code, fault.sentence) == (
            "parts.0.to",
            error.code,
            error.sentence,
        )
