"""A practitioner's view of the audits of their own cases: the one place that pages and API ask.

An audit is released to the holder of the case when its grade is final. Before that nobody learns of
it here; the tests of blindness hold for case holders as for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from api.web.access_notes import Look
from api.web.moments import AsAt
from projections.audits import queries as audit_queries
from projections.audits.tables import AuditRow
from projections.people import queries as people_queries
from projections.practitioners import queries as practitioner_queries
from projections.practitioners.tables import ResponseRow
from qa.authorisation.policy import reach


def released(look: Look) -> list[dict[str, Any]]:
    """The final audits of the reader's own cases, the newest first, each with its strengths and
    with how many of their disputes wait."""
    return with_strengths(look, own(look))


def own(look: Look) -> Sequence[AuditRow]:
    """The final audits of the reader's own cases, the newest first."""
    return audit_queries.released_to(look.connection, reach(look.actor), position=look.at.position)


def with_strengths(look: Look, rows: Iterable[AuditRow]) -> list[dict[str, Any]]:
    """These audits, each with its strengths and how many disputes of it wait."""
    connection, at = look.connection, look.at
    found = []
    for row in rows:
        remarks = practitioner_queries.of_audit(connection, row.audit, position=at.position)
        view = audit_queries.audit(connection, row.audit, position=at.position)
        content = None if view is None else view.content
        found.append(
            {
                **row._asdict(),
                "grades_final": row.grades_final,
                "strengths": [] if content is None else [one.text for one in content.strengths],
                "reflected": any(one.kind == "reflection" for one in remarks),
                "waiting": sum(one.kind == "dispute" and one.outcome is None for one in remarks),
            }
        )
    return found


def said_to(
    connection: Connection, audit: str, at: AsAt
) -> tuple[Sequence[ResponseRow], Mapping[str, str], int]:
    """What was said to an audit, the names of who said it, and the version of its stream."""
    rows = practitioner_queries.of_audit(connection, audit, position=at.position)
    mentioned = {row.person for row in rows} | {row.answered_by or "" for row in rows}
    names = people_queries.names(connection, mentioned - {""}, position=at.position)
    return rows, names, practitioner_queries.version_of(rows)
