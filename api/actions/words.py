"""What actions, and the fields of their events, are called in history and on pages."""

from __future__ import annotations

from collections.abc import Mapping

from qa.actions.states import EVIDENCE_LABELS, PROOF_LABELS, RAISED_BY_LABELS

LABELS = {
    "accept_by": "To be accepted by",
    "accept_within_working_days": "Working days to accept an action",
    "action": "Action",
    "challenge": "Why it is challenged",
    "check_by": "Evidence to be checked by",
    "check_evidence_within_working_days": "Working days to check evidence",
    "contributors": "Contributors",
    "evidence_asked": "Evidence asked for",
    "impact_after_days": "Days until impact can be checked",
    "impact_within_days": "Days until impact should have been checked",
    "not_shown": "What the evidence does not show",
    "progress": "How it goes",
    "proof": "Looked by",
    "proof_reference": "Which one",
    "raised_from": "Comes from",
    "reopen_within_days": "Days in which the same failing reopens the loop",
    "seen": "What was seen",
    "seen_again": "Where it was seen again",
    "verify_by": "Impact to be checked by",
    "verify_from": "Impact can be checked from",
}
CODED: dict[str, Mapping[str, str]] = {
    "evidence_asked": EVIDENCE_LABELS,
    "proof": PROOF_LABELS,
    "raised_by": RAISED_BY_LABELS,
}
_PIECE = {"kind": "kind", "what": "what it is", "where": "where it is"}


def evidence_label(path: str) -> str:
    """What a field of a piece of evidence is called: ``shown.0.what`` is evidence 1."""
    _, number, part = path.split(".")
    return f"Evidence {int(number) + 1}: {_PIECE[part]}"
