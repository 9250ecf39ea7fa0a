from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NamedTuple

import pytest
from pydantic import ValidationError

from qa.core.carry import carry
from qa.core.command import Command
from qa.core.fields import FieldWords
from qa.core.frozen import Frozen


class Wanted(Command):
    name: Annotated[str, FieldWords(label="Name")]
    way: Literal["up", "down"] = "up"
    since: date


class Kept(Frozen):
    id: str
    name: str
    way: str
    since: date | None = None


class KeptRow(NamedTuple):
    id: str
    name: str
    since: str


WANTED = Wanted(name="  A name ", since=date(2026, 4, 1))


def test_fields_of_the_same_name_are_carried_and_texts_of_a_command_stripped() -> None:
    assert carry(Kept, WANTED, id="k1") == Kept(
        id="k1", name="A name", way="up", since=date(2026, 4, 1)
    )


def test_what_is_given_goes_before_what_is_carried() -> None:
    assert carry(Kept, WANTED, id="k1", way="none", since=None).way == "none"


def test_a_field_of_another_type_must_be_given() -> None:
    with pytest.raises(TypeError, match=r"Wanted\.since does not fit KeptRow\.since"):
        carry(KeptRow, WANTED, id="k1")
    assert carry(KeptRow, WANTED, id="k1", since="2026-04-01").name == "A name"


def test_nothing_may_be_missing() -> None:
    with pytest.raises(ValidationError, match="id"):
        carry(Kept, WANTED)
