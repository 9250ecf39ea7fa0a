"""How the events of actions are told in history, and what their values are called."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from qa.actions import events
from qa.core.event_words import EventWords, RoomWords, Searched, Statement
from qa.core.fields import field_words

EVIDENCE_LABELS: dict[str, str] = {
    "case-record": "Record on the child’s file",
    "document": "Document",
    "supervision-note": "Supervision note",
    "family-feedback": "Feedback from the family",
    "practice-seen": "Practice that somebody saw",
    "other": "Something else",
}


@lru_cache(maxsize=128)
def evidence_in_words(kinds: tuple[str, ...]) -> str:
    """The kinds of evidence that will do, as a reader says them."""
    first, *others = [EVIDENCE_LABELS[kind] for kind in kinds] or ["Any kind"]
    return " or ".join([first, *(other[0].lower() + other[1:] for other in others)])


PROOF_LABELS: dict[str, str] = {
    "re-audit": "Re-audit",
    "supervision-check": "Check of supervision",
    "dip-sample": "Dip sample",
    "indicator": "Indicator",
    "other": "Something else",
}
RAISED_BY_LABELS: dict[str, str] = {
    "case-audit": "Case audit",
    "moderation": "Moderation",
    "by-hand": "By hand",
    "thematic-finding": "Thematic finding",
    "supervision-check": "Supervision check",
}
LABELS = {
    "accept_by": "To be accepted by",
    "action_due_on": "Action: due date",
    "action_kind": "Action: kind",
    "challenge": "Why it is challenged",
    "check_by": "Evidence to be checked by",
    "contributors": "Contributors",
    "domain": "Domain",
    "evidence_kinds": "Evidence that will do",
    "not_shown": "What the evidence does not show",
    "proof": "Looked by",
    "proof_reference": "Which one",
    "raised_by": "Raised by",
    "seen": "What was seen",
    "seen_again": "Where it was seen again",
    "verify_by": "Impact to be checked by",
    "verify_from": "Impact can be checked from",
}
_OWN = {"action": "the id of the action: the entry is its own"}
_CHAIN = "the id of an action with a history of its own"
_CHECKED = {"reference": "proof_reference", "note": "seen"}


def _evidence_label(path: str, _tool: Any) -> str:
    """What a field of a piece of evidence is called: ``shown.0.what`` is evidence 1."""
    _, number, part = path.split(".")
    return f"Evidence {int(number) + 1}: {field_words(events.Evidence)[part].label}"


def _evidence_value(path: str, text: str, _tool: Any) -> str:
    return EVIDENCE_LABELS.get(text, text) if path.endswith(".kind") else text


def _raised(event: events.ActionRaised) -> str:
    after = " after another that had not closed the loop" if event.follows else ""
    return f"Raised an action{after}, due {event.due_on.isoformat()}"


def _shown(event: events.ActionClaimedDone) -> dict[str, str]:
    return {
        f"shown.{number}.{part}": getattr(one, part)
        for number, one in enumerate(event.evidence)
        for part in ("what", "where")
    }


_SEEN: Searched[Any] = Searched(("note",), adds=True)


HISTORY = RoomWords(
    labels=LABELS,
    beneath={"shown": _evidence_label, "action": lambda _path, _tool: "Action"},
    codes={
        **dict.fromkeys(
            (
                "evidence_of_compliance",
                "evidence_asked",
                "evidence_kinds",
                "evidence_of_outcome",
                "evidence_of_practice",
            ),
            EVIDENCE_LABELS,
        ),
        "proof": PROOF_LABELS,
        "raised_by": RAISED_BY_LABELS,
    },
    worded=frozenset({"action_kind"}),
    values={"shown": _evidence_value},
    people=frozenset({"contributors", "owner"}),
    events=(
        EventWords(
            events.ActionRaised,
            _raised,
            about="owner",
            paths={
                "text": "action",
                "due_on": "action_due_on",
                "kind": "action_kind",
                "source": "raised_from",
            },
            hidden={
                **_OWN,
                "audit": "the id of the audit: the entry stands in its history",
                "follows": _CHAIN,
            },
            belongs=lambda _stream, event: (f"action:{event.action}", event.audit),
            searched=Searched(("text", "source"), names=("child",)),
        ),
        EventWords(events.ActionAccepted, "Accepted the action"),
        EventWords(
            events.ActionChallenged,
            "Challenged the action",
            paths={"why": "challenge"},
            searched=Searched(("why",), adds=True),
        ),
        EventWords(
            events.ActionContributorsNamed,
            "Named who contributes to the action",
            pairs=(("old", "new", "contributors"),),
        ),
        EventWords(
            events.ActionDiscussionAsked,
            "Asked for the action to be discussed in supervision",
        ),
        EventWords(
            events.ActionFindingLinked,
            "Linked the action to a further finding",
            hidden={"audit": "the id of an audit with a history of its own"},
        ),
        EventWords(
            events.ActionProgressed,
            "Recorded progress of the action",
            paths={"note": "progress"},
            searched=Searched(("note",), adds=True),
        ),
        EventWords(
            events.ActionCorrected,
            "Put right what was typed wrong",
            about="new_owner",
            paths={"new_text": "action", "new_due_on": "action_due_on"},
            searched=Searched(("new_text",)),
        ),
        EventWords(
            events.ActionRescheduled,
            lambda event: f"Moved the due date from {event.old} to {event.new}",
            pairs=(("old", "new", "action_due_on"),),
        ),
        EventWords(
            events.ActionTransferred,
            "Handed the action over",
            about="new",
            pairs=(("old", "new", "owner"),),
        ),
        EventWords(
            events.ActionTeamChanged,
            "Another team took over",
        ),
        EventWords(
            events.ActionClaimedDone,
            "Claimed the action done",
            paths={"evidence": "shown"},
            searched=Searched(_shown, adds=True),
        ),
        EventWords(
            events.EvidenceAccepted,
            lambda event: f"Accepted the evidence; impact to be checked from {event.verify_from}",
        ),
        EventWords(
            events.EvidenceReturned,
            "Returned the evidence",
            paths={"why": "not_shown"},
            searched=Searched(("why",), adds=True),
        ),
        EventWords(
            events.ImpactConfirmed,
            "Confirmed the impact: the loop is closed",
            paths=_CHECKED,
            searched=_SEEN,
        ),
        EventWords(
            events.ImpactNotSeen,
            "Saw no impact; another action follows",
            paths=_CHECKED,
            searched=_SEEN,
            hidden={"next": _CHAIN},
        ),
        EventWords(
            events.ImpactTooEarly,
            lambda event: (
                f"Found it too early to tell; impact to be checked from {event.verify_from}"
            ),
            paths=_CHECKED,
            searched=_SEEN,
        ),
        EventWords(
            events.ActionReopened,
            "Reopened: the loop was not closed",
            paths={"finding": "seen_again"},
            hidden={"next": _CHAIN},
        ),
        EventWords(events.ActionNoLongerApplicable, "The action no longer applies", hidden=_OWN),
        EventWords(
            events.ActionPolicySet,
            lambda event: f"Set version {event.policy_version} of the time limits for actions",
            statement=Statement("policy"),
        ),
    ),
)
