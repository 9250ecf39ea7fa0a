"""The read rows of learning."""

from __future__ import annotations

from typing import NamedTuple

from projections.core.typed_rows import JsonText, Position, ReadJournal, ReadTable


class ThemeRow(NamedTuple):
    """A theme; `stage` is a key of `STAGES`."""

    theme: str
    opened: Position
    stream_version: int
    title: str
    question: str
    stage: str
    opened_on: str
    closed_on: str | None = None


class TagRow(NamedTuple):
    """Something that belongs to a theme."""

    theme: str
    kind: str
    record: str
    part: str


class StepRow(NamedTuple):
    """What was shared, changed, found again or concluded, with the event’s own fields."""

    theme: str
    type: str
    on: str
    by: str
    content: JsonText


class ExemplarRow(NamedTuple):
    """An example of good practice."""

    exemplar: str
    opened: Position
    theme: str
    audit: str
    strength: int
    text: str
    worker: str
    thanks: str
    shared_on: str
    by: str


THEMES = ReadTable(ThemeRow, "learning_theme", key=("theme",))
TAGS = ReadTable(TagRow, "learning_tag", key=("theme", "kind", "record", "part"))
STEPS = ReadJournal(StepRow, "learning_step", indexes=(("theme",),))
EXEMPLARS = ReadTable(
    ExemplarRow, "learning_exemplar", key=("exemplar",), indexes=(("worker",), ("theme",))
)
learning_theme, learning_tag = THEMES.table, TAGS.table
learning_step, learning_exemplar = STEPS.table, EXEMPLARS.table
