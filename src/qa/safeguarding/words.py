"""How the events of safeguarding concerns are told in history, and what their values are called."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.safeguarding import events

HOW_LABELS: dict[str, str] = {
    "in-person": "In person",
    "telephone": "By telephone",
    "message": "By a message that was answered",
}
_ID = {"concern": "the id of the concern"}
_OF_AUDIT = {**_ID, "audit": "the audit it was raised from: the entry stands in its history"}

HISTORY = RoomWords(
    labels={"concern_reference": "Reference of the concern"},
    codes={"told_how": HOW_LABELS, "stated.how": HOW_LABELS},
    people=frozenset({"told"}),
    events=(
        EventWords(
            events.SafeguardingConcernRaised,
            "Raised a safeguarding concern",
            paths={"what": "concern"},
            hidden=_OF_AUDIT,
            belongs=lambda stream, event: (stream, event.audit),
        ),
        EventWords(
            events.SafeguardingManagerTold,
            "Told a manager of the safeguarding concern",
            about="manager",
            paths={"manager": "told", "how": "told_how"},
            hidden=_ID,
        ),
        EventWords(
            events.SafeguardingConcernEscalated,
            lambda event: f"Nobody had acknowledged the concern: escalated, rung {event.rung}",
            paths={"to": "told"},
            hidden=_ID,
        ),
        EventWords(
            events.SafeguardingTeamChanged,
            "Another team took over",
            hidden=_ID,
        ),
        EventWords(
            events.SafeguardingConcernAcknowledged,
            "Acknowledged the safeguarding concern",
            paths={"doing": "being_done"},
            hidden=_ID,
        ),
        EventWords(
            events.SafeguardingConcernImported,
            "A file states a safeguarding concern",
            paths={"source": "concern_reference"},
            hidden=_OF_AUDIT,
            belongs=lambda stream, event: (stream, event.audit),
        ),
        EventWords(
            events.SafeguardingConcernRestated,
            "A later file says more of the safeguarding concern, or says it otherwise",
            compared="stated",
            hidden=_ID,
        ),
        EventWords(
            events.SafeguardingConcernImportWithdrawn,
            "The file that states the safeguarding concern was a mistake",
            hidden=_ID,
        ),
        EventWords(
            events.SafeguardingPolicySet,
            lambda event: f"Set version {event.policy_version} of the time limit for concerns",
            statement=Statement("policy"),
        ),
    ),
)
