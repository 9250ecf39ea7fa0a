"""The shared vocabulary: values without behaviour beyond themselves.

One word, one thing, everywhere: a *judgement* is a grade with its evidence; a *grade* is the code
of a point on a *scale*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Literal
from unicodedata import category, normalize

from pydantic import Field, model_validator

from qa.core.frozen import Frozen

CODE = r"^[a-z][a-z0-9-]{0,59}$"


@lru_cache(4096)
def code_of(label: str) -> str:
    """A stored code for a label: "Requires improvement" → "requires-improvement"."""
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")[:60]


_LONGEST_CODE = 60


@lru_cache(4096)
def imported_person_id(written: str) -> str:
    """The id under which a person named only in a file is kept: no account, no guess who it is.
    Names that differ by letters or accents which a code has no room for stay apart."""
    letters = [
        one if one.isalnum() or category(one).startswith("M") else " "
        for one in normalize("NFC", written.casefold())
    ]
    words = " ".join("".join(letters).split())
    code = code_of(words)
    if len(code) < _LONGEST_CODE and words.isascii():
        return f"written-{code}"
    kept = sha256(words.encode()).hexdigest()[:8]
    return f"written-{code[: _LONGEST_CODE - 9]}-{kept}"


class Role(StrEnum):
    """What somebody is trusted to do. A person may hold several, each with a scope and dates."""

    AUDITOR = "auditor"
    MODERATOR = "moderator"
    QA_LEAD = "qa-lead"
    ADMINISTRATOR = "administrator"
    TEAM_MANAGER = "team-manager"
    PRACTITIONER = "practitioner"
    READER = "reader"
    INSPECTOR = "inspector"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.AUDITOR: "Auditor",
    Role.MODERATOR: "Moderator",
    Role.QA_LEAD: "QA lead",
    Role.ADMINISTRATOR: "Administrator",
    Role.TEAM_MANAGER: "Team manager",
    Role.PRACTITIONER: "Practitioner",
    Role.READER: "Reader",
    Role.INSPECTOR: "Inspector",
    Role.SYSTEM: "Caseloop itself",
}


class Scope(Frozen):
    """How far a role reaches: the whole council, one service, or one team (by its code)."""

    kind: Literal["council", "service", "team"] = "council"
    code: str | None = None

    @model_validator(mode="after")
    def _code_fits_kind(self) -> Scope:
        if (self.kind == "council") != (self.code is None):
            raise ValueError("a service or team scope needs its code; the council scope has none")
        return self

    @classmethod
    def of(cls, key: str) -> Scope:
        """The scope that is told so. Raises ValueError for none."""
        kind, _, code = key.partition(":")
        return cls.model_validate({"kind": kind, "code": code or None})

    @property
    def key(self) -> str:
        """As one text: ``council``, ``service:CODE`` or ``team:CODE``."""
        return self.kind if self.code is None else f"{self.kind}:{self.code}"

    def covers(self, *, service: str | None, team: str | None) -> bool:
        if self.kind == "council":
            return True
        return self.code == (service if self.kind == "service" else team)


class Grant(Frozen):
    """A role with its reach and its dates (`until` is the last day; None = open)."""

    role: Role
    scope: Scope = Scope()
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class KeptTo:
    """What an inspector's room is about, where that is less than its part of the council: these
    audits (None: any), and of them those that were made with these tools (none named: any)."""

    audits: frozenset[str] | None = None
    tools: frozenset[str] = frozenset()

    def holds(self, audit: str | None, tool: str | None) -> bool:
        """Whether an audit, or what belongs to it, is in the room. What is of none is not."""
        listed = bool(audit) if self.audits is None else audit in self.audits
        return listed and (not self.tools or tool in self.tools)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a person, the grants that hold today, and their own team.

    `pin` is the last position of the log that they may see anything of; None sees all of it.
    `stands_for` are the people whose deputy they are today; `closed` are the children (by the key
    of their reference) whose records are restricted to others. `kept_to` is what they read of the
    part of the council that their grants cover; None is all of it. `name` is what they are called.
    """

    person: str
    grants: tuple[Grant, ...] = ()
    team: str | None = None
    service: str | None = None
    pin: int | None = None
    stands_for: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    kept_to: KeptTo | None = None
    name: str = field(default="", compare=False)

    @property
    def display_name(self) -> str:
        """What they are called; the operator, who has no name, by the id."""
        return self.name or self.person

    def has(self, role: Role) -> bool:
        return any(grant.role is role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Resource:
    """What the policy needs to know of a record. The default is the council as a whole: no grant
    over a part of it reaches what names no part.

    `somewhere` asks of no record at all, but whether there is any place where it is allowed.
    `person` is whose work it is, `line` their managers and `contributors` who helps them.
    `case_holder` holds the case that was audited; to them the audit is `released` or not.
    `child` is the key of the reference of the child whom the record is about, `audit` the audit
    that it is or belongs to, and `tool` what that was made with.
    """

    service: str | None = None
    team: str | None = None
    auditor: str | None = None
    began_by: frozenset[str] = frozenset()
    moderators: frozenset[str] = frozenset()
    deciders: frozenset[str] = frozenset()
    blind_for: frozenset[str] = frozenset()
    submitted: bool = False
    person: str | None = None
    line: frozenset[str] = frozenset()
    contributors: frozenset[str] = frozenset()
    case_holder: str | None = None
    released: bool = False
    somewhere: bool = False
    child: str | None = None
    audit: str | None = None
    tool: str | None = None


SOMEWHERE = Resource(somewhere=True)


def part_of_council(
    scope: Scope, services: Mapping[str, str], person: str | None = None
) -> Resource:
    """What covers a scope, as the policy table sees it; `services` has the service of each team."""
    team = scope.code if scope.kind == "team" else None
    service = scope.code if scope.kind == "service" else services.get(team or "")
    return Resource(service=service, team=team, person=person)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which audits a reader's lists, reports and searches may hold: the same rules as `can`.

    `everything` opens all submitted and unsubmitted audits; otherwise services and teams open
    theirs (`…_submitted` those that are submitted). `own` says as whom they read audits by name;
    audits of their own cases are no part of it: those have a list of their own. `moderates` says
    that they may be asked to moderate, `answers` that they may own actions. Nothing opens what is
    about a child in `closed`, or what `kept_to` does not hold.
    """

    person: str
    moderates: bool = False
    answers: bool = True
    own: frozenset[str] = frozenset({"auditor", "moderator", "decider"})
    everything: bool = False
    everything_submitted: bool = False
    services: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    services_submitted: frozenset[str] = frozenset()
    teams_submitted: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    kept_to: KeptTo | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it holds every submitted audit of the council but those of children in `closed`:
        what is listed of the council as a whole is for such readers."""
        return self.kept_to is None and (self.everything or self.everything_submitted)


class ScalePoint(Frozen):
    """One point of a scale. Rank 1 is best; "not applicable" has none."""

    code: str = Field(pattern=CODE)
    label: str = Field(min_length=1, max_length=80)
    rank: int | None = Field(default=None, ge=1, le=100)
    short: str = Field(default="", max_length=4)
    meaning: str = Field(default="", max_length=2000)
    colour: Literal["green", "turquoise", "blue", "yellow", "orange", "red", "grey"] = "grey"


class Scale(Frozen):
    """An ordered set of points with a version. Grades are only ever compared within one version.

    `met_rank` is the worst rank that still counts as good ("good or better").
    """

    id: str = Field(pattern=CODE)
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=120)
    points: tuple[ScalePoint, ...] = Field(min_length=2)
    met_rank: int | None = None

    @model_validator(mode="after")
    def _points_differ(self) -> Scale:
        codes = [point.code for point in self.points]
        ranks = [point.rank for point in self.points if point.rank is not None]
        if len(set(codes)) != len(codes):
            raise ValueError("two points of the scale share a code")
        if len(ranks) < 2 or ranks != sorted(set(ranks)):
            raise ValueError("the ranked points go from best (rank 1) to worst, each rank once")
        return self

    @property
    def key(self) -> str:
        return f"{self.id}@{self.version}"

    def point(self, code: str) -> ScalePoint | None:
        for point in self.points:
            if point.code == code:
                return point
        return None

    def rank(self, code: str) -> int | None:
        """The rank of a grade, or None where the point has none or is unknown."""
        point = self.point(code)
        return None if point is None else point.rank

    def label(self, code: str | None) -> str:
        point = None if code is None else self.point(code)
        return code or "" if point is None else point.label


