"""What learning themes, and the fields of their events, are called in history and on pages."""

from __future__ import annotations

from collections.abc import Mapping

TAG_KINDS = {
    "finding": "Finding of an audit",
    "strength": "Strength of an audit",
    "action": "Action",
    "plan-action": "Action of an improvement plan",
    "indicator": "Indicator",
}
EFFECTS = {
    "improved": "Practice for children improved",
    "not-improved": "Practice did not improve",
}
LABELS = {
    "good_practice": "Good practice",
    "key_message": "Key message",
    "practice_change": "What is done otherwise",
    "practice_evidence": "What shows it",
    "re_audit_found": "What the re-audit found",
    "shared_where": "Shared where",
    "shared_with": "Shared with",
    "tag_kind": "Kind of thing",
    "theme_conclusion": "Why it is closed",
    "theme_effect": "Effect",
    "theme_question": "Question",
    "theme_title": "Theme",
}
CODED: dict[str, Mapping[str, str]] = {"tag_kind": TAG_KINDS, "theme_effect": EFFECTS}
