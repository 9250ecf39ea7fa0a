"""What can be asked of copies for outside the council."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel

from qa.core.command import Command
from qa.core.fields import FieldWords, derived, lines, long_text, reason_text, target
from qa.core.frozen import Frozen
from qa.disclosure.events import Audience, Least, Method, ShownTable

COPY_OF = "The id of the report, or `for_outside` of a frozen self-evaluation."


class SetDisclosureRule(Command):
    """Set which counts are too small to be shown outside the council. Copies that were given out
    stay as they are."""

    STREAM: ClassVar[str] = "disclosure-rule"
    least: Least
    method: Method = "leave-out"


class TextToRelease(Frozen):
    """A text that was read and goes into the copy, without the passages that are named."""

    text: Annotated[str, FieldWords(label="Text")]
    passages: Annotated[
        tuple[str, ...],
        lines(
            "Words to leave out",
            "One passage a line, as it is written. Each place where it stands is left out.",
        ),
    ] = ()
    because: Annotated[str, long_text("Why are they left out?", longest=1000)] = ""
    confirmed: Annotated[
        tuple[str, ...],
        FieldWords(
            label="Sentences with a number in words that may go out",
            hint="Tick those whose number tells of no few. Of others, leave the words out.",
        ),
    ] = ()


class WrittenText(Frozen):
    """A text of the report, as it is written."""

    text: str
    written: str


class OutsideCopyMade(Frozen):
    """The id of the copy."""

    given: str


class GiveOutsideCopy(Command):
    """Give out a copy of a published report for partners or for the public: counts and rates that
    tell of no few, references for names, and the texts that are released.

    A text that is not named is left out. If-Match is the ETag of the list of its copies.
    """

    STREAM: ClassVar[str] = "outside-copies"
    RESULT: ClassVar[type[BaseModel]] = OutsideCopyMade
    of: Annotated[str, target(COPY_OF)]
    audience: Audience
    texts: tuple[TextToRelease, ...] = ()
    originals: Annotated[tuple[WrittenText, ...], derived("The texts of the report.")]
    withdrawn: Annotated[bool, derived("Whether the report is withdrawn.")]
    tables: Annotated[tuple[ShownTable, ...], derived("What is shown of each table.")]
    least: Annotated[int, derived("The rule that it is made by.")]
    policy_version: Annotated[int, derived("The version of that rule.")]
    position: Annotated[int, derived("The entry of the log that it is made at.")]
    after: Annotated[int, derived("The version of the copies that it was compared with.")]
    rendering: Annotated[int, derived("The layout of its files.")]


class WithdrawOutsideCopy(Command):
    """Take a copy back that was given out: it stays readable and says so. If-Match is the ETag of
    the list of copies."""

    STREAM: ClassVar[str] = "outside-copies"
    of: Annotated[str, target(COPY_OF)]
    given: Annotated[str, target("The id of the copy.")]
    reason: Annotated[
        str, reason_text("Why is it withdrawn?", missing="Say why the copy is withdrawn.")
    ]