class NoOverallGrade(Scale):
    """Stands where a tool grades domains only: it has no point, so no grade is one of its."""

    def label(self, code: str | None) -> str:
        return "" if code is None else self.name


NO_OVERALL_GRADE = NoOverallGrade.model_construct(
    id="no-overall-grade", version=1, name="No overall grade", points=(), met_rank=None
)


def rounded(value: Fraction | Decimal | int, places: int = 0) -> Decimal:
    """Round halves away from zero, on the exact number: 3.25 → 3.3, 2.5 → 3, −2.5 → −3."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    # In whole numbers: a page rounds thousands of figures, and fractions are slow to multiply.
    above, below = value.numerator * 10**places, value.denominator
    whole, rest = divmod(abs(above), below)
    if 2 * rest >= below:
        whole += 1
    return Decimal(whole if above >= 0 else -whole).scaleb(-places)


class AuditStatus(StrEnum):
    """Where a case audit stands; always derived from its events, never typed in."""

    ALLOCATED = "allocated"
    IN_PROGRESS = "in-progress"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    MODERATION_DUE = "moderation-due"
    NOT_SELECTED = "not-selected"
    DIFFERS = "differs"
    DISPUTED = "disputed"
    FINALISED = "finalised"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"

    @property
    def label(self) -> str:
        return _AUDIT_STATUS_LABELS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def counts(self) -> bool:
        """Whether the audit is submitted and stands, so that figures count it."""
        return self in _COUNTED


_AUDIT_STATUS_LABELS = {
    AuditStatus.MODERATION_DUE: "To be moderated",
    AuditStatus.NOT_SELECTED: "Not selected for moderation",
    AuditStatus.DIFFERS: "Auditor and moderator differ",
    AuditStatus.VOIDED: "Cancelled (entered in error)",
}
_COUNTED = frozenset(
    {
        AuditStatus.SUBMITTED,
        AuditStatus.MODERATION_DUE,
        AuditStatus.NOT_SELECTED,
        AuditStatus.DIFFERS,
        AuditStatus.DISPUTED,
        AuditStatus.FINALISED,
    }
)


class ModerationStatus(StrEnum):
    """Where a moderation stands; agreed and differs are computed from the two judgements."""

    SELECTED = "selected"
    ASSIGNED = "assigned"
    AGREED = "agreed"
    DIFFERS = "differs"
    CONSENSUS = "consensus"
    DISPUTED = "disputed"
    DECIDED = "decided"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"

    @property
    def completed(self) -> bool:
        """Whether the moderator's judgement is in and still stands."""
        return self in _COMPLETED

    @property
    def open(self) -> bool:
        return self in (ModerationStatus.SELECTED, ModerationStatus.ASSIGNED)


_COMPLETED = frozenset(
    {
        ModerationStatus.AGREED,
        ModerationStatus.DIFFERS,
        ModerationStatus.CONSENSUS,
        ModerationStatus.DISPUTED,
        ModerationStatus.DECIDED,
    }
)
