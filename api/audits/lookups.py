"""What commands ask across streams about case audits, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.engine import Connection

from projections.audits import accesses, child_queries, kept_queries, queries


def audits_with_references(connection: Connection, references: Collection[str]) -> dict[str, str]:
    found = queries.by_references(connection, references)
    return {reference: row.audit for reference, row in found.items()}


LOOKUPS: Mapping[str, Callable[..., object]] = {
    "audits_submitted_by": queries.submitted_by,
    "unsubmitted_audits_of": queries.unsubmitted_of,
    "recent_audit_of": child_queries.recent_of_child,
    "audit_with_reference": queries.by_reference,
    "audits_with_references": audits_with_references,
    "cases_called": kept_queries.cases_called,
    "children_in_use": child_queries.children_among,
    "child_as_typed": child_queries.child_as_typed,
    "children_as_typed": child_queries.children_as_typed,
    "same_child": child_queries.same_child,
    "parts_of_child": accesses.parts_of_child,
}
