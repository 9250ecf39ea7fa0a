"""What can be asked of a child's references: to join two, and to undo it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel

from qa.core.command import Command
from qa.core.fields import FieldWords, short_text, target
from qa.core.frozen import Frozen


def _why(label: str) -> FieldWords:
    return FieldWords(
        label=label,
        hint="Somebody who was not there must be able to weigh it. Name nobody.",
        widget="long",
        missing="Say why, in words that somebody else can weigh.",
        longest=2000,
        sentence="It must be 2,000 characters or fewer.",
        weighed=True,
        thin_is_missing=True,
    )


class ChildIsJoined(Frozen):
    """The id of the joining."""

    joining: str


class JoinChildren(Command):
    """Say that two references are one child's: the records of both are one file from now on, and
    each keeps the reference it was given."""

    WRITES: ClassVar[str] = "child-joining:{joining}"
    RESULT: ClassVar[type[BaseModel]] = ChildIsJoined
    child: Annotated[
        str,
        short_text(
            "Child’s local reference",
            "For example, C-10421. Never a name.",
            missing="Enter the child's reference.",
            longest=60,
        ),
    ]
    other: Annotated[
        str,
        short_text(
            "The other reference of this child",
            "For example, C-10421. Never a name.",
            missing="Enter the other reference.",
            longest=60,
        ),
    ]
    why: Annotated[str, _why("How you know that both are this child")]


class PartChildren(Command):
    """Undo a joining: the references are two children's again."""

    STREAM: ClassVar[str] = "child-joining:{joining}"
    joining: Annotated[str, target("The id of the joining.")]
    why: Annotated[str, _why("Why it is undone")]
