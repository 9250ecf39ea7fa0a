"""What can be asked of learning themes, and of the library of good practice."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, lines, long_text, reason_text, short_text, target
from qa.core.frozen import Frozen
from qa.learning import events

ThemeId = Annotated[str, target("The id of the theme.")]
Kind = Annotated[events.TagKind, choice("What belongs to it", missing="Say what it is.")]
Record = Annotated[
    str,
    FieldWords(
        label="Which one",
        hint="An audit’s reference, or the address of the page of the action or indicator",
    ),
]
Part = Annotated[
    str,
    FieldWords(
        label="Which part of the audit",
        hint="The code of the domain of a finding, or the number of a strength, from 1",
    ),
]


class ThemeMade(Frozen):
    """The id of the theme."""

    theme: str


class OpenLearningTheme(Command, writes="learning-theme:{theme}", result=ThemeMade):
    """Open a theme."""

    title: events.ThemeTitle
    question: Annotated[str, events.open_text("What do we want to know?")]


class OfTheme(Command, stream="learning-theme:{theme}"):
    """What is asked of a theme that there is."""

    theme: ThemeId


class TagLearningTheme(OfTheme):
    """Say that something belongs to a theme."""

    kind: Kind
    record: Record
    part: Part = ""


class UntagLearningTheme(TagLearningTheme):
    """Say that something does not belong to a theme after all."""

    reason: Annotated[str, reason_text(missing="Say why it does not belong.", longest=2000)]


class ShareLearning(OfTheme):
    """Say where the learning was shared, and its key message."""

    where: Annotated[
        str,
        short_text(
            "Where",
            "For example: practice meeting, newsletter",
            missing=events.MISSING,
            longest=2000,
        ),
    ]
    with_whom: Annotated[
        str,
        short_text(
            "With whom",
            "Teams or roles, no names",
            missing=events.MISSING,
            longest=2000,
            coded="with_whom",
        ),
    ]
    message: events.KeyMessage


class NotePracticeChange(OfTheme):
    """Say how practice changed, and what shows it."""

    what: events.DoneOtherwise
    evidence: events.ShownBy


class NoteReAudit(OfTheme):
    """Say which later audits looked, and what they found."""

    found: Annotated[str, events.open_text("What they found together")]
    audits: Annotated[
        tuple[str, ...],
        lines("References of the audits, one a line", missing="Name the audits that looked again."),
    ]


class CloseLearningTheme(OfTheme):
    """Close a theme with its effect."""

    effect: events.ThemeEffect
    why: Annotated[
        str, reason_text(hint=events.NO_NAMES, missing="Say what shows it.", longest=2000)
    ]


class ExampleMade(Frozen):
    """The id of the example."""

    exemplar: str


class ShareGoodPractice(OfTheme, result=ExampleMade):
    """Hold a tagged strength up as an example, and thank the worker."""

    audit: Annotated[str, FieldWords(label="Audit")]
    strength: Annotated[int, choice("Which strength")]
    text: Annotated[str, events.open_text("What was good, for everybody")]
    worker: Annotated[str, choice("Whom to thank", "Nobody else is told who it was.")]
    thanks: Annotated[
        str,
        long_text(
            "Your thanks", "Only this worker reads it.", missing=events.MISSING, longest=2000
        ),
    ]
