"""What practitioners' responses, and the fields of their facts, are called."""

from __future__ import annotations

from collections.abc import Mapping

from qa.practitioners.decisions import OUTCOME_LABELS

LABELS = {
    "fact_dispute_answer": "Answer",
    "fact_dispute_outcome": "Outcome",
    "reflection": "What they take from it",
    "should_be": "How it is, and where the file shows it",
    "stated_wrongly": "What the audit states wrongly",
}
CODED: dict[str, Mapping[str, str]] = {"fact_dispute_outcome": dict(OUTCOME_LABELS.items())}
DONE = {
    "reflect": "Your reflection stands beside the audit.",
    "dispute": "The auditor and the QA leads are asked.",
    "answer": "The answer is with the practitioner.",
}
"""What the page of the audit says after a step."""
