"""How the events of supervision and its checks are told in history."""

from __future__ import annotations

from typing import Any

from qa.core.event_words import EventWords, RoomWords, Searched, Statement
from qa.supervision import check_events, events

STANDARD_LABELS: dict[str, str] = {"regular": "Regular", "newly-qualified": "Newly qualified"}
NOT_HELD_LABELS: dict[str, str] = {
    "sickness": "The practitioner was sick",
    "leave": "The practitioner was on leave",
    "supervisor-absent": "The supervisor was away",
    "workload": "Workload",
    "emergency": "An emergency came first",
    "cancelled-by-practitioner": "The practitioner asked for another day",
    "other": "Something else",
}
LABELS = {
    "checked_on": "Day of the check",
    "period_from": "Supervision looked at, from",
    "period_to": "Supervision looked at, to",
    "standard": "Standard",
}
_OWN = "the id of the record: the entry is its own"
_PAIR = "the id of the pair, which has a history of its own"
_AUDITS = "ids of audits: shown on the page of the check to people who may open those audits"
_SESSION = {"session": "the id of the session"}
_CONTENT = Statement("content", ("content",))


def _listed(event: events.OpenCasesListed) -> str:
    on = event.counted_on.isoformat()
    return f"Listed {len(event.cases)} cases that were open at the end of {on}"


_NOTE: Searched[Any] = Searched(("note",), by="session")


def _written(
    event: check_events.SupervisionCheckSubmitted | check_events.SupervisionCheckCorrected,
) -> dict[str, str]:
    texts = {"rationale": event.content.rationale}
    for one in event.content.judgements:
        texts[f"judgements.{one.domain}.evidence"] = one.evidence
        texts[f"judgements.{one.domain}.not_applicable_reason"] = one.not_applicable_reason
    return texts


_WRITTEN: Searched[Any] = Searched(_written, anew=True)
_EVENTS = (
    EventWords(
        events.SupervisionBegan,
        "Supervision began",
        about="practitioner",
        hidden={"pair": _OWN},
    ),
    EventWords(
        events.SupervisionStandardSet,
        "Set another standard for the sessions",
        pairs=(("old", "new", "standard"),),
    ),
    EventWords(events.SupervisionTeamChanged, "Another team took over"),
    EventWords(
        events.SupervisionHeld,
        lambda event: f"Recorded a session on {event.held_on.isoformat()}",
        paths={"held_on": "session_on", "note": "session_note"},
        searched=_NOTE,
        hidden={**_SESSION, "actions": "ids of actions with histories of their own"},
    ),
    EventWords(
        events.SupervisionNotHeld,
        lambda event: f"The session planned for {event.planned_on.isoformat()} did not take place",
        paths={
            "planned_on": "session_planned_on",
            "why": "not_held_because",
            "note": "session_note",
        },
        hidden=_SESSION,
        searched=_NOTE,
    ),
    EventWords(
        events.SupervisionSessionWithdrawn,
        "Withdrew what was recorded of a session",
        hidden=_SESSION,
        searched=Searched(ends=("session_note",), by="session"),
    ),
    EventWords(events.SupervisionEnded, "Supervision ended"),
    EventWords(
        events.SupervisionPolicySet,
        lambda event: f"Set version {event.policy_version} of how often supervision is due",
        statement=Statement("policy"),
    ),
    EventWords(
        events.SupervisionPromptSetAside,
        "Decided that no check of supervision follows",
        about="practitioner",
        hidden={"audits": _AUDITS},
    ),
    EventWords(
        events.OpenCasesListed,
        _listed,
        hidden={"cases": "the references of the list, which figures count"},
    ),
)
_CHECK_EVENTS = (
    EventWords(
        check_events.SupervisionCheckScheduled,
        lambda event: f"Asked for a supervision check, due {event.due_on.isoformat()}",
        about="checker",
        hidden={"check": _OWN, "pair": _PAIR, "audits": _AUDITS},
    ),
    EventWords(
        check_events.SupervisionCheckTeamChanged,
        "Another team took over",
    ),
    EventWords(check_events.SupervisionCheckStarted, "Began the supervision check"),
    EventWords(
        check_events.SupervisionCheckSubmitted,
        "Submitted the supervision check",
        paths={"content": ""},
        statement=_CONTENT,
        searched=_WRITTEN,
    ),
    EventWords(
        check_events.SupervisionCheckCorrected,
        "Corrected the supervision check",
        paths={"content": ""},
        statement=_CONTENT,
        searched=_WRITTEN,
    ),
    EventWords(
        check_events.SupervisionModerationAssigned,
        "Asked for a moderation of the supervision check",
        about="moderator",
        paths={"due_on": "moderation_due_on"},
    ),
    EventWords(
        check_events.SupervisionCheckModerated,
        "Recorded the moderator's own grades",
        paths={
            "judgements": "moderated",
            "overall": "moderated_overall",
            "comment": "moderator_comment",
        },
        searched=Searched(
            lambda event: {
                "moderator_comment": event.comment,
                **{f"moderated.{one.domain}": one.comment for one in event.judgements},
            }
        ),
    ),
    EventWords(
        check_events.SupervisionFeedbackGiven,
        lambda event: f"Gave feedback on {event.given_on.isoformat()}",
        paths={"given_on": "feedback_given_on", "note": "feedback_note"},
        searched=Searched(("note",)),
    ),
    EventWords(check_events.SupervisionCheckClosed, "Closed the supervision check"),
    EventWords(check_events.SupervisionCheckCancelled, "Cancelled the supervision check"),
)
HISTORY = RoomWords(
    labels=LABELS,
    codes={"not_held_because": NOT_HELD_LABELS, "standard": STANDARD_LABELS},
    people=frozenset({"checker", "practitioner", "supervisor"}),
    events=(*_EVENTS, *_CHECK_EVENTS),
)
