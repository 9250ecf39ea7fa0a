"""Where an action stands between its finding and its effect, and the words that go with it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

RaisedBy = Literal["case-audit", "moderation", "by-hand", "thematic-finding", "supervision-check"]
ActionKind = Literal["compliance", "practice", "outcome-for-child"]
EvidenceKind = Literal[
    "case-record", "document", "supervision-note", "family-feedback", "practice-seen", "other"
]
"""What shows that an action was done."""
ProofKind = Literal["re-audit", "supervision-check", "dip-sample", "indicator", "other"]
"""How somebody looked whether an action changed anything for children."""


class ActionState(StrEnum):
    """Where an action stands; always derived from its events. Overdue is no state (`owed`)."""

    RAISED = "raised"
    CHALLENGED = "challenged"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress"
    CLAIMED = "claimed"
    RETURNED = "returned"
    VERIFICATION_DUE = "verification-due"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not-effective"
    REOPENED = "reopened"
    NO_LONGER_APPLICABLE = "no-longer-applicable"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def owed(self) -> bool:
        """Whether it waits for its owner, so that its due date runs."""
        return self in OWED

    @property
    def open(self) -> bool:
        return self in OPEN_STATES


_LABELS = {
    ActionState.RAISED: "Waiting to be accepted",
    ActionState.CLAIMED: "Claimed done",
    ActionState.RETURNED: "Evidence returned",
    ActionState.VERIFICATION_DUE: "Impact to be checked",
    ActionState.EFFECTIVE: "Loop closed: impact confirmed",
    ActionState.NOT_EFFECTIVE: "Impact not seen",
    ActionState.REOPENED: "Loop not closed",
}
OWED = frozenset(
    {
        ActionState.RAISED,
        ActionState.CHALLENGED,
        ActionState.ACCEPTED,
        ActionState.IN_PROGRESS,
        ActionState.RETURNED,
    }
)
OPEN_STATES = OWED | {ActionState.CLAIMED, ActionState.VERIFICATION_DUE}
