"""Rows of a file of audits or moderations, and the lasting ids of what they name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_NAMESPACE = uuid.UUID("6f1d8a54-6a0e-4e0c-9d0b-8f5f1a3c7b21")


def imported_id(kind: str, *named: str) -> str:
    """The id of what a file names so: the same for ever."""
    return uuid.uuid5(_NAMESPACE, "\n".join((kind, *named))).hex


def imported_audit_id(reference: str) -> str:
    """The id of the audit that an imported reference stands for: the same for ever."""
    return imported_id("audit", reference)


def imported_moderation_id(reference: str) -> str:
    return imported_id("moderation", reference)


@dataclass(frozen=True, slots=True)
class ImportedAudit:
    """One audit as its file states it. `row` is the row of the spreadsheet."""

    row: int
    reference: str
    child: str
    auditor: str
    team: str
    audit_date: date
    overall: str
    judgements: Mapping[str, str] = field(default_factory=dict)
    practice_from: date | None = None
    practice_to: date | None = None
    submitted_on: date | None = None
    service: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedModeration:
    """One moderation as its file states it."""

    row: int
    reference: str
    audit: str
    moderator: str
    moderated_on: date
    overall: str
    judgements: Mapping[str, str] = field(default_factory=dict)
    stated_agreed: bool | None = None
