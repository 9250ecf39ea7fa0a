"""What each event changes in the read rows of learning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from projections.core.base import Amend, Close, JournalRow, Put, RowChange
from projections.learning.tables import (
    learning_exemplar,
    learning_step,
    learning_tag,
    learning_theme,
)
from qa.core.fact import Recorded
from qa.learning import events

STAGES = {
    "opened": "Opened",
    "shared": "Shared",
    "changed": "Practice changed",
    "re-audited": "Re-audited",
    "improved": "Closed: practice improved",
    "not-improved": "Closed: practice did not improve",
}

_STEPS: dict[type[Any], str] = {
    events.LearningShared: "shared",
    events.LearningPracticeChanged: "changed",
    events.LearningReAudited: "re-audited",
    events.LearningThemeClosed: "improved",
}
"""The stage that a step leads to; a close leads to its effect."""


class Learning:
    """Projects the facts of learning themes."""

    name = "learning"
    version = 1
    tables = (learning_theme, learning_tag, learning_step, learning_exemplar)
    by_stream = True
    handles = (
        events.LearningThemeOpened,
        events.LearningThemeTagged,
        events.LearningThemeUntagged,
        events.GoodPracticeShared,
        *_STEPS,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        fact, theme = recorded.fact, recorded.stream.partition(":")[2]
        on = recorded.meta.effective_on.isoformat()
        version: dict[str, Any] = {"stream_version": recorded.version}
        match fact:
            case events.LearningThemeOpened():
                row = {
                    **version,
                    "theme": theme,
                    "opened": recorded.position,
                    "title": fact.title,
                    "question": fact.question,
                    "stage": "opened",
                    "opened_on": on,
                }
                return [Put(learning_theme, row)]
            case events.LearningThemeTagged():
                tag = {"theme": theme, **fact.model_dump()}
                return [Put(learning_tag, tag), Amend(learning_theme, (theme,), version)]
            case events.LearningThemeUntagged():
                key = (theme, fact.kind, fact.record, fact.part)
                return [Close(learning_tag, key), Amend(learning_theme, (theme,), version)]
            case events.GoodPracticeShared():
                held = {
                    **fact.model_dump(),
                    "theme": theme,
                    "opened": recorded.position,
                    "shared_on": on,
                    "by": recorded.meta.by,
                }
                return [Put(learning_exemplar, held), Amend(learning_theme, (theme,), version)]
            case _:
                step = {
                    "theme": theme,
                    "type": recorded.type,
                    "on": on,
                    "by": recorded.meta.by,
                    "content": fact.model_dump_json(),
                }
                return [
                    JournalRow(learning_step, step),
                    Amend(learning_theme, (theme,), _Moved(recorded)),
                ]


class _Moved:
    """Where a step leaves the theme: one that is said again does not set it back."""

    def __init__(self, recorded: Recorded[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        version = {"stream_version": recorded.version}
        if isinstance(recorded.fact, events.LearningThemeClosed):
            closed_on = recorded.meta.effective_on.isoformat()
            return {**version, "stage": recorded.fact.effect, "closed_on": closed_on}
        order = list(STAGES)
        return {
            **version,
            "stage": max(row["stage"], _STEPS[type(recorded.fact)], key=order.index),
        }
