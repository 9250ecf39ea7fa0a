"""The entries of a learning theme's events. They name nobody: the worker who is thanked, and what
is said to them, are not shown."""

from __future__ import annotations

from qa.core.event import Event
from qa.learning import events

_RECORD = "the id of a record with a history of its own, which not everybody may know of"
_PART = "a part of a record that not everybody may know of"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.LearningThemeOpened: {"theme": "the id of the theme: the entry is its own"},
    events.LearningThemeTagged: {"record": _RECORD, "part": _PART},
    events.LearningThemeUntagged: {"record": _RECORD, "part": _PART},
    events.LearningReAudited: {"audits": _RECORD},
    events.GoodPracticeShared: {
        "exemplar": "the id of the example",
        "audit": _RECORD,
        "strength": _PART,
        "worker": "good practice names nobody",
        "thanks": "said to the worker alone",
    },
}

CALLED: dict[tuple[type[Event], str], str] = {
    (events.LearningThemeOpened, "title"): "theme_title",
    (events.LearningThemeOpened, "question"): "theme_question",
    (events.LearningThemeTagged, "kind"): "tag_kind",
    (events.LearningThemeUntagged, "kind"): "tag_kind",
    (events.LearningShared, "where"): "shared_where",
    (events.LearningShared, "with_whom"): "shared_with",
    (events.LearningShared, "message"): "key_message",
    (events.LearningPracticeChanged, "what"): "practice_change",
    (events.LearningPracticeChanged, "evidence"): "practice_evidence",
    (events.LearningReAudited, "found"): "re_audit_found",
    (events.LearningThemeClosed, "effect"): "theme_effect",
    (events.LearningThemeClosed, "why"): "theme_conclusion",
    (events.GoodPracticeShared, "text"): "good_practice",
}


def sentence(event: Event) -> tuple[str, str | None] | None:
    """What the event says, and the person it is about; None for any other event."""
    match event:
        case events.LearningThemeOpened():
            return "Opened a learning theme", None
        case events.LearningThemeTagged():
            return "Tagged something to the theme", None
        case events.LearningThemeUntagged():
            return "Took something out of the theme", None
        case events.LearningShared():
            return "Shared the learning", None
        case events.LearningPracticeChanged():
            return "Said how practice changed", None
        case events.LearningReAudited():
            return "Said what a re-audit found", None
        case events.LearningThemeClosed():
            return "Closed the theme", None
        case events.GoodPracticeShared():
            return "Held up an example of good practice", None
        case _:
            return None
