"""Events of a joining (stream ``child-joining:<id>``): two references are one child's.

The stream goes by an id of its own, so that no address holds a child's reference.
"""

from __future__ import annotations

from typing import Annotated

from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.frozen import SealedText

Why = Annotated[SealedText, FieldWords(label="Why")]


def child_joining_stream(joining: str) -> str:
    return f"child-joining:{joining}"


class ChildJoined(Event):
    """The reference `child` and the reference `other` are one child's from now on."""

    joining: str
    child: str
    other: Annotated[str, FieldWords(label="The other reference")]
    why: Why


class ChildParted(Event):
    """The joining is undone: the references are two children's again."""

    child: str
    other: Annotated[str, FieldWords(label="The other reference")]
    why: Why
