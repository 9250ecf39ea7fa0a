"""The entries of a learning theme's facts. They name nobody: the worker who is thanked, and what is
said to them, are not shown."""

from __future__ import annotations

from qa.core.fact import Fact
from qa.learning import events as facts

_RECORD = "the id of a record with a history of its own, which not everybody may know of"
_PART = "a part of a record that not everybody may know of"

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    facts.LearningThemeOpened: {"theme": "the id of the theme: the entry is its own"},
    facts.LearningThemeTagged: {"record": _RECORD, "part": _PART},
    facts.LearningThemeUntagged: {"record": _RECORD, "part": _PART},
    facts.LearningReAudited: {"audits": _RECORD},
    facts.GoodPracticeShared: {
        "exemplar": "the id of the example",
        "audit": _RECORD,
        "strength": _PART,
        "worker": "good practice names nobody",
        "thanks": "said to the worker alone",
    },
}

CALLED: dict[tuple[type[Fact], str], str] = {
    (facts.LearningThemeOpened, "title"): "theme_title",
    (facts.LearningThemeOpened, "question"): "theme_question",
    (facts.LearningThemeTagged, "kind"): "tag_kind",
    (facts.LearningThemeUntagged, "kind"): "tag_kind",
    (facts.LearningShared, "where"): "shared_where",
    (facts.LearningShared, "with_whom"): "shared_with",
    (facts.LearningShared, "message"): "key_message",
    (facts.LearningPracticeChanged, "what"): "practice_change",
    (facts.LearningPracticeChanged, "evidence"): "practice_evidence",
    (facts.LearningReAudited, "found"): "re_audit_found",
    (facts.LearningThemeClosed, "effect"): "theme_effect",
    (facts.LearningThemeClosed, "why"): "theme_conclusion",
    (facts.GoodPracticeShared, "text"): "good_practice",
}


def sentence(fact: Fact) -> tuple[str, str | None] | None:
    """What the fact says, and the person it is about; None for any other fact."""
    match fact:
        case facts.LearningThemeOpened():
            return "Opened a learning theme", None
        case facts.LearningThemeTagged():
            return "Tagged something to the theme", None
        case facts.LearningThemeUntagged():
            return "Took something out of the theme", None
        case facts.LearningShared():
            return "Shared the learning", None
        case facts.LearningPracticeChanged():
            return "Said how practice changed", None
        case facts.LearningReAudited():
            return "Said what a re-audit found", None
        case facts.LearningThemeClosed():
            return "Closed the theme", None
        case facts.GoodPracticeShared():
            return "Held up an example of good practice", None
        case _:
            return None
