"""Giving out a copy of a published report: what is kept of it, and what is refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from qa.core.errors import CaseloopError
from qa.disclosure import decisions
from qa.disclosure.commands import (
    GiveOutsideCopy,
    SetDisclosureRule,
    TextToRelease,
    WithdrawOutsideCopy,
    WrittenText,
)
from qa.disclosure.events import (
    NOTHING_SET,
    DisclosureRuleSet,
    LeftOutWords,
    OutsideCopyGiven,
    OutsideCopyWithdrawn,
    ShownTable,
)
from qa.disclosure.state import OutsideCopies
from tests.support.given import codes_of

SAID = "Ms  Oak read it. The work of MS OAK is good."
TOLD = (WrittenText(text="7:0", written="We saw two  of them. Half moved."),)
SHOWN = ShownTable(hidden=(1,), totals=())


def given(copies: OutsideCopies | None = None, **values: Any) -> list[Any]:
    command = GiveOutsideCopy.model_validate(
        {
            "of": "r1",
            "audience": "public",
            "originals": (
                WrittenText(text="title", written="To the board"),
                WrittenText(text="7:0", written=SAID),
            ),
            "withdrawn": False,
            "tables": (SHOWN,),
            "least": 5,
            "policy_version": 0,
            "position": 40,
            "after": 0,
            "rendering": 2,
            **values,
        }
    )
    return decisions.give(
        copies or OutsideCopies(), NOTHING_SET, command, given="c1", salt="ab" * 16
    )


def text(of: str = "7:0", *passages: str, because: str = "") -> TextToRelease:
    return TextToRelease(text=of, passages=passages, because=because)


def test_a_copy_keeps_what_it_shows_and_what_was_left_out_of_its_texts() -> None:
    released = (text("title"), text("7:0", "ms oak", "", "Oak read", because="It is a name."))
    [event] = given(texts=released)
    assert isinstance(event, OutsideCopyGiven)
    assert (event.published, event.audience, event.tables) == ("r1", "public", (SHOWN,))
    assert [one.text for one in event.texts] == ["title", "7:0"]
    left_out = event.texts[1].left_out
    assert left_out == (LeftOutWords(start=0, end=12), LeftOutWords(start=29, end=35))
    assert "Oak" not in event.model_dump_json()


def test_the_references_of_a_report_are_the_same_in_all_its_copies() -> None:
    [event] = given(OutsideCopies(0, {"r1": "cd" * 16}))
    assert event.salt == "cd" * 16


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"texts": (text("9:9"),)}, ["text-unknown"]),
        ({"texts": (text("title"), text("title"))}, ["text-unknown"]),
        ({"texts": (text("7:0", "Mr Ash", because="A name."),)}, ["passage-missing"]),
        ({"texts": (text("7:0", "oak"),)}, ["because-missing"]),
        ({"texts": (text("7:0", "oak", because="x" * 1001),)}, ["because-long"]),
        ({"texts": (text("7:0", "Ash"),)}, ["passage-missing", "because-missing"]),
        ({"tables": (ShownTable(without="It tells of few."),)}, ["copy-tells-few"]),
        ({"originals": TOLD, "texts": (text("7:0"),)}, ["number-in-words", "number-in-words"]),
        ({"withdrawn": True}, ["report-withdrawn"]),
        ({"after": 1}, ["copies-moved"]),
        ({"policy_version": 1}, ["copies-moved"]),
    ],
)
def test_what_is_no_copy_is_refused_by_name(values: dict[str, Any], codes: list[str]) -> None:
    assert codes_of(lambda: given(**values)) == codes


def test_a_number_in_words_goes_out_when_somebody_said_so_and_to_partners_as_it_is() -> None:
    both = ("We saw two  of them.", "Half moved.")
    ticked = TextToRelease(text="7:0", confirmed=("We saw two of them.", "Half moved."))
    [event] = given(originals=TOLD, texts=(ticked,))
    assert event.texts[0].confirmed == len(both)
    without = TextToRelease(text="7:0", passages=("two", "half"), because="They are few.")
    [event] = given(originals=TOLD, texts=(without,))
    assert (len(event.texts[0].left_out), event.texts[0].confirmed) == (2, 0)
    [event] = given(originals=TOLD, texts=(text("7:0"),), audience="partners")
    assert event.texts[0].confirmed == 0


def test_a_copy_is_withdrawn_once_and_only_one_that_is_there() -> None:
    state = OutsideCopies(1, {"r1": "ab" * 16}, {"c1": "r1"})
    take = WithdrawOutsideCopy(of="r1", given="c1", reason="It names a team.")
    assert decisions.withdraw(state, take) == [OutsideCopyWithdrawn(given="c1")]
    for held, changed, codes in (
        (state, {"of": "r2"}, ["not-found"]),
        (state, {"given": "c2"}, ["not-found"]),
        (state, {"reason": " "}, ["reason-missing"]),
        (replace(state, withdrawn=frozenset(["c1"])), {}, ["copy-withdrawn"]),
    ):
        asked = take.model_copy(update=changed)
        assert codes_of(lambda held=held, asked=asked: decisions.withdraw(held, asked)) == codes


def test_a_copy_is_given_out_without_a_table_that_it_cannot_show() -> None:
    [event] = given(tables=(ShownTable(without="It tells of few."), SHOWN))
    assert len(event.tables) == 2


def test_the_rule_is_set_in_versions() -> None:
    first = decisions.set_rule(NOTHING_SET, SetDisclosureRule(least=5))
    assert first == [DisclosureRuleSet(policy_version=1, least=5)]
    again = DisclosureRuleSet(policy_version=1, least=5)
    assert decisions.set_rule(again, SetDisclosureRule(least=5)) == []
    [round_] = decisions.set_rule(again, SetDisclosureRule(least=5, method="round"))
    assert round_ == DisclosureRuleSet(policy_version=2, least=5, method="round")
    with pytest.raises(CaseloopError):
        decisions.set_rule(again, SetDisclosureRule(least=2))
