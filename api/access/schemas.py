"""What the API answers about the access log."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from api.access.unusual import UnusualAccess
from api.json.query import QueryModel
from qa.access.unusual import RULES
from qa.core.access import What
from qa.core.carry import carry

Text = Annotated[str, Field(max_length=200)]


class AccessQuery(QueryModel):
    """What the log is narrowed to. Empty means everything that the caller may see."""

    person: Text = ""
    child: Text = ""
    subject: Text = ""
    what: What | None = None
    role: Text = ""
    purpose: Text = ""
    first: date | None = None
    last: date | None = None


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

    @classmethod
    def of(cls, report: UnusualAccess) -> Self:
        """Every rule, with what it found."""
        rules = [
            UnusualAccessRuleOut(
                rule=rule.id,
                title=rule.title,
                words=rule.words,
                findings=[
                    UnusualAccessFindingOut(
                        **asdict(one), name=report.names.get(one.person, one.person)
                    )
                    for one in report.of(rule.id)
                ],
            )
            for rule in RULES
        ]
        return carry(cls, report, rules=rules)  # fmt: skip
