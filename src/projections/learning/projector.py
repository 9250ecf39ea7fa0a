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
from qa.core.event import RecordedEvent
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
    """Projects the events of learning themes."""

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

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, theme = recorded.event, recorded.stream.partition(":")[2]
        on = recorded.meta.effective_on.isoformat()
        version: dict[str, Any] = {"stream_version": recorded.version}
        match event:
            case events.LearningThemeOpened():
                row = {
                    **version,
                    "theme": theme,
                    "opened": recorded.position,
                    "title": event.title,
                    "question": event.question,
                    "stage": "opened",
                    "opened_on": on,
                }
                return [Put(learning_theme, row)]
            case events.LearningThemeTagged():
                tag = {"theme": theme, **event.model_dump()}
                return [Put(learning_tag, tag), Amend(learning_theme, (theme,), version)]
            case events.LearningThemeUntagged():
                key = (theme, event.kind, event.record, event.part)
                return [Close(learning_tag, key), Amend(learning_theme, (theme,), version)]
            case events.GoodPracticeShared():
                held = {
                    **event.model_dump(),
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
                    "content": event.model_dump_json(),
                }
                return [
                    JournalRow(learning_step, step),
                    Amend(learning_theme, (theme,), _Moved(recorded)),
                ]


class _Moved:
    """Where a step leaves the theme: one that is said again does not set it back."""

    def __init__(self, recorded: RecordedEvent[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        version = {"stream_version": recorded.version}
        if isinstance(recorded.event, events.LearningThemeClosed):
            closed_on = recorded.meta.effective_on.isoformat()
            return {**version, "stage": recorded.event.effect, "closed_on": closed_on}
        order = list(STAGES)
        return {
            **version,
            "stage": max(row["stage"], _STEPS[type(recorded.event)], key=order.index),
        }


PROJECTORS = (Learning,)
