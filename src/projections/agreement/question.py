"""What a report on grades is asked: the period, how it is cut, and which date decides.

A `Question` is shared by a report and by the list of audits behind any of its figures, so that the
two cannot come apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal, cast
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, or_

from projections.agreement.tables import agreement_audit, agreement_domain
from projections.core.reach import within_reach
from projections.figures.ranges import RangeQuestion, cut_faults
from qa.core.errors import Fault, refuse_any
from qa.core.one_of import one_of
from qa.core.words import Reach

Cohort = Literal["audit", "moderation", "submitted", "allocated"]

_AUDIT, _DOMAIN = agreement_audit.c, agreement_domain.c


@dataclass(frozen=True, slots=True)
class CohortRule:
    """Which date puts an audit, and which its moderation, in a period; and the sentence for it."""

    audits_by: str
    moderations_by: str
    sentence: str


COHORTS: Mapping[str, CohortRule] = {
    "audit": CohortRule(
        "audit_date",
        "audit_date",
        "Audits count by the date of the audit. A moderation counts in the period of the audit it "
        "moderates.",
    ),
    "moderation": CohortRule(
        "audit_date",
        "moderated_on",
        "Audits count by the date of the audit, moderations by the date of the moderation, so the "
        "two are not of the same audits.",
    ),
    "submitted": CohortRule(
        "submitted_on",
        "submitted_on",
        "Audits, and the moderations of them, count by the day the audit was submitted.",
    ),
    "allocated": CohortRule(
        "allocated_on",
        "allocated_on",
        "Audits, and the moderations of them, count by the day the audit was allocated.",
    ),
}

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "team": ("team",),
    "service": ("service",),
    "tool": ("tool",),
    "tool-version": ("tool", "tool_version"),
    "domain": ("domain",),
    "area": ("area",),
    "auditor": ("auditor",),
    "moderator": ("moderator",),
}
"""What a report can be cut by, with the columns of the rows that make the cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementQuestion(RangeQuestion):
    """Everything asked of a report but the reader and the date it is seen from.

    `start` and `end` are both inclusive. `blind` keeps only moderations that were truly blind
    (True) or were not (False); None keeps all. `filters` holds the wanted values of a dimension
    (a tool version is written ``tool@3``).

    Raises `Refused` with every fault.
    """

    dimensions: tuple[str, ...] = ()
    cohort: Cohort = "audit"
    blind: bool | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = self.range_faults() + cut_faults(self.dimensions, self.filters, DIMENSIONS)
        if self.cohort not in COHORTS:
            known = ", ".join(COHORTS)
            sentence = f"There is no cohort rule “{self.cohort}”. Choose one of: {known}."
            faults.append(Fault("cohort", "unknown-cohort", sentence))
        for value in self.filters.get("tool-version", ()):
            if not value.rpartition("@")[2].isdecimal() or "@" not in value:
                sentence = f"“{value}” is not a version of a tool. Write it like whole-case-file@2."
                faults.append(Fault("filter", "unknown-tool-version", sentence))
        refuse_any(faults)

    @property
    def rule(self) -> CohortRule:
        return COHORTS[self.cohort]

    @property
    def by_domain(self) -> bool:
        """Whether domain grades are looked at instead of overall grades."""
        return bool({"domain", "area"} & {*self.dimensions, *self.filters})

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that make a group within a period. Domains are added together only where
        they are of one judgement area."""
        area = "area" in self.dimensions or "area" in self.filters
        cuts = self.dimensions
        if self.by_domain:
            cuts = (*cuts, "area" if area and "domain" not in cuts else "domain")
        return _columns(cuts)

    def of_row(self, group: Mapping[str, Any], first: date, last: date) -> AgreementQuestion:
        """The question narrowed to what one row of its report counts: its days, and the values of
        its keys."""
        one = {key: str(group[key]) for key in self.keys if group.get(key) is not None}
        version = one.pop("tool_version", None)
        if version is not None and "tool" in one:
            one["tool-version"] = f"{one['tool']}@{version}"
        filters = {**self.filters, **{key: (value,) for key, value in one.items()}}
        return replace(self, start=first, end=last, filters=filters)

    def query(self, group: Mapping[str, Any] | None = None, **more: str) -> str:
        """The query string that asks for the rows of one group again."""
        pairs: list[tuple[str, str]] = [("by", self.by.value), ("cohort", self.cohort)]
        given = group or {"from": self.start.isoformat(), "to": self.end.isoformat()}
        pairs += [("from", str(given["from"])), ("to", str(given["to"]))]
        if self.blind is not None:
            pairs.append(("blind", "yes" if self.blind else "no"))
        pairs += [
            (name, value) for name, values in sorted(self.filters.items()) for value in values
        ]
        pairs += [(key, str(given[key])) for key in self.keys if given.get(key) is not None]
        return urlencode([*pairs, *more.items()])


@lru_cache(maxsize=256)
def _columns(cuts: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of these cuts, each once: a page asks for every row what cuts it."""
    return tuple(dict.fromkeys(column for name in cuts for column in DIMENSIONS[name]))


