"""The register of published reports, with what was said beside each and how it was restated."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.publishing.tables import published_row, published_said
from qa.core.clock import from_microseconds
from qa.publishing.events import ReportAsked


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
