"""The whole life of a record: one entry a fact, in plain words with old and new, oldest first."""

from __future__ import annotations

from projections.history.projector import CaseHistory
from projections.history.queries import (
    Allowed,
    Entry,
    Found,
    Scope,
    Wanted,
    belongs_to,
    entries,
    exists,
    length,
    page,
    parts,
    touched,
)
from projections.history.sentences import sentence, words
from projections.history.tables import history_entry

__all__ = [
    "Allowed",
    "CaseHistory",
    "Entry",
    "Found",
    "Scope",
    "Wanted",
    "belongs_to",
    "entries",
    "exists",
    "history_entry",
    "length",
    "page",
    "parts",
    "sentence",
    "touched",
    "words",
]
