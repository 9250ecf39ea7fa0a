"""The rows that the figures on grades and moderation are counted from.

One row an audit, with everything it can be grouped by, and one row a graded domain. Dates are ISO
text, so that they sort alike on both databases and their first seven characters are the month; a
`…_day` is the same date as a whole number (the proleptic Gregorian ordinal), so that the days
between two can be counted in the database.

`counted` is 1 while the audit is submitted and standing; `state` says why where it is not.
`moderator` is named from the assignment on; `moderated_overall` is there only once the moderation
is complete, and goes again when it is cancelled or superseded. `blind` is 1 where the moderator
had not been shown the auditor's judgement, 0 where they had, and unknown for imported rows.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Index

from projections.core.typed_rows import ReadTable
from projections.figures.joined_people import JoinedPeople


class AgreementAuditRow(NamedTuple):
    """An audit with everything it can be grouped by."""

    audit: str
    reference: str
    child_key: str
    team: str
    team_name: str
    service: str
    service_name: str
    tool: str
    tool_version: int
    auditor: str
    imported: int
    counted: int
    state: str
    allocated_on: str | None = None
    audit_date: str | None = None
    submitted_on: str | None = None
    submitted_day: int | None = None
    overall: str | None = None
    final_grade: str | None = None
    moderation: str | None = None
    moderator: str | None = None
    decider: str | None = None
    blind: int | None = None
    moderated_on: str | None = None
    moderated_day: int | None = None
    moderated_overall: str | None = None
    dispute: str | None = None


AGREEMENT_AUDITS = ReadTable(
    AgreementAuditRow,
    "agreement_audit",
    key=("audit",),
    indexes=(("moderated_on",), ("submitted_on",)),
    long_rows=True,
    by_key=True,
    sparse=("moderated_on",),
)
agreement_audit = AGREEMENT_AUDITS.table

# Holds all that a report without cuts looks at, so that it is answered without going to the rows:
# about a third of the time, and the more so the larger the period.
Index(
    "agreement_audit_counting",
    *(
        agreement_audit.c[name]
        for name in (
            "audit_date",
            "valid_to",
            "valid_from",
            "counted",
            "tool",
            "tool_version",
            "overall",
            "moderated_overall",
            "blind",
            "dispute",
            "moderated_day",
            "submitted_day",
        )
    ),
)


class AgreementDomainRow(NamedTuple):
    """A graded domain. `disputed` is 1 where the last dispute of the audit names it, not only the
    overall grade. `final_grade` is there once it counts, where the tool has no overall grade;
    `grade` is empty where only the moderator graded the domain, whose grade is final."""

    audit: str
    domain: str
    grade: str
    moderated_grade: str | None = None
    disputed: int | None = None
    final_grade: str | None = None


AGREEMENT_DOMAINS = ReadTable(
    AgreementDomainRow, "agreement_domain", key=("audit", "domain"), by_key=True
)
agreement_domain = AGREEMENT_DOMAINS.table

JOINED_PEOPLE = JoinedPeople("agreement_joined_person")
