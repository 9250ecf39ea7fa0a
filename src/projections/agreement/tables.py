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

from sqlalchemy import Column, Index, Integer, Text

from projections.core.base import versioned_table

agreement_audit = versioned_table(
    "agreement_audit",
    Column("audit", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child_key", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("team_name", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("service_name", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("tool_version", Integer, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("imported", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("allocated_on", Text),
    Column("audit_date", Text),
    Column("submitted_on", Text),
    Column("submitted_day", Integer),
    Column("overall", Text),
    Column("final_grade", Text),
    Column("moderation", Text),
    Column("moderator", Text),
    Column("decider", Text),
    Column("blind", Integer),
    Column("moderated_on", Text),
    Column("moderated_day", Integer),
    Column("moderated_overall", Text),
    Column("dispute", Text),
    key=("audit",),
    indexes=(("moderated_on",), ("submitted_on",)),
)

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

agreement_domain = versioned_table(
    "agreement_domain",
    Column("audit", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("moderated_grade", Text),
    Column("disputed", Integer),
    key=("audit", "domain"),
)
"""`disputed` is 1 where the last dispute of the audit names the domain, not only the overall
grade."""
