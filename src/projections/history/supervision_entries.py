"""The entries of events of supervision, its checks and its policy: sentences and fields."""

from __future__ import annotations

from qa.core.event import Event
from qa.supervision import check_events, events

_OWN = "the id of the record: the entry is its own"
_PAIR = "the id of the pair, which has a history of its own"
_AUDITS = "ids of audits: shown on the page of the check to whoever those audits are open to"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.SupervisionBegan: {"pair": _OWN},
    events.SupervisionHeld: {
        "session": "the id of the session",
        "actions": "ids of actions with histories of their own",
    },
    events.SupervisionNotHeld: {"session": "the id of the session"},
    events.SupervisionSessionWithdrawn: {"session": "the id of the session"},
    events.SupervisionPromptSetAside: {"audits": _AUDITS},
    events.OpenCasesListed: {"cases": "the references of the list, which figures count"},
    check_events.SupervisionCheckScheduled: {"check": _OWN, "pair": _PAIR, "audits": _AUDITS},
}

CALLED: dict[tuple[type[Event], str], str] = {
    (events.SupervisionHeld, "held_on"): "session_on",
    (events.SupervisionNotHeld, "planned_on"): "session_planned_on",
    (events.SupervisionNotHeld, "why"): "not_held_because",
    **{
        (kind, "note"): "session_note"
        for kind in (events.SupervisionHeld, events.SupervisionNotHeld)
    },
    **{
        (kind, "content"): ""
        for kind in (check_events.SupervisionCheckSubmitted, check_events.SupervisionCheckCorrected)
    },
    (check_events.SupervisionModerationAssigned, "due_on"): "moderation_due_on",
    (check_events.SupervisionCheckModerated, "judgements"): "moderated",
    (check_events.SupervisionCheckModerated, "overall"): "moderated_overall",
    (check_events.SupervisionCheckModerated, "comment"): "moderator_comment",
    (check_events.SupervisionFeedbackGiven, "given_on"): "feedback_given_on",
    (check_events.SupervisionFeedbackGiven, "note"): "feedback_note",
}

PAIRS: dict[type[Event], tuple[tuple[str, str, str], ...]] = {
    events.SupervisionStandardSet: (("old", "new", "standard"),),
}


def sentence(event: Event) -> tuple[str, str | None] | None:
    """What an event of supervision says, and the person it is about; None for any other event."""
    match event:
        case events.SupervisionBegan():
            return "Supervision began", event.practitioner
        case events.SupervisionStandardSet():
            return "Set another standard for the sessions", None
        case events.SupervisionHeld():
            return f"Held a session on {event.held_on.isoformat()}", None
        case events.SupervisionNotHeld():
            return f"The session planned for {event.planned_on.isoformat()} was not held", None
        case events.SupervisionSessionWithdrawn():
            return "Withdrew what was recorded of a session", None
        case events.SupervisionEnded():
            return "Supervision ended", None
        case events.SupervisionPolicySet():
            return f"Set version {event.policy_version} of how often supervision is owed", None
        case events.OpenCasesListed():
            on = event.counted_on.isoformat()
            return f"Listed {len(event.cases)} cases that were open at the end of {on}", None
        case events.SupervisionPromptSetAside():
            return "Said that no check of supervision follows", event.practitioner
        case _:
            return _of_check(event)


def _of_check(event: Event) -> tuple[str, str | None] | None:
    match event:
        case check_events.SupervisionCheckScheduled():
            return f"Asked for a supervision check, due {event.due_on.isoformat()}", event.checker
        case check_events.SupervisionCheckStarted():
            return "Began the supervision check", None
        case check_events.SupervisionCheckSubmitted():
            return "Submitted the supervision check", None
        case check_events.SupervisionCheckCorrected():
            return "Corrected the supervision check", None
        case check_events.SupervisionModerationAssigned():
            return "Asked for a moderation of the supervision check", event.moderator
        case check_events.SupervisionCheckModerated():
            return "Recorded the moderator's own grades", None
        case check_events.SupervisionFeedbackGiven():
            return f"Gave feedback on {event.given_on.isoformat()}", None
        case check_events.SupervisionCheckClosed():
            return "Closed the supervision check", None
        case check_events.SupervisionCheckCancelled():
            return "Cancelled the supervision check", None
    return None
