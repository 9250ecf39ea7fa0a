"""How the events of learning are told in history. They name nobody: the worker who is thanked, and
what is said to them, are not shown."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Searched
from qa.learning import events

TAG_KINDS = {
    "finding": "Finding of an audit",
    "strength": "Strength of an audit",
    "action": "Action",
    "plan-action": "Action of an improvement plan",
    "indicator": "Indicator",
}
EFFECTS = {"improved": "Practice for children improved", "not-improved": "Practice did not improve"}
_RECORD = "the id of a record with a history of its own, which not everybody may know of"
_PART = "a part of a record that not everybody may know of"
_TAGGED = {"record": _RECORD, "part": _PART}

HISTORY = RoomWords(
    codes={"tag_kind": TAG_KINDS, "theme_effect": EFFECTS},
    events=(
        EventWords(
            events.LearningThemeOpened,
            "Opened a learning theme",
            paths={"title": "theme_title", "question": "theme_question"},
            hidden={"theme": "the id of the theme: the entry is its own"},
            searched=Searched(("question",), titles=("title",)),
        ),
        EventWords(
            events.LearningThemeTagged,
            "Tagged something to the theme",
            paths={"kind": "tag_kind"},
            hidden=_TAGGED,
        ),
        EventWords(
            events.LearningThemeUntagged,
            "Took something out of the theme",
            paths={"kind": "tag_kind"},
            hidden=_TAGGED,
        ),
        EventWords(
            events.LearningShared,
            "Shared the learning",
            paths={"where": "shared_where", "with_whom": "shared_with", "message": "key_message"},
            searched=Searched(("where", "with_whom", "message"), adds=True),
        ),
        EventWords(
            events.LearningPracticeChanged,
            "Recorded how practice changed",
            paths={"what": "practice_change", "evidence": "practice_evidence"},
            searched=Searched(("what", "evidence"), adds=True),
        ),
        EventWords(
            events.LearningReAudited,
            "Recorded what a re-audit found",
            paths={"found": "re_audit_found"},
            searched=Searched(("found",), adds=True),
            hidden={"audits": _RECORD},
        ),
        EventWords(
            events.LearningThemeClosed,
            "Closed the theme",
            paths={"effect": "theme_effect", "why": "theme_conclusion"},
            searched=Searched(("why",), adds=True),
        ),
        EventWords(
            events.GoodPracticeShared,
            "Shared an example of good practice",
            paths={"text": "good_practice"},
            searched=Searched(("text",), by="exemplar"),
            hidden={
                "exemplar": "the id of the example",
                "audit": _RECORD,
                "strength": _PART,
                "worker": "good practice names nobody",
                "thanks": "said to the worker alone",
            },
        ),
    ),
)
