"""The entries of facts of supervision, its checks and its policy: sentences and fields."""

from __future__ import annotations

from qa.core.fact import Fact
from qa.supervision import check_events as checks
from qa.supervision import events as facts

_OWN = "the id of the record: the entry is its own"
_PAIR = "the id of the pair, which has a history of its own"
_AUDITS = "ids of audits: shown on the page of the check to whoever those audits are open to"

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    facts.SupervisionBegan: {"pair": _OWN},
    facts.SupervisionHeld: {
        "session": "the id of the session",
        "actions": "ids of actions with histories of their own",
    },
    facts.SupervisionNotHeld: {"session": "the id of the session"},
    facts.SupervisionSessionWithdrawn: {"session": "the id of the session"},
    facts.SupervisionPromptSetAside: {"audits": _AUDITS},
    facts.OpenCasesListed: {"cases": "the references of the list, which figures count"},
    checks.SupervisionCheckScheduled: {"check": _OWN, "pair": _PAIR, "audits": _AUDITS},
}

CALLED: dict[tuple[type[Fact], str], str] = {
    (facts.SupervisionHeld, "held_on"): "session_on",
    (facts.SupervisionNotHeld, "planned_on"): "session_planned_on",
    (facts.SupervisionNotHeld, "why"): "not_held_because",
    **{
        (kind, "note"): "session_note" for kind in (facts.SupervisionHeld, facts.SupervisionNotHeld)
    },
    **{
        (kind, "content"): ""
        for kind in (checks.SupervisionCheckSubmitted, checks.SupervisionCheckCorrected)
    },
    (checks.SupervisionModerationAssigned, "due_on"): "moderation_due_on",
    (checks.SupervisionCheckModerated, "judgements"): "moderated",
    (checks.SupervisionCheckModerated, "overall"): "moderated_overall",
    (checks.SupervisionCheckModerated, "comment"): "moderator_comment",
    (checks.SupervisionFeedbackGiven, "given_on"): "feedback_given_on",
    (checks.SupervisionFeedbackGiven, "note"): "feedback_note",
}

PAIRS: dict[type[Fact], tuple[tuple[str, str, str], ...]] = {
    facts.SupervisionStandardSet: (("old", "new", "standard"),),
}


def sentence(fact: Fact) -> tuple[str, str | None] | None:
    """What a fact of supervision says, and the person it is about; None for any other fact."""
    match fact:
        case facts.SupervisionBegan():
            return "Supervision began", fact.practitioner
        case facts.SupervisionStandardSet():
            return "Set another standard for the sessions", None
        case facts.SupervisionHeld():
            return f"Held a session on {fact.held_on.isoformat()}", None
        case facts.SupervisionNotHeld():
            return f"The session planned for {fact.planned_on.isoformat()} was not held", None
        case facts.SupervisionSessionWithdrawn():
            return "Withdrew what was recorded of a session", None
        case facts.SupervisionEnded():
            return "Supervision ended", None
        case facts.SupervisionPolicySet():
            return f"Set version {fact.policy_version} of how often supervision is owed", None
        case facts.OpenCasesListed():
            on = fact.counted_on.isoformat()
            return f"Listed {len(fact.cases)} cases that were open at the end of {on}", None
        case facts.SupervisionPromptSetAside():
            return "Said that no check of supervision follows", fact.practitioner
        case _:
            return _of_check(fact)


def _of_check(fact: Fact) -> tuple[str, str | None] | None:
    match fact:
        case checks.SupervisionCheckScheduled():
            return f"Asked for a supervision check, due {fact.due_on.isoformat()}", fact.checker
        case checks.SupervisionCheckStarted():
            return "Began the supervision check", None
        case checks.SupervisionCheckSubmitted():
            return "Submitted the supervision check", None
        case checks.SupervisionCheckCorrected():
            return "Corrected the supervision check", None
        case checks.SupervisionModerationAssigned():
            return "Asked for a moderation of the supervision check", fact.moderator
        case checks.SupervisionCheckModerated():
            return "Recorded the moderator's own grades", None
        case checks.SupervisionFeedbackGiven():
            return f"Gave feedback on {fact.given_on.isoformat()}", None
        case checks.SupervisionCheckClosed():
            return "Closed the supervision check", None
        case checks.SupervisionCheckCancelled():
            return "Cancelled the supervision check", None
    return None
