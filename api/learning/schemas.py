"""What the API answers about learning."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.json.figure_out import FiguresOut
from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from projections.learning.queries import Exemplar
from projections.learning.tables import ThemeRow


class ThemeOut(RowOut, row=ThemeRow, without=("opened", "stream_version")):
    """A theme."""


class ListedThemeOut(ThemeOut):
    """A theme, and how many things belong to it."""

    tagged: int


class ThemesOut(OfMomentOut):
    """The themes, the last opened first."""

    themes: list[ListedThemeOut]


class TaggedOut(BaseModel):
    """Something that belongs to a theme, and what it is called."""

    kind: str
    record: str
    part: str
    called: str


class LearningStepOut(BaseModel):
    """A step of a theme, with the event's own fields."""

    type: str
    on: date
    by: str
    fields: dict[str, str]


class ThemeExampleOut(RowOut, row=Exemplar, without=("exemplar", "theme", "audit", "title")):
    """An example of good practice under its theme."""


class OpenedThemeOut(OfMomentOut):
    """A theme with its steps and examples, and what the caller may see of what belongs to it."""

    theme: ThemeOut
    tagged: list[TaggedOut]
    closed_to_you: int
    steps: list[LearningStepOut]
    good_practice: list[ThemeExampleOut]


class ExampleOut(RowOut, row=Exemplar, without=("exemplar", "audit")):
    """An example of good practice."""


class GoodPracticeOut(OfMomentOut):
    """The examples of good practice, the last first."""

    good_practice: list[ExampleOut]


class ThemeChainStepOut(BaseModel):
    """A step of a theme in words. It names nobody."""

    step: str
    on: date
    text: str


class ThemeChainOut(FiguresOut):
    """A theme from learning to effect: its figures and its steps, the earliest first."""

    question: str
    stage: str
    steps: list[ThemeChainStepOut]
