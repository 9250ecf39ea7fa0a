"""Fields described once: what breaks a limit, by which code, in which words, and who reads it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from qa.core.command import Command
from qa.core.fields import (
    FieldWords,
    days,
    derived,
    field_words,
    labels,
    long_text,
    reason_text,
    several,
    short_text,
    target,
    typed,
    whole,
)


class Visit(BaseModel):
    where: Annotated[str, short_text("Where", missing="Say where.", longest=5)] = "home"


class Arrangement(Command, stream="plan:{plan}"):
    """Agree something."""

    plan: Annotated[str, target("The id of the plan.")] = "p1"
    text: Annotated[str, long_text("Plan", missing="Say what the plan is.", longest=10)] = (
        "A visit."
    )
    actions: Annotated[tuple[str, ...], several("Actions", missing="Choose one.")] = ("a",)
    within: Annotated[int, days("Days", 0, 20)] = 5
    from_three: Annotated[int, whole("At least", 3)] = 3
    upto: Annotated[int, FieldWords(label="At most", most=9, code="too-many")] = 9
    visit: Visit = Visit()
    more: tuple[Visit, ...] = ()


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({}, []),
        ({"text": " "}, [("text", "text-missing")]),
        ({"text": "x" * 10}, []),
        ({"text": "x" * 11}, [("text", "text-long")]),
        ({"actions": ()}, [("actions", "actions-missing")]),
        ({"within": 0}, []),
        ({"within": 20}, []),
        ({"within": -1}, [("within", "days-range")]),
        ({"within": 21, "text": ""}, [("text", "text-missing"), ("within", "days-range")]),
        ({"from_three": 2}, [("from_three", "from-three-range")]),
        ({"upto": 10}, [("upto", "too-many")]),
        ({"visit": {"where": ""}}, [("visit.where", "where-missing")]),
        ({"more": [{}, {"where": "abcdef"}]}, [("more.1.where", "where-long")]),
    ],
)
def test_every_broken_limit_is_named_and_0_is_not_missing(
    values: dict[str, Any], codes: list[tuple[str, str]]
) -> None:
    command = Arrangement.model_validate(values)
    assert [(fault.field, fault.code) for fault in command.faults()] == codes
    assert command.stream == "plan:p1"


class Ending(Command):
    """End something."""

    why: Annotated[str, reason_text(missing="Say why it ends.", longest=40)]


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (" ", "why-missing"),
        ("x", "reason-thin"),
        ("The family has moved. " * 2, "why-long"),
        ("The family has moved.", None),
    ],
)
def test_a_reason_is_one_that_somebody_else_can_weigh(why: str, code: str | None) -> None:
    assert [fault.code for fault in Ending(why=why).faults()] == [code] * (code is not None)


def test_the_sentence_of_a_range_says_what_is_allowed() -> None:
    sentences = {
        f.field: f.sentence for f in Arrangement(from_three=1, upto=10, within=30).faults()
    }
    assert sentences == {
        "within": "Enter days from 0 to 20.",
        "from_three": "Enter a number of 3 or more.",
        "upto": "Enter a number of 9 or fewer.",
    }


def test_the_api_and_forms_read_the_same_description() -> None:
    schema = Arrangement.model_json_schema()["properties"]
    assert (schema["text"]["title"], schema["text"]["maxLength"]) == ("Plan", 10)
    assert (schema["within"]["minimum"], schema["within"]["maximum"]) == (0, 20)
    assert field_words(Arrangement)["plan"].target
    assert dict(labels(Arrangement))["visit.where"] == "Where"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (0, "0"), (("a", "b"), "a\nb"), (date(2026, 3, 2), "2026-03-02"), ("x", "x")],
)
def test_a_value_stands_in_its_box_as_it_would_be_typed(value: object, shown: str) -> None:
    assert typed(value) == shown


def test_two_that_ask_the_same_have_one_fingerprint() -> None:
    assert Arrangement().fingerprint == Arrangement(text="A visit.").fingerprint
    assert Arrangement().fingerprint != Arrangement(text="Another.").fingerprint


class Publication(Command, writes="report:{report}"):
    """Publish something."""

    with_whom: Annotated[
        str,
        short_text(
            "With", missing="Say whom.", longest=3, coded="with_whom", sentence="Keep it short."
        ),
    ]
    position: Annotated[int, derived("The position of the log.")] = 1


def test_a_code_and_a_sentence_can_be_others_than_usual() -> None:
    assert [fault.code for fault in Publication(with_whom=" ").faults()] == ["with_whom-missing"]
    long = Publication(with_whom="everybody").faults()
    assert [(fault.code, fault.sentence) for fault in long] == [
        ("with_whom-long", "Keep it short.")
    ]


def test_what_is_worked_out_is_no_part_of_what_was_asked() -> None:
    first, again = Publication(with_whom="us"), Publication(with_whom="us", position=2)
    assert first.fingerprint == again.fingerprint
    assert first.stream is None
    assert first.written({"report": "r1"}) == "report:r1"
    assert Arrangement().written({}) == "plan:p1"
