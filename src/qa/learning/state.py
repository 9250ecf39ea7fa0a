"""A learning theme as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qa.core.event import RecordedEvent
from qa.learning import events
from qa.learning.events import TagKind

Tag = tuple[TagKind, str, str]
"""What kind of thing, the id of its record, and the part of it that is meant."""


@dataclass(frozen=True, slots=True)
class LearningTheme:
    """What a theme stands at."""

    id: str = ""
    tags: frozenset[Tag] = frozenset()
    strengths: frozenset[tuple[str, int]] = frozenset()
    shared: bool = False
    changed: bool = False
    re_audited: bool = False
    closed: bool = False


def evolve(state: LearningTheme, recorded: RecordedEvent[Any]) -> LearningTheme:
    match recorded.event:
        case events.LearningThemeOpened() as event:
            return LearningTheme(id=event.theme)
        case events.LearningThemeTagged() as event:
            return replace(state, tags=state.tags | {(event.kind, event.record, event.part)})
        case events.LearningThemeUntagged() as event:
            return replace(state, tags=state.tags - {(event.kind, event.record, event.part)})
        case events.LearningShared():
            return replace(state, shared=True)
        case events.LearningPracticeChanged():
            return replace(state, changed=True)
        case events.LearningReAudited():
            return replace(state, re_audited=True)
        case events.LearningThemeClosed():
            return replace(state, closed=True)
        case events.GoodPracticeShared() as event:
            return replace(state, strengths=state.strengths | {(event.audit, event.strength)})
        case _:
            return state
