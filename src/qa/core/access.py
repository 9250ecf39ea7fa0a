"""A line of the access log as a value: who did what to which record, at which moment of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What was done."""

    VIEW = "view"
    SEARCH = "search"
    EXPORT = "export"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the log. `position`: the place in the log of events the reader saw it at."""

    id: int
    at: datetime
    person: str
    in_role: str
    what: What
    subject: str
    detail: str
    purpose: str | None
    address_hash: str | None
    position: int | None
