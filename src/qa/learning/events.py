"""Events of a learning theme (stream ``learning-theme:<id>``): what several findings teach, and
what became of it.

Its texts name no worker and no child: they are refused where they do, and so they are not sealed.
Only the thanks to a worker are personal.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from qa.core.event import Event
from qa.core.frozen import SealedText


def theme_stream(theme: str) -> str:
    return f"learning-theme:{theme}"


TagKind = Literal["finding", "strength", "action", "plan-action", "indicator"]
Effect = Literal["improved", "not-improved"]


class LearningThemeOpened(Event):
    """Somebody sees one thing to learn in several findings, and asks a question of it."""

    TYPE: ClassVar[str] = "LearningThemeOpened"
    theme: str
    title: str
    question: str


class LearningThemeTagged(Event):
    """Something belongs to the theme: `record` is the id of an audit, an action, an action of a
    plan or an indicator; `part` the domain of a finding, or the place of a strength (from 0)."""

    TYPE: ClassVar[str] = "LearningThemeTagged"
    kind: TagKind
    record: str
    part: str = ""


class LearningThemeUntagged(Event):
    """It does not belong to the theme after all; the reason is in the envelope."""

    TYPE: ClassVar[str] = "LearningThemeUntagged"
    kind: TagKind
    record: str
    part: str = ""


class LearningShared(Event):
    """The learning was told somewhere to some people, with one key message."""

    TYPE: ClassVar[str] = "LearningShared"
    where: str
    with_whom: str
    message: str


class LearningPracticeChanged(Event):
    """Practice is another since, and this shows it."""

    TYPE: ClassVar[str] = "LearningPracticeChanged"
    what: str
    evidence: str


class LearningReAudited(Event):
    """Later audits looked whether the change holds; `found` is what they showed together."""

    TYPE: ClassVar[str] = "LearningReAudited"
    audits: tuple[str, ...]
    found: str


class LearningThemeClosed(Event):
    """The question is answered: practice for children improved, or it did not."""

    TYPE: ClassVar[str] = "LearningThemeClosed"
    effect: Effect
    why: str


class GoodPracticeShared(Event):
    """A strength that an audit saw is held up as an example, told so that it names nobody.

    `strength` is its place in the audit (from 0). `thanks` is said to the worker alone.
    """

    TYPE: ClassVar[str] = "GoodPracticeShared"
    exemplar: str
    audit: str
    strength: int
    text: str
    worker: str
    thanks: SealedText
