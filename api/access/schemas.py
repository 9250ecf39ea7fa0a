"""What the API answers about the access log."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel


class AccessOut(BaseModel):
    """One line of the log. `said` is the subject in words, `href` where it is read."""

    id: int
    at: datetime
    person: str
    name: str
    role: str
    what: str
    what_words: str
    subject: str
    said: str
    href: str
    detail: str
    purpose: str | None
    position: int | None


class AccessLogOut(BaseModel):
    """Lines, the latest first."""

    lines: list[AccessOut]
    next: int | None


class UnusualAccessFindingOut(BaseModel):
    """What a rule found: so many of so many, and the lines of the log that were counted."""

    rule: str
    person: str
    numerator: int
    denominator: int
    lines: list[int]
    name: str


class UnusualAccessRuleOut(BaseModel):
    """A rule with its findings."""

    rule: str
    title: str
    words: str
    findings: list[UnusualAccessFindingOut]


class UnusualAccessOut(BaseModel):
    """The report of one week; `accesses` of `persons` were looked through."""

    first: date
    last: date
    accesses: int
    persons: int
    rules: list[UnusualAccessRuleOut]
