"""What practitioners said to the audits of their own cases, and what was answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Put, as_at, versioned_table
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.practitioners import events as facts

response_row = versioned_table(
    "response_row",
    Column("audit", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("said_us", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("should_be", Text),
    Column("outcome", Text),
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_us", BigInteger),
    key=("audit", "entry"),
    open_indexes=(("kind", "outcome"),),
)
"""`kind` is "reflection" or "dispute"; `entry` is the dispute's id, or the reflection's version."""


class PractitionerResponses:
    """Projects the facts of practitioners' responses."""

    name = "practitioner_responses"
    version = 1
    tables = (response_row,)
    by_stream = True
    handles = (facts.PractitionerReflected, facts.FactDisputed, facts.FactDisputeAnswered)

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact = recorded.fact
        audit = recorded.stream.partition(":")[2]
        at = microseconds(recorded.recorded_at)
        said = {
            "audit": audit,
            "stream_version": recorded.version,
            "person": recorded.meta.by,
            "said_us": at,
        }
        match fact:
            case facts.PractitionerReflected():
                entry = {"entry": str(recorded.version), "kind": "reflection", "text": fact.text}
                return [Put(response_row, {**said, **entry})]
            case facts.FactDisputed():
                entry = {"entry": fact.dispute, "kind": "dispute", "text": fact.stated}
                return [Put(response_row, {**said, **entry, "should_be": fact.should_be})]
            case _:
                answered = {
                    "stream_version": recorded.version,
                    "outcome": fact.outcome,
                    "answer": fact.answer,
                    "answered_by": recorded.meta.by,
                    "answered_us": at,
                }
                return [Amend(response_row, (audit, fact.dispute), answered)]


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """What was said to an audit, in its order."""
    query = (
        select(response_row)
        .where(response_row.c.audit == audit, as_at(response_row, position))
        .order_by(response_row.c.said_us, response_row.c.entry)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def version_of(rows: Collection[dict[str, Any]]) -> int:
    """The version of the stream that these rows of one audit come from."""
    return max((row["stream_version"] for row in rows), default=0)


def waiting(connection: Connection, *, position: int | None = None) -> list[dict[str, Any]]:
    """The disputed facts that nobody has answered, the oldest first."""
    query = (
        select(response_row)
        .where(
            response_row.c.kind == "dispute",
            response_row.c.outcome.is_(None),
            as_at(response_row, position),
        )
        .order_by(response_row.c.said_us)
    )
    return [dict(row._mapping) for row in connection.execute(query)]