def rows_behind(group_query: str, figure: str) -> str:
    """The query string of the rows behind a figure, from that of its group."""
    return f"{group_query}&{_asking_for(figure)}"


@lru_cache(maxsize=4096)
def _asking_for(figure: str) -> str:
    """The same of every row: a profile by domain has thousands of figures, of a few hundred
    names."""
    return urlencode({"figure": figure})


def column(name: str) -> ColumnElement[Any]:
    """The column of a group key; a judgement area is told from the domain."""
    domain = name in ("domain", "area")
    return cast("ColumnElement[Any]", _DOMAIN.domain if domain else agreement_audit.c[name])


def in_range(name: str, first: date, last: date) -> ColumnElement[bool]:
    return and_(
        agreement_audit.c[name] >= first.isoformat(), agreement_audit.c[name] <= last.isoformat()
    )


def filtered(question: AgreementQuestion, *, moderations: bool) -> list[ColumnElement[bool]]:
    """The filters as conditions.

    Who moderated narrows the moderations only: the audits that they might have moderated are
    those of everybody.
    """
    found: list[ColumnElement[bool]] = []
    for name, values in question.filters.items():
        if name == "area" or (name == "moderator" and not moderations):
            continue
        if name == "tool-version":
            pairs = [value.rpartition("@")[::2] for value in values]
            found.append(
                or_(
                    *(
                        and_(_AUDIT.tool == tool, _AUDIT.tool_version == int(number))
                        for tool, number in pairs
                    )
                )
            )
        else:
            found.append(one_of(column(DIMENSIONS[name][0]), values))
    return found


def moderated(question: AgreementQuestion) -> list[ColumnElement[bool]]:
    """The conditions for a completed moderation, blind or open as asked."""
    found: list[ColumnElement[bool]] = [_AUDIT.moderated_overall.is_not(None)]
    if question.by_domain:
        found.append(_DOMAIN.moderated_grade.is_not(None))
    if question.blind is not None:
        found.append(_AUDIT.blind == int(question.blind))
    return found


def grades(question: AgreementQuestion) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The auditor's and the moderator's grade that are compared."""
    if question.by_domain:
        return _DOMAIN.grade, _DOMAIN.moderated_grade
    return _AUDIT.overall, _AUDIT.moderated_overall


@dataclass(frozen=True, slots=True)
class FigureLimits:
    """What figures leave out for a reader: the audits `sealed` from them, and for an inspector
    whatever is not `within` their room. Where a single figure is opened it is the `only` one."""

    sealed: frozenset[str] = frozenset()
    within: Reach | None = None
    only: str = ""


EVERY_AUDIT = FigureLimits()


def counted_for(limits: FigureLimits) -> list[ColumnElement[bool]]:
    """What is counted, as conditions."""
    found: list[ColumnElement[bool]] = []
    if limits.sealed:
        found.append(~one_of(_AUDIT.audit, limits.sealed))
    if limits.within is not None:
        found.append(within_reach(limits.within, agreement_audit))
    return found
