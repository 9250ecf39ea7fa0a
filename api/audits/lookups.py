"""What commands ask across streams about case audits, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.engine import Connection

from projections.audits import accesses, child_queries, queries


def audits_submitted_by(connection: Connection, auditor: str, at_most: int) -> int:
    return queries.submitted_by(connection, auditor, at_most)


def unsubmitted_audits_of(connection: Connection, team: str) -> Sequence[str]:
    return queries.unsubmitted_of(connection, team)


def recent_audit_of(connection: Connection, child: str, since: date) -> str | None:
    return child_queries.recent_of_child(connection, child, since)


def audit_with_reference(connection: Connection, reference: str) -> str | None:
    return queries.by_reference(connection, reference)


def children_in_use(connection: Connection, references: Collection[str]) -> Collection[str]:
    return child_queries.children_among(connection, references)


def child_as_typed(connection: Connection, child: str) -> str:
    return child_queries.child_as_typed(connection, child)


def parts_of_child(connection: Connection, child: str) -> Sequence[tuple[str, str]]:
    return accesses.parts_of_child(connection, child)


LOOKUPS = (
    audits_submitted_by,
    unsubmitted_audits_of,
    recent_audit_of,
    audit_with_reference,
    children_in_use,
    child_as_typed,
    parts_of_child,
)
