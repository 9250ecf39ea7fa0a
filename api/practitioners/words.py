"""What the page of an audit says after a step of a practitioner."""

from __future__ import annotations

DONE = {
    "reflect": "Your reflection stands beside the audit.",
    "dispute": "The auditor and the QA leads are asked to answer.",
    "answer": "The answer is with the practitioner.",
}
