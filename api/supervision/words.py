"""Names of supervision, its checks and the fields of their events, in history and on pages."""

from __future__ import annotations

from collections.abc import Mapping

from qa.supervision.states import NOT_HELD_LABELS, STANDARD_LABELS

LABELS = {
    "case_supervision_months": "Months for which a supervision of a case lasts",
    "cases": "Cases supervised (references)",
    "checked_on": "Day of the check",
    "checker": "Checker",
    "counted_on": "Cases open at the end of",
    "feedback_given_on": "Day of the feedback",
    "feedback_note": "What the pair was told",
    "moderator_comment": "Why the moderator’s overall grade differs",
    "newly_qualified_days": "Days between sessions: newly qualified",
    "not_held_because": "Why it was not held",
    "period_from": "Supervision looked at, from",
    "period_to": "Supervision looked at, to",
    "practitioner": "Practitioner",
    "prompt_within_days": "Days for which a weak audit prompts a check",
    "regular_days": "Days between sessions: regular",
    "session_note": "What was noted",
    "session_on": "Day of the session",
    "session_planned_on": "Day planned",
    "source": "Where the list comes from",
    "standard": "Standard",
    "supervisor": "Supervisor",
}
CODED: dict[str, Mapping[str, str]] = {
    "not_held_because": NOT_HELD_LABELS,
    "standard": STANDARD_LABELS,
}
