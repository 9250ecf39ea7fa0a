"""Events of a learning theme (stream ``learning-theme:<id>``): what several findings teach, and
what became of it.

Its texts name no worker and no child: they are refused where they do, and so they are not sealed.
Only the thanks to a worker are personal.
"""

from __future__ import annotations

from typing import Annotated, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords, choice, long_text, short_text
from qa.core.frozen import SealedText

MISSING = "This has to be filled in."
NO_NAMES = "Name no worker and no child: everybody reads this."


def open_text(label: str) -> FieldWords:
    """A text that everybody reads."""
    return long_text(label, NO_NAMES, missing=MISSING, longest=2000)


def theme_stream(theme: str) -> str:
    return f"learning-theme:{theme}"


TagKind = Literal["finding", "strength", "action", "plan-action", "indicator"]
Effect = Literal["improved", "not-improved"]

ThemeTitle = Annotated[
    str,
    short_text(
        "Theme",
        "For example: seeing children alone. No names.",
        missing=MISSING,
        longest=120,
    ),
]
KeyMessage = Annotated[str, open_text("Key message")]
DoneOtherwise = Annotated[str, open_text("What is done otherwise")]
ShownBy = Annotated[str, open_text("What shows it")]
ThemeEffect = Annotated[Effect, choice("Effect", missing="Say whether practice improved.")]


class LearningThemeOpened(Event):
    """Somebody sees one thing to learn in several findings, and asks a question of it."""

    theme: str
    title: ThemeTitle
    question: Annotated[str, FieldWords(label="Question")]


class LearningThemeTagged(Event):
    """Something belongs to the theme: `record` is the id of an audit, an action, an action of a
    plan or an indicator; `part` the domain of a finding, or the place of a strength (from 0)."""

    kind: Annotated[TagKind, FieldWords(label="Kind of thing")]
    record: str
    part: str = ""


class LearningThemeUntagged(Event):
    """It does not belong to the theme after all; the reason is in the envelope."""

    kind: Annotated[TagKind, FieldWords(label="Kind of thing")]
    record: str
    part: str = ""


class LearningShared(Event):
    """The learning was told somewhere to some people, with one key message."""

    where: Annotated[str, FieldWords(label="Shared where")]
    with_whom: Annotated[str, FieldWords(label="Shared with")]
    message: KeyMessage


class LearningPracticeChanged(Event):
    """Practice is another since, and this shows it."""

    what: DoneOtherwise
    evidence: ShownBy


class LearningReAudited(Event):
    """Later audits looked whether the change holds; `found` is what they showed together."""

    audits: tuple[str, ...]
    found: Annotated[str, FieldWords(label="What the re-audit found")]


class LearningThemeClosed(Event):
    """The question is answered: practice for children improved, or it did not."""

    effect: ThemeEffect
    why: Annotated[str, FieldWords(label="Why it is closed")]


class GoodPracticeShared(Event):
    """A strength that an audit saw is held up as an example, told so that it names nobody.

    `strength` is its place in the audit (from 0). `thanks` is said to the worker alone.
    """

    exemplar: str
    audit: str
    strength: int
    text: Annotated[str, FieldWords(label="Good practice")]
    worker: str
    thanks: SealedText
