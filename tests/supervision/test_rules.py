"""Supervision: who may be a pair, which sessions count as held in time, and what is refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.errors import NotFound, NotNow, Refused
from qa.core.event import ERASED, Event
from qa.imports.changes import RowDiffers
from qa.supervision import commands, decisions, open_cases
from qa.supervision.clocks import DEFAULT_SUPERVISION_POLICY, set_supervision_policy
from qa.supervision.due import Sessions, next_due, owed
from qa.supervision.events import CaseRow, SupervisionHeld, SupervisionNotHeld
from qa.supervision.rows import ImportedSession
from qa.supervision.state import SupervisionPairState
from qa.supervision.states import NotHeldWhy, Standard
from qa.supervision.words import NOT_HELD_LABELS
from tests.supervision.support import BEGAN, EAST, TODAY, after, on
from tests.support.given import codes_of

PAIR = after((BEGAN, date(2026, 1, 5)))


def begin(
    above_supervisor: Collection[str] = (), already: bool = False, **values: Any
) -> list[Event]:
    asked = {"supervisor": "boss", "practitioner": "worker", "team": "east", "since": TODAY}
    return decisions.begin(
        commands.BeginSupervision(**{**asked, **values}),
        pair="p",
        team=EAST,
        today=TODAY,
        above_supervisor=above_supervisor,
        already=already,
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"supervisor": "worker"}, "own-supervision"),
        ({"above_supervisor": {"worker"}}, "supervisor-beneath"),
        ({"already": True}, "supervision-twice"),
        ({"since": TODAY + timedelta(days=1)}, "date-future"),
        ({"since": date(2020, 1, 1)}, "date-far"),
    ],
)
def test_who_cannot_be_a_pair(values: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        begin(**values)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert begin() == [BEGAN]


def held(on: date, session: str = "s", **values: Any) -> SupervisionHeld:
    return SupervisionHeld(session=session, held_on=on, **values)


def hold(pair: SupervisionPairState, on: date, **values: Any) -> list[Event]:
    command = commands.RecordSession(pair="p", held_on=on, **values)
    return decisions.hold(pair, command, session="t", today=TODAY)


def not_hold(pair: SupervisionPairState, on: date, why: NotHeldWhy, note: str = "") -> list[Event]:
    command = commands.RecordSessionNotHeld(pair="p", planned_on=on, why=why, note=note)
    return decisions.not_hold(pair, command, session="t", today=TODAY)


def withdraw(pair: SupervisionPairState, reason: str) -> list[Event]:
    return decisions.withdraw(pair, commands.WithdrawSession(pair="p", session="s", reason=reason))


def switch(pair: SupervisionPairState, since: date) -> list[Event]:
    command = commands.SwitchSupervisionStandard(pair="p", standard="newly-qualified", since=since)
    return decisions.switch_standard(pair, command, today=TODAY)


def end(pair: SupervisionPairState, on: date) -> list[Event]:
    command = commands.EndSupervision(pair="p", on=on, reason="They moved team.")
    return decisions.end(pair, command, today=TODAY)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (TODAY + timedelta(days=1), "date-future"),
        (date(2026, 1, 4), "date-before"),
        (date(2026, 2, 2), "session-twice"),
    ],
)
def test_a_session_that_cannot_be_recorded(on: date, code: str) -> None:
    pair = after((BEGAN, date(2026, 1, 5)), (held(date(2026, 2, 2)), date(2026, 2, 2)))
    for record in (
        lambda: hold(pair, on),
        lambda: not_hold(pair, on, "workload"),
    ):
        with pytest.raises(Refused) as refused:
            record()
        assert [fault.code for fault in refused.value.faults] == [code]


def test_a_mistake_is_withdrawn_and_the_day_is_free_again() -> None:
    day = date(2026, 2, 2)
    pair = after((BEGAN, date(2026, 1, 5)), (held(day), day))
    (gone,) = withdraw(pair, "Another practitioner’s.")
    pair = after((BEGAN, date(2026, 1, 5)), (held(day), day), (gone, TODAY))
    assert hold(pair, day) == [held(day, "t")]
    with pytest.raises(NotFound):
        withdraw(pair, "Wrong once again.")


def test_a_standard_is_switched_forwards_and_an_end_leaves_what_was_held() -> None:
    since = date(2026, 2, 1)
    (switched,) = switch(PAIR, since)
    pair = after((BEGAN, date(2026, 1, 5)), (switched, since), (held(TODAY), TODAY))
    assert pair.standard == "newly-qualified"
    with pytest.raises(Refused) as refused:
        switch(pair, date(2026, 1, 9))
    assert {fault.code for fault in refused.value.faults} == {"standard-same", "date-before"}
    with pytest.raises(Refused) as refused:
        end(pair, date(2026, 2, 20))
    assert [fault.code for fault in refused.value.faults] == ["date-before"]
    (ended,) = end(pair, TODAY)
    over = after((BEGAN, date(2026, 1, 5)), (ended, TODAY))
    with pytest.raises(NotNow):
        switch(over, TODAY)


def test_something_else_needs_words_and_references_have_a_length() -> None:
    with pytest.raises(Refused) as refused:
        not_hold(PAIR, TODAY, "other", " ")
    assert refused.value.faults[0].code == "note-missing"
    with pytest.raises(Refused) as refused:
        hold(PAIR, TODAY, cases=("C" * 61,), note="x" * 4001)
    assert {fault.code for fault in refused.value.faults} == {"references-malformed", "note-long"}


def test_the_policy_keeps_its_ranges() -> None:
    default = DEFAULT_SUPERVISION_POLICY

    def setting(**values: int) -> list[Event]:
        numbers = default.model_dump(exclude={"policy_version"})
        return set_supervision_policy(
            default, commands.SetSupervisionPolicy(**{**numbers, **values})
        )

    with pytest.raises(Refused) as refused:
        setting(newly_qualified_days=35)
    assert refused.value.faults[0].code == "days-reversed"
    with pytest.raises(Refused):
        setting(regular_days=3)
    (event,) = setting(regular_days=35)
    assert event.policy_version == 1  # type: ignore[attr-defined]


DAYS = {"regular": 28, "newly-qualified": 14}


def days(standard: Standard, day: date) -> int:
    return DAYS[standard]


def known(held: list[date], away: list[date] | None = None, ended: date | None = None) -> Sessions:
    return Sessions(TODAY, ended, [(TODAY, "regular")], held, away or [])


@pytest.mark.parametrize(
    ("sessions", "until", "outcomes"),
    [
        (known([]), 27, []),
        (known([]), 28, ["missed"]),
        (known(on(28)), 28, ["held"]),
        (known(on(20)), 28, ["held"]),
        (known(on(20)), 27, []),
        (known(on(40)), 60, ["missed"]),
        (known(on(40)), 68, ["missed", "missed"]),
        (known(on(60)), 87, ["missed", "missed"]),
        (known([], on(28)), 28, ["excused"]),
        (known(on(50), on(25)), 60, ["excused", "held"]),
        (known(on(20), ended=on(40)[0]), 90, ["held"]),
    ],
)
def test_which_owed_dates_were_met(sessions: Sessions, until: int, outcomes: list[str]) -> None:
    last = TODAY + timedelta(days=until)
    assert [one.outcome for one in owed(sessions, days, last)] == outcomes


def test_a_switch_counts_from_the_next_session_on() -> None:
    switched = Sessions(
        TODAY, None, [(TODAY, "newly-qualified"), (on(20)[0], "regular")], on(10, 24, 52), []
    )
    found = list(owed(switched, days, on(90)[0]))
    assert [(one.due_on, one.standard, one.outcome) for one in found] == [
        (on(14)[0], "newly-qualified", "held"),
        (on(24)[0], "newly-qualified", "held"),
        (on(52)[0], "regular", "held"),
        (on(80)[0], "regular", "missed"),
    ]
    assert next_due(switched, days) == on(80)[0]


def _day_by_day(sessions: Sessions, until: date) -> list[tuple[date, str]]:
    """The same rule told as a diary: one day after another, with nothing but a countdown."""
    found: list[tuple[date, str]] = []
    left, away, making_good, met = 28, False, False, []
    day = sessions.began_on
    while day <= until + timedelta(days=28):
        if day > sessions.began_on:
            left -= 1
            away = away or day in sessions.away
        if day in sessions.held:
            if not making_good:
                met.append((day + timedelta(days=left), "held"))
            left, away, making_good = 28, False, False
        elif left == 0:
            met.append((day, "excused" if away else "missed"))
            left, away, making_good = 28, False, not away
        day += timedelta(days=1)
    found = [one for one in met if one[0] <= until]
    return sorted(found)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 200), unique=True, max_size=8),
    st.lists(st.integers(1, 200), unique=True, max_size=4),
    st.integers(0, 220),
)
def test_owed_dates_are_those_of_a_diary_kept_by_hand(
    held_on: list[int], away_on: list[int], until: int
) -> None:
    sessions = known(on(*sorted(held_on)), on(*sorted(set(away_on) - set(held_on))))
    last = TODAY + timedelta(days=until)
    found = sorted((one.due_on, one.outcome) for one in owed(sessions, days, last))
    assert found == _day_by_day(sessions, last)


def test_the_cases_of_a_session_are_references_and_a_prompt_is_of_own_cases() -> None:
    assert codes_of(lambda: decisions.cases_named(["C-1", "C-2"])) == []
    assert codes_of(lambda: decisions.cases_named(["Amara", ""])) == [
        "child-looks-like-name",
        "child-missing",
    ]
    assert codes_of(lambda: decisions.cases_of("p", {"p"})) == []
    assert codes_of(lambda: decisions.cases_of("p", {"p", "q"})) == ["audit-of-another"]
    assert codes_of(lambda: decisions.cases_of("p", {None})) == ["audit-of-another"]


def test_every_row_of_open_cases_has_a_reference_and_a_team() -> None:
    teams = {"east": EAST}
    (held,) = open_cases.checked([CaseRow(case="C-1", team="east")], teams)
    assert (held.team, held.service) == ("east", "safeguarding")
    wrong = [CaseRow(case="Amara", team="east"), CaseRow(case="C-2", team="west")]
    assert codes_of(lambda: open_cases.checked(wrong, teams)) == [
        "child-looks-like-name",
        "team-unknown",
    ]


def brought(row: ImportedSession, corrects: bool = False) -> list[Any]:
    """What a file brings to a pair with a session on the one day, and none held on the other."""
    held_on, missed_on = date(2026, 2, 2), date(2026, 2, 9)
    there = after(
        (BEGAN, date(2026, 1, 5)),
        (SupervisionHeld(
            session="s1", held_on=held_on, actions=("a1",), cases=("C-1",), note="One."
         ), held_on),
        (SupervisionNotHeld(session="s2", planned_on=missed_on, why="leave"), missed_on),
    )  # fmt: skip
    return decisions.bring_session(there, row, today=TODAY, corrects=corrects)


LEAVE, SICK = NOT_HELD_LABELS["leave"], NOT_HELD_LABELS["sickness"]


@pytest.mark.parametrize(
    ("day", "values", "cells"),
    [
        (2, {}, []),
        (2, {"cases": ("C-1",), "note": "One."}, []),
        (2, {"cases": ("C-2",)}, [("cases", "Other children", "C-2")]),
        (2, {"note": "Two."}, [("note", "Another text", "Two.")]),
        (2, {"not_held": "sickness"}, [("held", "yes", "no"), ("why", "", SICK)]),
        (9, {"not_held": "leave"}, []),
        (9, {"not_held": "sickness"}, [("why", LEAVE, SICK)]),
        (9, {"not_held": "leave", "note": "In May."}, [("note", "", "In May.")]),
        (9, {}, [("held", "no", "yes"), ("why", LEAVE, "")]),
    ],
)
def test_a_file_that_says_something_else_of_a_session_is_told_what(
    day: int, values: dict[str, Any], cells: list[tuple[str, str, str]]
) -> None:
    """What it leaves blank is nothing else, and what was written is not told."""
    row = ImportedSession(row=2, reference="S", pair="p", on=date(2026, 2, day), **values)
    if not cells:
        assert brought(row) == []
        return
    with pytest.raises(Refused) as refused:
        brought(row)
    (fault,) = refused.value.faults
    assert isinstance(fault, RowDiffers)
    assert [tuple(one) for one in fault.cells] == cells
    gone, now = brought(row, corrects=True)
    assert gone.session == ("s1" if day == 2 else "s2")
    if day == 2 and "not_held" not in values:
        assert now.actions == ("a1",)
        assert (now.cases, now.note) == (values.get("cases", ("C-1",)), values.get("note", "One."))


def test_a_note_that_was_erased_does_not_come_back_as_a_text() -> None:
    held_on = date(2026, 2, 2)
    erased = SupervisionHeld(session="s1", held_on=held_on, cases=("C-1",), note=ERASED)
    there = after((BEGAN, date(2026, 1, 5)), (erased, held_on))
    row = ImportedSession(row=2, reference="S", pair="p", on=held_on, cases=("C-2",), note="One.")
    for note in ("", "One."):
        again = replace(row, note=note)
        _, now = decisions.bring_session(there, again, today=TODAY, corrects=True)
        assert isinstance(now, SupervisionHeld)
        assert now.note == note
