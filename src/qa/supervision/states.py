"""Where supervision and its checks stand, and the words that go with them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Standard = Literal["regular", "newly-qualified"]
"""How often a practitioner is owed a session; the days of each are the council's policy."""
NotHeldWhy = Literal[
    "sickness", "leave", "supervisor-absent", "workload", "emergency", "cancelled-by-practitioner",
    "other",
]  # fmt: skip
"""Why a session that was planned did not take place."""
EXCUSED = frozenset({"sickness", "leave"})
"""The practitioner was away, so that no session was owed: out of both sides of the rate."""


class CheckState(StrEnum):
    """Where a supervision check stands; always derived from its events."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in-progress"
    SUBMITTED = "submitted"
    MODERATED = "moderated"
    FEEDBACK_GIVEN = "feedback-given"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()

    @property
    def counts(self) -> bool:
        """Whether its judgement is in and stands, so that figures count it."""
        return self in COUNTED


BEFORE_JUDGEMENT = frozenset({CheckState.SCHEDULED, CheckState.IN_PROGRESS})
COUNTED = frozenset(
    {CheckState.SUBMITTED, CheckState.MODERATED, CheckState.FEEDBACK_GIVEN, CheckState.CLOSED}
)
