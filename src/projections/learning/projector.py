"""What each event changes in the read rows of learning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.typed_rows import JsonText
from projections.learning import tables
from qa.core.event import RecordedEvent, events_of
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
    tables = (tables.THEMES.table, tables.TAGS.table, tables.STEPS.table, tables.EXEMPLARS.table)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, theme = recorded.event, recorded.stream.partition(":")[2]
        on, by, version = recorded.meta.effective_on.isoformat(), recorded.meta.by, recorded.version
        change: RowChange
        match event:
            case events.LearningThemeOpened():
                return [tables.THEMES.begin(recorded, stage="opened", opened_on=on)]
            case events.LearningThemeTagged():
                change = tables.TAGS.begin(recorded)
            case events.LearningThemeUntagged():
                change = tables.TAGS.close(theme, event.kind, event.record, event.part)
            case events.GoodPracticeShared():
                change = tables.EXEMPLARS.begin(recorded, theme=theme, shared_on=on)
            case _:
                content = JsonText(event.model_dump_json())
                return [
                    tables.STEPS.add(tables.StepRow(theme, recorded.type, on, by, content)),
                    tables.THEMES.amend((theme,), lambda row: _moved(row, recorded)),
                ]
        return [
            change,
            tables.THEMES.amend((theme,), lambda row: row._replace(stream_version=version)),
        ]


def _moved(row: tables.ThemeRow, recorded: RecordedEvent[Any]) -> tables.ThemeRow:
    """Where a step leaves the theme: one that is said again does not set it back."""
    if isinstance(recorded.event, events.LearningThemeClosed):
        return row._replace(
            stream_version=recorded.version,
            stage=recorded.event.effect,
            closed_on=recorded.meta.effective_on.isoformat(),
        )
    stage = max(row.stage, _STEPS[type(recorded.event)], key=list(STAGES).index)
    return row._replace(stream_version=recorded.version, stage=stage)


PROJECTORS = (Learning,)
