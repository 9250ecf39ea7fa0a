"""Rows of a file of teams or of people. What a row leaves blank is None: it says nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.core.words import Role, Scope


@dataclass(frozen=True, slots=True)
class ImportedTeam:
    row: int
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """One row of somebody who signs in as `handle`; several of them hold several roles.

    `team` is a code and `manager` a sign-in name. The roles hold from `since` (today where it is
    not said) until `until`, and the person's own last day is `last_day`.
    """

    row: int
    handle: str
    name: str
    job_title: str | None = None
    team: str | None = None
    manager: str | None = None
    roles: tuple[tuple[Role, Scope], ...] = ()
    since: date | None = None
    until: date | None = None
    last_day: date | None = None
