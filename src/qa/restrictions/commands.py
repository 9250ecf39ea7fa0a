"""What can be asked of the records of a child: to restrict them, who reads, and the glass."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, child_reference, several, target, weighed_text
from qa.core.frozen import Frozen

RestrictionId = Annotated[str, target("The id of the restriction.")]
Child = Annotated[
    str,
    child_reference("Child’s local reference", missing="Enter the child's reference."),
]
Readers = Annotated[
    tuple[str, ...],
    several(
        "Who may read these records",
        "They read what their roles let them read, and nobody else reads anything.",
        missing="Name at least one person who reads these records.",
    ),
]


class ChildIsRestricted(Frozen):
    """The id of the restriction."""

    restriction: str


class RestrictChild(Command, writes="restriction:{restriction}", result=ChildIsRestricted):
    """Restrict the records of a child to the people named."""

    child: Child
    readers: Readers
    why: Annotated[str, weighed_text("Why they are restricted")]


class NameRestrictionReaders(Command, stream="restriction:{restriction}"):
    """Name who reads from now on."""

    restriction: RestrictionId
    readers: Readers
    why: Annotated[str, weighed_text("Why it is changed")]


class LiftRestriction(Command, stream="restriction:{restriction}"):
    """Lift a restriction: the records are read by whoever their role lets read them."""

    restriction: RestrictionId
    why: Annotated[str, weighed_text("Why it is lifted")]


class GlassIsBroken(Frozen):
    """The restriction, and the last day on which its records can be read."""

    restriction: str
    until: date


class BreakGlass(Command, writes="restriction:{restriction}", result=GlassIsBroken):
    """Read the restricted records of a child to the end of the next working day; QA leads and
    whoever restricted them are told."""

    child: Annotated[
        str, FieldWords(label="Child’s local reference", hint="For example, C-10421. Never a name.")
    ]
    why: Annotated[str, weighed_text("Why you must read these records now")]
