"""What can be asked of who stands in for somebody."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, target


def _day(label: str) -> FieldWords:
    return FieldWords(label=label, widget="day", missing="Enter a day.", coded="date")


class OfDeputy(Command):
    STREAM: ClassVar[str] = "person:{person}"
    person: Annotated[str, target("The id of the person.", pattern=r"^[a-z0-9-]{1,64}$")]
    deputy: Annotated[str, choice("Who stands in")]
    since: Annotated[date, _day("First day")]


class NameDeputy(OfDeputy):
    """Let somebody stand in, both days included."""

    until: Annotated[date, _day("Last day")]


class EndDeputy(OfDeputy):
    """End a standing in, from today on."""
