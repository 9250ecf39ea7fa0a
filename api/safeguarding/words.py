"""Names of safeguarding concerns, and of the fields of their events, in history and on pages."""

from __future__ import annotations

from collections.abc import Mapping

from qa.safeguarding.decisions import HOW_LABELS

LABELS = {
    "acknowledge_by": "To be acknowledged by",
    "acknowledge_within_minutes": "Minutes to acknowledge a concern",
    "being_done": "What is being done",
    "concern": "What is feared for the child",
    "escalate_every_minutes": "Minutes between escalations",
    "escalations_at_most": "Escalations at most",
    "rung": "Rung of the escalation",
    "told": "Told",
    "told_how": "Told how",
}
CODED: dict[str, Mapping[str, str]] = {"told_how": dict(HOW_LABELS.items())}
