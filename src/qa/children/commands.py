"""What can be asked of a child's references: to join two, and to undo it."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import child_reference, target, weighed_text
from qa.core.frozen import Frozen


class ChildIsJoined(Frozen):
    """The id of the joining."""

    joining: str


class JoinChildren(Command, writes="child-joining:{joining}", result=ChildIsJoined):
    """Say that two references are one child's: the records of both are one file from now on, and
    each keeps the reference it was given."""

    child: Annotated[
        str,
        child_reference("Child’s local reference", missing="Enter the child's reference."),
    ]
    other: Annotated[
        str,
        child_reference("The other reference of this child", missing="Enter the other reference."),
    ]
    why: Annotated[str, weighed_text("How you know that both are this child")]


class PartChildren(Command, stream="child-joining:{joining}"):
    """Undo a joining: the references are two children's again."""

    joining: Annotated[str, target("The id of the joining.")]
    why: Annotated[str, weighed_text("Why it is undone")]
