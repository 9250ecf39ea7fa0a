"""The register of published reports, with what was said beside each and how it was restated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Note, Put, as_at, journal_table, versioned_table
from qa.core.clock import from_microseconds, microseconds
from qa.core.fact import Recorded
from qa.publishing import events as facts
from qa.publishing.events import ReportAsked

published_row = versioned_table(
    "published_row",
    Column("published", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("as_at", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("told_at", BigInteger, nullable=False),
    Column("withdrawn_because", Text),
    key=("published",),
    indexes=(("published_us",),),
)
"""`told_at` is the position up to which readers were told how the figures changed."""

published_said = journal_table(
    "published_said",
    Column("published", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("upto", BigInteger),
    Column("figures", Integer),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    indexes=(("published", "position"),),
)
"""Commentaries (kind ``commentary``) and restatements (``restatement``), as they were said."""


class Published:
    """Projects the facts of published reports."""

    name = "published"
    version = 1
    tables = (published_row, published_said)
    by_stream = True
    handles = (
        facts.ReportPublished,
        facts.ReportCommented,
        facts.ReportRestated,
        facts.ReportWithdrawn,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        published, fact = recorded.stream.partition(":")[2], recorded.fact
        version = {"stream_version": recorded.version}
        match fact:
            case facts.ReportPublished():
                row = {
                    **version,
                    "published": published,
                    "title": fact.title,
                    "asked": fact.asked.model_dump_json(),
                    "position": fact.position,
                    "as_at": fact.as_at.isoformat(),
                    "sha256": fact.sha256,
                    "by": recorded.meta.by,
                    "published_us": microseconds(recorded.recorded_at),
                    "told_at": fact.position,
                }
                said = _said(recorded, "commentary", fact.commentary)
                return [Put(published_row, row), *(said if fact.commentary else ())]
            case facts.ReportCommented():
                said = _said(recorded, "commentary", fact.commentary)
            case facts.ReportRestated():
                version["told_at"] = fact.upto
                said = _said(recorded, "restatement", fact.note, fact.upto, fact.figures)
            case facts.ReportWithdrawn():
                values = {**version, "withdrawn_because": recorded.meta.reason}
                return [Amend(published_row, (published,), values)]
            case _:
                return ()
        return [*said, Amend(published_row, (published,), version)]


def _said(
    recorded: Recorded[Any],
    kind: str,
    said: str,
    upto: int | None = None,
    figures: int | None = None,
) -> list[Change]:
    row = {
        "published": recorded.stream.partition(":")[2],
        "kind": kind,
        "said": said,
        "upto": upto,
        "figures": figures,
        "by": recorded.meta.by,
        "recorded_us": microseconds(recorded.recorded_at),
    }
    return [Note(published_said, row)]


def _read(row: Any) -> dict[str, Any]:
    return {
        **row._mapping,
        "asked": ReportAsked.model_validate_json(row.asked),
        "as_at": date.fromisoformat(row.as_at),
        "published_at": from_microseconds(row.published_us),
    }


def register(
    connection: Connection,
    *,
    position: int | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Published reports, the latest first, published before the instant `before` (microseconds)."""
    query = select(published_row).where(as_at(published_row, position))
    if before is not None:
        query = query.where(published_row.c.published_us < before)
    ordered = query.order_by(published_row.c.published_us.desc(), published_row.c.published)
    return [_read(row) for row in connection.execute(ordered.limit(limit))]


def report(
    connection: Connection, published: str, *, position: int | None = None
) -> dict[str, Any] | None:
    """One published report, or None."""
    query = select(published_row).where(
        published_row.c.published == published, as_at(published_row, position)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def restatements(
    connection: Connection, after_us: int, before_us: int, *, position: int | None = None
) -> list[dict[str, Any]]:
    """Every restatement told from one instant to before another, the earliest first, with the
    title of its report."""
    query = (
        select(published_said, published_row.c.title)
        .join(published_row, published_row.c.published == published_said.c.published)
        .where(
            published_said.c.kind == "restatement",
            published_said.c.recorded_us >= after_us,
            published_said.c.recorded_us < before_us,
            as_at(published_said, position),
            as_at(published_row, position),
        )
        .order_by(published_said.c.position, published_said.c.line)
    )
    return [
        {**row._mapping, "at": from_microseconds(row.recorded_us)}
        for row in connection.execute(query)
    ]


def said(
    connection: Connection, published: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """Commentaries and restatements of a report, the earliest first."""
    query = select(published_said).where(
        published_said.c.published == published, as_at(published_said, position)
    )
    ordered = query.order_by(published_said.c.position, published_said.c.line)
    return [
        {**row._mapping, "at": from_microseconds(row.recorded_us)}
        for row in connection.execute(ordered)
    ]
